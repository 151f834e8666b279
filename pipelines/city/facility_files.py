"""The list of public facilities, and the loans of the libraries among them.

Names are town names with the usual kinds of facility; addresses and telephone numbers do not exist.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from pipelines.city.people import open_stream
from pipelines.city.spelling import choose, widen
from pipelines.city.text_files import save_text
from pipelines.city.towns import FIRST_BLOCK, distinct_bases
from pipelines.city.truth import FileTruth

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from pipelines.city.towns import Town

FACILITIES = "公共施設一覧_令和8年度.csv"
FACILITIES_AGAIN = "公共施設一覧_令和8年度 (1).csv"
LOANS = {"図書館貸出_202604.tsv": "令和8年4月", "図書館貸出_202605.tsv": "令和8年5月"}

_PLACE_SPREAD = 0.002
_WHEELCHAIR_SHARE = 0.8
_OWN_LIBRARIES = "図書館"


class Kind(NamedTuple):
    """A kind of facility, its reading, who runs it and when it is open."""

    name: str
    kana: str
    count: int
    department: str
    opens: str
    closes: str
    closed: str


_KINDS = (
    Kind("図書館", "ﾄｼｮｶﾝ", 9, "読書振興課", "9:30", "19:00", "月曜日・年末年始"),
    Kind("公民館", "ｺｳﾐﾝｶﾝ", 5, "社会教育課", "9:00", "22:00", "火曜日・年末年始"),
    Kind("体育館", "ﾀｲｲｸｶﾝ", 5, "スポーツ振興課", "9:00", "21:00", "年末年始"),
    Kind("コミュニティプラザ", "ｺﾐｭﾆﾃｨﾌﾟﾗｻﾞ", 6, "コミュニティ政策課", "9:00", "21:30", "年末年始"),
    Kind("老人憩の家", "ﾛｳｼﾞﾝｲｺｲﾉｲｴ", 6, "長寿社会政策課", "9:00", "17:00", "日曜日・祝日"),
    Kind("こども園", "ｺﾄﾞﾓｴﾝ", 6, "こども事業課", "7:00", "19:00", "日曜日・祝日"),
    Kind("市民ホール", "ｼﾐﾝﾎｰﾙ", 3, "魅力文化創造課", "9:00", "22:00", "月曜日・年末年始"),
)


def write_facilities(inbox: Path, seed: int) -> dict[str, FileTruth]:
    """Write the list (UTF-8 with BOM) and a second copy with the same bytes."""
    facilities = draw_facilities(open_stream(seed, "facilities"))
    save_text(inbox / FACILITIES, facilities, "utf-8-sig")
    shutil.copyfile(inbox / FACILITIES, inbox / FACILITIES_AGAIN)
    wide = facilities.select(pl.col("郵便番号").str.contains("[０-９]").sum()).item()
    return {FACILITIES: FileTruth(facilities.height, wide_digits={"postal_code": wide})}


def draw_facilities(stream: Random) -> pl.DataFrame:
    """Draw the list of facilities as text, in the order of their numbers."""
    towns = distinct_bases()
    kinds = [(kind, number) for kind in _KINDS for number in range(kind.count)]
    rows = [
        _draw_facility(stream, order + 1, kind, towns[(number * 5 + order) % len(towns)])
        for order, (kind, number) in enumerate(kinds)
    ]
    postal = pl.col("郵便番号")
    wide = widen(postal).str.replace_all("-", "－")
    return (
        pl.DataFrame(rows).with_columns(郵便番号=choose(0, 10, [(7, postal)], wide)).drop("style")
    )


def _draw_facility(stream: Random, number: int, kind: Kind, town: Town) -> dict[str, str | int]:
    block = f"{stream.randint(FIRST_BLOCK + 1, 999)}番{stream.randint(1, 30)}号"
    return {
        "style": stream.randrange(10_000),
        "施設ID": f"F{number:03}",
        "名称": f"{town.base}{kind.name}",
        "名称カナ": f"{town.kana}{kind.kana}",
        "郵便番号": f"〒{town.postal_code}",
        "所在地": f"大阪府豊中市{town.name}{block}",
        "緯度": f"{town.latitude + stream.uniform(-_PLACE_SPREAD, _PLACE_SPREAD):.6f}",
        "経度": f"{town.longitude + stream.uniform(-_PLACE_SPREAD, _PLACE_SPREAD):.6f}",
        "電話番号": f"06-1000-{1000 + number}",
        "開館時間": kind.opens,
        "閉館時間": kind.closes,
        "休館日": kind.closed,
        "車椅子可": "○" if stream.random() < _WHEELCHAIR_SHARE else "×",
        "所管課": kind.department,
        "URL": "",
    }


def write_loans(inbox: Path, seed: int) -> dict[str, FileTruth]:
    """Write the loans of each month (UTF-16 LE with BOM, tab separated)."""
    facilities = draw_facilities(open_stream(seed, "facilities"))["名称"]
    libraries = facilities.filter(facilities.str.ends_with(_OWN_LIBRARIES)).to_list()
    truth = {}
    for name, month in LOANS.items():
        loans = _draw_loans(open_stream(seed, name), libraries, month)
        save_text(inbox / name, loans, "utf-16-le", separator="\t")
        wide = loans.select(pl.col("貸出冊数").str.contains("[０-９]").sum()).item()
        truth[name] = FileTruth(loans.height, wide_digits={"loan_count": wide})
    return truth


def _draw_loans(stream: Random, libraries: list[str], month: str) -> pl.DataFrame:
    rows = []
    for library in libraries:
        for readers, scale in (("一般", 1.0), ("児童", 0.45)):
            loans = round(stream.uniform(9_000, 38_000) * scale)
            people = round(loans / stream.uniform(3.2, 4.1))
            rows.append(
                (stream.randrange(10), library, month, readers, f"{loans:,}", f"{people:,}")
            )
    headers = ["style", "図書館名", "年月", "区分", "貸出冊数", "利用者数"]
    count = pl.col("貸出冊数")
    spelled = choose(0, 10, [(7, count)], widen(count))
    return pl.DataFrame(rows, headers, orient="row").with_columns(貸出冊数=spelled).drop("style")
