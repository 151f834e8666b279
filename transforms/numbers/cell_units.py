"""The unit a cell names, checked against the unit of its column.

Belongs here: by what a number counts once its unit is known. Must not hold: the reading of numbers.
"""

from functools import lru_cache
from typing import NamedTuple

from transforms.numbers.units import BASES, read_unit
from transforms.width import DASHES, fold_word

_DASH_TABLE = str.maketrans(dict.fromkeys(DASHES, "-"))


class Counted(NamedTuple):
    """How a number counts.

    Attributes:
        base: Base unit, empty where none is named.
        exponent: Power of ten from the number to the unit of the column.
        is_absolute: Whether the cell alone fixes the value: the column's multiplier does not apply.
        fault: Rule id when the unit does not fit the column.
    """

    base: str
    exponent: int = 0
    is_absolute: bool = False
    fault: str = ""


class CellUnits(NamedTuple):
    """Which units may follow a number.

    Attributes:
        declared: Unit of the column and its other spellings; None where any known unit may stand.
        multiplier: What a number without a unit is multiplied by.
        source_unit: Unit of numbers without a unit, 千円 when the multiplier is 1000.
    """

    declared: tuple[str, ...] | None
    multiplier: int = 1
    source_unit: str | None = None

    def usual_words(self) -> tuple[str, ...]:
        """Return the folded words that leave a number as it stands, longest first."""
        if self.declared is None:
            words = BASES
        elif self.multiplier == 1:
            words = self.declared
        else:
            words = (self.source_unit,) if self.source_unit else ()
        # A word that begins with a digit could not be told from the number.
        folded = {word for word in map(_fold, words) if not word[:1].isdecimal()}
        return tuple(sorted(folded, key=len, reverse=True))

    @lru_cache(maxsize=4096)  # noqa: B019 - the tuple is its own key and holds no resource
    def resolve(self, word: str, *, is_scaled: bool) -> Counted:
        """Say how a number followed by `word` counts.

        Args:
            word: Unit as written, empty for none.
            is_scaled: Whether the number names 千, 万, 億 itself: 3億円 says all there is to say.
        """
        if self.declared is None:
            unit = read_unit(word) if word else None
            if word and unit is None:
                return Counted("", fault="number.other_unit")
            base, exponent = unit or ("", 0)
            return Counted(base, exponent, is_absolute=is_scaled or exponent != 0)
        return self._compare(word, is_scaled=is_scaled)

    def _compare(self, word: str, *, is_scaled: bool) -> Counted:
        """Compare the unit of the cell with the declared one."""
        own = [unit for unit in map(read_unit, self.declared or ()) if unit]
        counts_in_thousands = self.multiplier != 1 or any(unit.exponent for unit in own)
        conflict = Counted("", fault="number.unit_conflict")
        if not word:
            return conflict if is_scaled and counts_in_thousands else Counted("")
        if _fold(word) in self.usual_words():
            return conflict if is_scaled and counts_in_thousands else Counted(word)
        cell = read_unit(word)
        fitting = [unit for unit in own if cell and unit.base == cell.base]
        if cell is None or not fitting:
            named = _fold(word) in map(_fold, self.declared or ())
            return conflict if named else Counted("", fault="number.other_unit")
        shift = cell.exponent - fitting[0].exponent
        agrees = is_scaled or self.multiplier in {1, 10 ** max(shift, 0)}
        return Counted(cell.base, shift, is_absolute=True) if agrees else conflict


def _fold(word: str) -> str:
    return fold_word(word).strip().translate(_DASH_TABLE)
