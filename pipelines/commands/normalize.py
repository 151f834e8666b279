"""`machikane normalize`: texts in, their values with verdict and rule out, as CSV.

Belongs here: the command from one stream to the other, and what it tells people on the way. Must
not hold: the meaning of a value (`transforms.kinds`), the reading of CSV (`pipelines.value_table`).
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, BinaryIO

import polars as pl

from pipelines.value_table import CONTEXT, INPUT, read_parts
from transforms.contexts import find_unread
from transforms.kinds import KINDS, Setting, judge_kind
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OWN_COLUMNS = (INPUT, "value", "verdict", "rule")
STANDARD_INPUT = "-"
_JUDGED = "judged"


def normalize_file(name: str | None, file: Path | None, setting: Setting) -> None:
    """Normalise a file, or the standard input, to the standard output.

    Args:
        name: KIND.
        file: CSV in UTF-8; None or `-` for the standard input.
        setting: Policy and city.

    Raises:
        Refusal: If the kind is unknown or the file cannot be read; what stands before the place
            that cannot be read may have been written.
    """
    _require_kind(name)
    sink = sys.stdout.buffer
    if file is None or str(file) == STANDARD_INPUT:
        normalize_stream(str(name), sys.stdin.buffer, sink, setting=setting, where="標準入力")
    else:
        with _open(file) as source:
            normalize_stream(str(name), source, sink, setting=setting, where=str(file))
    sink.flush()


def say_on_stderr(remark: str) -> None:
    """Say something to the person who typed the command; the standard output is the CSV."""
    print(remark, file=sys.stderr)


def normalize_stream(
    name: str,
    source: BinaryIO,
    sink: BinaryIO,
    *,
    setting: Setting,
    where: str,
    tell: Callable[[str], None] = say_on_stderr,
) -> None:
    """Normalise CSV bytes to CSV bytes: one row out for every row in, in order.

    Args:
        name: KIND.
        source: CSV in UTF-8, see `read_parts`.
        sink: Takes `input,value,verdict,rule` and the parts of the kind.
        setting: Policy and city.
        where: Name of the source for messages.
        tell: Takes a remark for people, in Japanese.

    Raises:
        Refusal: If the bytes are no such CSV.
    """
    told: set[str] = set()
    before = 0
    for part, rows in enumerate(read_parts(source, where)):
        if CONTEXT in rows.columns:
            _tell_unread(rows[CONTEXT], name, told, before, tell)
        # Through a buffer: the sink itself then says when nobody reads on (head).
        answer = io.BytesIO()
        _judge(rows, name, setting).write_csv(answer, include_header=part == 0)
        sink.write(answer.getbuffer())
        before += rows.height


def city_code(given: str | None, register: Path | None) -> str:
    """Return the city of an address that names none: as given, else that of the register.

    Args:
        given: Code of a city, or None.
        register: Folder of the register, or None for the usual one.

    Raises:
        Refusal: If there is no such city.
    """
    from transforms.addresses.town_lists import read_towns  # noqa: PLC0415 - only here

    code = given or _read_city(register) or Setting().city
    try:
        return read_towns(code).code
    except ValueError:
        raise Refusal(
            "normalize.city",
            f"この番号の市区町村はありません: {code}",
            "--city" if given else "台帳の city.yaml",
            "全国地方公共団体コードを6桁で書いてください(豊中市は 272035)。",
        ) from None


def _read_city(register: Path | None) -> str | None:
    """Return the code in the register's `city.yaml`, None where there is no register."""
    # Only an address needs them, and they cost a quarter of the start.
    from assets.register import load_city  # noqa: PLC0415
    from pipelines.settings import register_root  # noqa: PLC0415

    root = register or register_root()
    return load_city(root).local_government_code if (root / "city.yaml").is_file() else None


def _require_kind(name: str | None) -> None:
    if name in KINDS:
        return
    raise Refusal(
        "normalize.kind",
        f"知らない種類です: {name}" if name else "そろえる値の種類(KIND)がありません。",
        "machikane normalize KIND",
        f"KIND に次のどれかを書いてください: {' '.join(KINDS)}",
    )


def _open(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError:
        raise Refusal(
            "normalize.file",
            "ファイルを開けません。",
            str(file),
            "ファイルの名前と場所、読む権限を確かめてください。",
        ) from None


def _judge(rows: pl.DataFrame, name: str, setting: Setting) -> pl.DataFrame:
    """Return the columns of the answer, all of them text, null where there is nothing to say."""
    given = CONTEXT in rows.columns and (rows[CONTEXT] != "").any()
    context = pl.col(CONTEXT) if given else None
    judged = judge_kind(pl.col(INPUT), name, context=context, setting=setting)
    frame = rows.lazy().select(INPUT, judged.alias(_JUDGED)).unnest(_JUDGED)
    return frame.select(*OWN_COLUMNS, *KINDS[name].parts).cast(pl.String).collect()


def _tell_unread(
    contexts: pl.Series, name: str, told: set[str], before: int, tell: Callable[[str], None]
) -> None:
    """Say once for every key that no function reads it; a text that is no key is not shown."""
    keys = KINDS[name].keys
    usable = f"使えるのは {' '.join(keys)}" if keys else f"{name} では context を使いません"
    for row, key in find_unread(contexts, keys):
        if key not in told:
            told.add(key)
            what = f"{key} は使いません" if key else "「名前=値」の形でないところは読みません"
            tell(f"context の{what}。場所: {before + row + 1}件目(から)。{usable}。")
