"""A CSV of values: the columns `input` and `context`, a part of the file at a time.

Belongs here: reading such a CSV, and what is said when it cannot be read. Must not hold: the
meaning of a value. No value of a row reaches a message.
"""

from __future__ import annotations

import csv
import io
import sys
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import polars as pl

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Iterator

INPUT, CONTEXT = "input", "context"
ROWS_AT_ONCE = 65_536


class Head(NamedTuple):
    """Where the two columns stand, and how many columns there are."""

    width: int
    input: int
    context: int | None


def read_parts(source: BinaryIO, where: str) -> Iterator[pl.DataFrame]:
    """Yield the rows as frames of `input`, and `context` where there is one; at least one frame.

    Python's reader is used because it is strict about quotes and keeps every character of a value,
    line breaks and NUL included.

    Args:
        source: CSV in UTF-8; a byte order mark is allowed, other columns are passed over.
        where: Name of the source for messages.

    Raises:
        Refusal: If the bytes are no such CSV.
    """
    text = io.TextIOWrapper(source, "utf-8-sig", newline="")
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(text, strict=True)
    try:
        head = _read_head(next(reader, []), where)
        yield from map(partial(_to_frame, head), _take_rows(reader, head, where))
    except UnicodeDecodeError:
        raise _refuse_encoding(where, reader.line_num) from None
    except csv.Error:
        raise _refuse_quotes(where, reader.line_num) from None
    finally:
        text.detach()


def _take_rows(reader: Reader, head: Head, where: str) -> Iterator[list[list[str]]]:
    """Yield lists of rows, the first also when it is empty.

    An empty line is an empty value where `input` is the only column, and no row elsewhere.
    """
    more = True
    while more:
        before = reader.line_num
        taken = list(islice(reader, ROWS_AT_ONCE))
        more = len(taken) == ROWS_AT_ONCE
        rows = [row or [""] for row in taken] if head.width == 1 else list(filter(None, taken))
        if any(len(row) <= head.input or any(row[head.width :]) for row in rows):
            raise _refuse_uneven(where, before + 1, reader.line_num)
        yield rows


def _to_frame(head: Head, rows: list[list[str]]) -> pl.DataFrame:
    columns = {INPUT: [row[head.input] for row in rows]}
    if (at := head.context) is not None:
        columns[CONTEXT] = [row[at] if len(row) > at else "" for row in rows]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _read_head(names: list[str], where: str) -> Head:
    """Return where the columns stand; there must be one `input` and at most one `context`."""
    if names.count(INPUT) == 1 and names.count(CONTEXT) <= 1:
        context = names.index(CONTEXT) if CONTEXT in names else None
        return Head(len(names), names.index(INPUT), context)
    name = CONTEXT if names.count(INPUT) == 1 else INPUT
    raise Refusal(
        "normalize.header",
        f"{name} の列が{'2つ以上あります' if name in names else 'ありません'}。",
        f"{where} 1行目",
        "1行目に、列の名前を半角の小文字で input または input,context と書いてください。",
    )


def _refuse_encoding(where: str, line: int) -> Refusal:
    return Refusal(
        "normalize.encoding",
        "UTF-8 として読めない文字があります。",
        f"{where} {line + 1}行目か、それより後",
        "UTF-8 で保存し直してください(machikane read ファイル --out 新しい名前.csv でも直せます)。",
    )


def _refuse_quotes(where: str, line: int) -> Refusal:
    return Refusal(
        "normalize.quotes",
        '引用符(")が閉じていないか、値の途中にあります。',
        f"{where} {line}行目まで",
        '引用符を含む値は全体を " で囲み、中の " を "" と重ねて書いてください。',
    )


def _refuse_uneven(where: str, first: int, last: int) -> Refusal:
    return Refusal(
        "normalize.uneven",
        "列の数が見出しと違う行があります。",
        f"{where} {first}〜{last}行目のどこか",
        'コンマを含む値は全体を " で囲んで書いてください。',
    )
