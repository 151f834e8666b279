"""Dirt in whole records: repeated, torn, shifted, and lines that are no records.

Some kinds change a record where it stands, some put another line into the file. Two signs, which no
text holds, stand for a separator too many and for fields that are missing; `writing.text_file`
writes them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from assets.contract import Contract

SEPARATOR_SIGN, MISSING_SIGN = "\ufdd0", "\ufdd1"
_DELIMITED = {"csv", "tsv"}
_IN_LINES = {*_DELIMITED, "workbook"}
_WORDS = {"text", "name", "address", "kana"}
# What stands in these columns cannot be taken for what stands in a column of another type.
_ANCHORS = {"date", "code", "postal_code", "phone"}
_MOST_MISSING = 3


@dataclass(frozen=True)
class Lines:
    """The records of a file before anything is put in.

    Attributes:
        text: file column → written values.
        typed: contract column → clean values, the same rows.
        headers: file column → last level of its header.
        contract: as it holds in the period.
    """

    text: pl.DataFrame
    typed: pl.DataFrame
    headers: dict[str, str]
    contract: Contract

    @property
    def delivered(self) -> list[str]:
        """The contract's columns that stand in the file, in its order."""
        return [name for name in self.text.columns if name in self.contract.columns]


@dataclass(frozen=True)
class Changed:
    """What a kind has made of chosen records.

    Attributes:
        rows: file columns → values of the changed or new records.
        of: number of the record each belongs to.
        is_new: whether they are put in behind these (else in their place).
        is_dirty: whether the records they belong to are at fault, too.
    """

    rows: pl.DataFrame
    of: np.ndarray
    is_new: bool
    is_dirty: bool = False


@dataclass(frozen=True)
class RecordKind:
    """One named kind of dirt in a record; `change` gets the chosen records' numbers."""

    id: str
    title: str
    fits: Callable[[Lines], bool]
    change: Callable[[Lines, np.ndarray, np.random.Generator], Changed]


def _has_key(lines: Lines) -> bool:
    return set(lines.contract.key) <= set(lines.delivered)


def _keyed(lines: Lines, chosen: np.ndarray) -> np.ndarray:
    """Leave out records whose key has a blank: they have no key that could be repeated."""
    keys = lines.typed.select(lines.contract.key)[chosen]
    whole = keys.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
    return chosen[whole.to_numpy()]


def _repeat(lines: Lines, chosen: np.ndarray, _rng: np.random.Generator) -> Changed:
    chosen = _keyed(lines, chosen)
    return Changed(lines.text[chosen], chosen, is_new=True)


def _others(lines: Lines) -> list[str]:
    return [name for name in lines.delivered if name not in lines.contract.key]


def _repeat_key(lines: Lines, chosen: np.ndarray, rng: np.random.Generator) -> Changed:
    """Give a record's key to a second one, whose other values are those of another record."""
    chosen = _keyed(lines, chosen)
    donors = rng.integers(0, lines.text.height, len(chosen))
    others = _others(lines)
    mine, theirs = (lines.typed.select(others)[rows] for rows in (chosen, donors))
    differs = pl.select(
        pl.any_horizontal(mine[name].ne_missing(theirs[name]) for name in others)
    ).to_series()
    chosen, donors = chosen[differs.to_numpy()], donors[differs.to_numpy()]
    beside = [name for name in lines.text.columns if name not in lines.contract.key]
    made = lines.text[chosen].with_columns(lines.text[donors].select(beside))
    return Changed(made, chosen, is_new=True, is_dirty=True)


def _widen(lines: Lines, chosen: np.ndarray, rng: np.random.Generator) -> Changed:
    """Leave a separator unquoted within one value."""
    words = [n for n in lines.delivered if lines.contract.columns[n].type in _WORDS]
    column = (words or lines.delivered)[int(rng.integers(0, len(words or lines.delivered)))]
    # What needs quotes anyway would be quoted, the separator with it.
    value = pl.col(column).fill_null("").str.replace_all(r"[\r\n\t\",]", "").str.strip_chars()
    torn = pl.concat_str(value, pl.lit(SEPARATOR_SIGN + "再"))
    return Changed(lines.text[chosen].with_columns(torn.alias(column)), chosen, is_new=False)


