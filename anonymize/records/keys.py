"""Rows as integers: the values of all quasi-identifiers packed into one key.

Belongs here: looking values up in their hierarchies, packing and unpacking. Must not hold: counting
(`groups`).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.hierarchy.hierarchy import Hierarchy

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
_WORD = 2**62
_NAMED = 5


def as_text(name: str) -> pl.Expr:
    """A column as the hierarchies spell it: text, null as the empty text."""
    return pl.col(name).cast(pl.String).fill_null("")


def encode(frame: pl.DataFrame, hierarchies: Sequence[Hierarchy]) -> pl.DataFrame:
    """Pack the level-0 codes of each row into as few Int64 words as hold them."""
    names = [h.column for h in hierarchies]
    if not names or len(set(names)) < len(names):
        raise complaint(
            "準識別子が1列もないか、同じ列が2度指定されています",
            "準識別子の一覧",
            "1列以上を、それぞれ1度だけ指定してください。",
        )
    require_columns(frame.columns, names, "準識別子の一覧")
    codes = [value_codes(frame, hierarchy) for hierarchy in hierarchies]
    return pack(codes, [len(h.labels[0]) for h in hierarchies])


def value_codes(frame: pl.DataFrame, hierarchy: Hierarchy) -> Codes:
    """Look the values of a column up: per row the level-0 code, Int32.

    Raises:
        ValueError: A value is not in the hierarchy (named).
    """
    texts = frame.select(as_text(hierarchy.column)).to_series()
    found = texts.cast(pl.Enum(hierarchy.labels[0]), strict=False)
    if found.null_count():
        missing = texts.filter(found.is_null()).unique().sort()
        named = "、".join(f"「{text}」" if text else "(空欄)" for text in missing.head(_NAMED))
        more = f" ほか{len(missing) - _NAMED}種類" if len(missing) > _NAMED else ""
        raise complaint(
            f"階層にない値があります: {named}{more}",
            f"列「{hierarchy.column}」",
            "階層にその値の行を加えるか、表の値の書き方を階層に合わせてください。",
        )
    return found.to_physical().cast(pl.Int32).to_numpy()


def pack(codes: Sequence[Codes] | Codes, radices: Sequence[int]) -> pl.DataFrame:
    """Pack columns of codes (each below its radix) into words w0, w1, …; their order is kept."""
    columns = codes.T if isinstance(codes, np.ndarray) else codes
    words: list[Ints] = []
    room = 0
    for column, radix in zip(columns, radices, strict=True):
        if room * radix and room * radix <= _WORD:
            words[-1] = words[-1] * radix + column
            room *= radix
        else:
            words.append(column.astype(np.int64))
            room = max(radix, 1)
    return pl.DataFrame({f"w{i}": word for i, word in enumerate(words)})


def unpack(words: pl.DataFrame, radices: Sequence[int]) -> Codes:
    """Undo `_words`."""
    runs: list[list[int]] = []
    room = 0
    for place, radix in enumerate(radices):
        if room * radix and room * radix <= _WORD:
            runs[-1].append(place)
            room *= radix
        else:
            runs.append([place])
            room = max(radix, 1)
    codes = np.empty((words.height, len(radices)), np.int32, order="F")
    for run, name in zip(runs, words.columns, strict=True):
        rest = words[name].to_numpy()
        for place in reversed(run[1:]):
            rest, codes[:, place] = np.divmod(rest, radices[place])
        codes[:, run[0]] = rest
    return codes
