"""The library's registered users: residents as they wrote themselves, and people from elsewhere.

The library knows no resident number. Who is whom is the truth that a linkage is held against; the
slips are those of forms filled in by hand: another spelling of the name, an old address, a wrong day.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.city.names import SURNAMES, draw_given_name
from pipelines.city.people import draw_block, draw_day, draw_town, open_stream
from pipelines.city.spelling import spell_long, spell_short
from pipelines.city.text_files import save_text
from pipelines.city.truth import FileTruth

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

USERS = "図書館利用者_202605.csv"
DATASET = "library_users"

_SHARE, _STRANGER_SHARE = 0.2, 0.03
_PLAIN = {
    "髙": "高",
    "﨑": "崎",
    "濵": "浜",
    "德": "徳",
    "栁": "柳",
    "瀨": "瀬",
    "邊": "辺",
    "廣": "広",
    "齋": "斎",
}
_VOICED = {"ﾞ": "", "ｼﾞ": "ﾁﾞ", "ｵｵ": "ｵｳ", "ﾖｳ": "ﾖ", "ﾕｳ": "ﾕ"}
_MIDDLE = dt.date(1985, 1, 1)
_Row = dict[str, object]


def write_users(
    inbox: Path, seed: int, register: pl.DataFrame
) -> tuple[dict[str, FileTruth], dict[str, dict[str, str]]]:
    """Write the users of May.

    Args:
        inbox: Where.
        seed: Which city.
        register: The clean register of the month.

    Returns:
        The truth of the file, and user number → resident number of those who are residents.
    """
    stream = open_stream(seed, USERS)
    people = list(register.iter_rows(named=True))
    users = stream.sample(people, round(len(people) * _SHARE))
    rows = [_fill_in(stream, person) for person in users]
    strangers = [
        _draw_stranger(stream) for _ in range(max(3, round(len(people) * _STRANGER_SHARE)))
    ]
    order = stream.sample(range(len(rows) + len(strangers)), len(rows) + len(strangers))
    numbered = [
        {"利用者番号": f"L{place + 1:06}", **row}
        for place, row in zip(order, [*rows, *strangers], strict=True)
    ]
    same = {
        str(row["利用者番号"]): person["resident_id"]
        for row, person in zip(numbered, users, strict=False)
    }
    _save(inbox / USERS, pl.DataFrame(numbered).sort("利用者番号"))
    return {USERS: FileTruth(len(numbered))}, {DATASET: same}


def _fill_in(stream: Random, person: dict[str, object]) -> _Row:
    """Fill in a form, with one slip or another."""
    name, kana = str(person["full_name"]), str(person["full_name_kana"])
    born = person["birth_date"]
    town, block = str(person["town"]), str(person["block"])
    phone: object = person["phone"]
    if _happens(stream, 0.3):
        name = "".join(_PLAIN.get(letter, letter) for letter in name)
    if _happens(stream, 0.06):
        old, new = stream.choice(list(_VOICED.items()))
        kana = kana.replace(old, new, 1)
    if _happens(stream, 0.03) and isinstance(born, dt.date):
        born = born.replace(day=born.day % 28 + 1)
    if _happens(stream, 0.08):
        town, block = draw_town(stream), draw_block(stream)
    if _happens(stream, 0.2):
        phone = ""
    return _lay_out(stream, name, kana, born=born, address=f"{town}{block}", phone=phone)


def _draw_stranger(stream: Random) -> _Row:
    """Draw somebody who works or studies here; the name is often that of a resident."""
    surname, sex = stream.choice(SURNAMES), stream.choice("12")
    born = draw_day(stream, dt.date(1945, 1, 1), dt.date(2010, 12, 31))
    given = draw_given_name(stream, sex, born.year)
    address = f"大阪府吹田市泉町{stream.randint(1, 5)}丁目{draw_block(stream)}"
    phone = f"090-0000-{stream.randrange(10_000):04}"
    name, kana = f"{surname.kanji}　{given.kanji}", f"{surname.kana} {given.kana}"
    return _lay_out(stream, name, kana, born=born, address=address, phone=phone)


def _lay_out(
    stream: Random, name: str, kana: str, *, born: object, address: str, phone: object
) -> _Row:
    since = draw_day(stream, dt.date(2019, 6, 1), dt.date(2026, 4, 30))
    return {"氏名": name, "氏名カナ": kana, "生年月日": born, "住所": address, "電話番号": phone,
            "登録日": since}  # fmt: skip


def _happens(stream: Random, share: float) -> bool:
    return stream.random() < share


def _save(path: Path, users: pl.DataFrame) -> None:
    born, since = pl.col("生年月日"), pl.col("登録日")
    spelled = pl.when(born < _MIDDLE).then(spell_short(born)).otherwise(spell_long(born))
    save_text(path, users.with_columns(生年月日=spelled, 登録日=spell_short(since)), "cp932")