def _cut(lines: Lines, chosen: np.ndarray, rng: np.random.Generator) -> Changed:
    """Let the last fields of a record be missing, as when a system drops blanks at the end."""
    most = min(_MOST_MISSING, lines.text.width - 1)
    lost = lines.text.columns[-int(rng.integers(1, most, endpoint=True)) :]
    made = lines.text[chosen].with_columns(pl.lit(MISSING_SIGN).alias(name) for name in lost)
    return Changed(made, chosen, is_new=False)


def _first_shifted(lines: Lines) -> int | None:
    """Find from where a shift shows: at or before a required column unlike its neighbour."""
    columns, names = lines.contract.columns, lines.delivered
    start = max((names.index(n) + 1 for n in lines.contract.key if n in names), default=0)
    for at in range(start, len(names) - 1):
        this, following = columns[names[at]], columns[names[at + 1]]
        if this.required and this.type in _ANCHORS and this.type != following.type:
            return start
    return None


def _shift(lines: Lines, chosen: np.ndarray, _rng: np.random.Generator) -> Changed:
    """Lose one field of a record: those behind it move to the left, and the last is blank."""
    start = _first_shifted(lines) or 0
    names, part = lines.delivered, lines.text[chosen]
    moved = [part[names[at + 1]].alias(names[at]) for at in range(start, len(names) - 1)]
    made = part.with_columns(*moved, pl.lit("").alias(names[-1]))
    return Changed(made, chosen, is_new=False)


def _can_show_header(lines: Lines) -> bool:
    types = {column.type for column in lines.contract.columns.values()}
    return lines.contract.source.format in _IN_LINES and bool(types - {"text", "name"})


def _repeat_header(lines: Lines, chosen: np.ndarray, _rng: np.random.Generator) -> Changed:
    """Put the header in once more, as when two printed pages are joined."""
    made = lines.text[chosen].with_columns(
        pl.lit(header).alias(name) for name, header in lines.headers.items()
    )
    return Changed(made, chosen, is_new=True)


def _has_no_total(lines: Lines) -> bool:
    """A total that the contract sets aside is no fault."""
    expected = {rule.reason for rule in lines.contract.source.set_aside_rows}
    columns = lines.contract.columns
    # A sum fills whole numbers, and any words can be a name: the rest of the line must give it away.
    bare = [n for n in lines.delivered[1:] if columns[n].required and columns[n].type != "integer"]
    is_strict = columns[lines.delivered[0]].type not in _WORDS
    is_text = lines.contract.source.format in _IN_LINES
    return is_text and not expected & {"合計", "小計"} and (is_strict or bool(bare))


def _add_total(lines: Lines, chosen: np.ndarray, _rng: np.random.Generator) -> Changed:
    """Put in a line that says 合計, and the sums of the whole numbers."""
    names = lines.text.columns
    sums = {
        name: str(lines.typed[name].sum())
        for name in lines.delivered
        if lines.contract.columns[name].type == "integer"
    }
    values = {**dict.fromkeys(names, ""), **sums, names[0]: "合計"}
    made = lines.text[chosen].with_columns(pl.lit(v).alias(n) for n, v in values.items())
    return Changed(made, chosen, is_new=True)


def _is_delimited(lines: Lines) -> bool:
    return lines.contract.source.format in _DELIMITED and lines.text.width > 1


RECORD_KINDS = (
    RecordKind("duplicate_key", "同じキーで中身の違う行", lambda lines: _has_key(lines) and bool(_others(lines)), _repeat_key),
    RecordKind("identical_row", "まったく同じ行が2つ", _has_key, _repeat),
    RecordKind("too_many_fields", "列が多い行(区切り文字の混入)", _is_delimited, _widen),
    RecordKind("too_few_fields", "列が足りない行", _is_delimited, _cut),
    RecordKind(
        "shifted_columns",
        "列のずれた行",
        lambda lines: lines.contract.source.format in _IN_LINES
        and _first_shifted(lines) is not None,
        _shift,
    ),
    RecordKind("repeated_header", "データの中の見出し", _can_show_header, _repeat_header),
    RecordKind("total_line", "データの中の合計行", _has_no_total, _add_total),
)  # fmt: skip
