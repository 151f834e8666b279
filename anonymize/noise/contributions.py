"""How much one person may contribute, enforced on the rows before anything is counted.

Belongs here: at most c cells a person, clipping of numbers, the declared domain of cells. Must not
hold: noise. Without these bounds the sensitivity that a mechanism is given would be a hope.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.keyed_hash import hash_column, require_key

_CELL = "_cell"


def index_cells(frame: pl.DataFrame, domain: Mapping[str, Sequence[str]]) -> pl.Series:
    """Number each row's cell in the cross product of the declared values, last column fastest.

    The cells must be declared, not read off the data: a cell that is listed only because somebody
    is in it tells that somebody is.

    Args:
        frame: Has the columns of `domain`, as text.
        domain: Column to all values it may have.

    Returns:
        Int64, from 0 to the product of the sizes - 1.

    Raises:
        ValueError: Missing column, empty or repeated values, a value outside the domain or null
            (column and number of rows are named, never the value).
    """
    require_columns(frame.columns, list(domain), "引数 domain")
    index = pl.Series(_CELL, [0], pl.Int64).new_from_index(0, frame.height)
    for name, values in domain.items():
        if not values or len(set(values)) != len(values):
            raise complaint(
                "区分の一覧が空か、同じ値が2回あります", f"列「{name}」", "一覧を直してください。"
            )
        codes = (
            frame[name]
            .cast(pl.String)
            .replace_strict(
                list(values), list(range(len(values))), default=None, return_dtype=pl.Int64
            )
        )
        if bad := codes.null_count():
            raise complaint(
                f"宣言した区分にない値か、空の値が {bad} 行あります",
                f"列「{name}」",
                "区分の一覧に足すか、元の値を区分に直してください。",
            )
        index = index * len(values) + codes
    return index.alias(_CELL)


def bound_cells(
    frame: pl.DataFrame, person: str, cells: Sequence[str], *, most: int, key: bytes
) -> pl.DataFrame:
    """Keep each person once a cell and in at most `most` cells, chosen by a keyed hash.

    Which cells stay depends on that person's rows alone, not on the order of the rows or on others;
    so one person more changes at most `most` counts, each by 1.

    Args:
        frame: Any number of rows a person.
        person: Column of the person, text or integer, never null.
        cells: Columns that make up a cell.
        most: Cells a person may be in, at least 1.
        key: At least 32 secret random bytes.

    Returns:
        `person` and `cells`, one row a person and cell.

    Raises:
        ValueError: Missing column, null person, bad bound, short key.
    """
    require_key(key)
    require_columns(frame.columns, [person, *cells], "引数 person・cells")
    require_persons(frame[person])
    if most < 1:
        raise complaint("1人あたりの上限が小さすぎます", "引数 most", "1以上の整数に。")
    distinct = frame.select(person, *cells).unique(maintain_order=True)
    crowded = distinct.filter(pl.len().over(person) > most)
    if crowded.is_empty():
        return distinct
    ranked = crowded.with_columns(_draw(crowded, key).alias("_draw"))
    kept = ranked.filter(pl.col("_draw").rank("ordinal").over(person) <= most).drop("_draw")
    return pl.concat([distinct.filter(pl.len().over(person) <= most), kept])


def clip(values: pl.Series, minimum: int, maximum: int) -> pl.Series:
    """Bring whole numbers into the declared range; null is refused, not guessed.

    Raises:
        ValueError: Not integer, null, or a minimum over the maximum.
    """
    if not values.dtype.is_integer() or values.null_count():
        raise complaint(
            "整数でない値か空の値があります",
            f"列「{values.name}」",
            "整数(円、分など小さな単位)にし、空の行を除いてください。",
        )
    if minimum >= maximum:
        raise complaint(
            "下限が上限以上です", "引数 minimum・maximum", "下限 < 上限にしてください。"
        )
    return values.clip(minimum, maximum).cast(pl.Int64)


def _draw(rows: pl.DataFrame, key: bytes) -> pl.Series:
    texts = rows.select(pl.struct(pl.all()).struct.json_encode()).to_series()
    return hash_column(texts, bytes.hex, key=key, purpose="contribution")


def require_persons(persons: pl.Series) -> None:
    """Raise unless every row names its person.

    Raises:
        ValueError: Null, or neither text nor integer.
    """
    if persons.null_count() or not (persons.dtype == pl.String or persons.dtype.is_integer()):
        raise complaint(
            "個人の列に空の値があるか、文字でも整数でもありません",
            f"列「{persons.name}」",
            "1人の寄与を数えられるよう、全行に仮名などの番号を入れてください。",
        )
