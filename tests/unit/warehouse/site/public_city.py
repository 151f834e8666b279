"""A city with three releases already public: places, a counted table with three versions, one taken back.

The frozen versions are written as `publish` leaves them, so that no lake is needed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from assets.register import MartQuery, Register, ReleaseQuery, load_register
from tests.unit.warehouse.publishing import DECLARATION, NONE, OVERLAPS, ROUNDING, release
from warehouse.home import Home
from warehouse.lineage.origins import Origin
from warehouse.release.candidate import Candidate, FileOf
from warehouse.release.ledger import decide

if TYPE_CHECKING:
    from pathlib import Path

APPROVER, PREPARER = "承認太郎課長", "作成花子係"
DELIVERED = "届いた_住民の一覧_0401.csv"
FINDING = "小さな人数の欄を確かめてください"
SECRETS = (APPROVER, PREPARER, DELIVERED, FINDING, "近所の人は世帯の人数を知りうる")
AGES = [f"{low}-{low + 4}歳" for low in range(0, 85, 5)] + ["85歳以上"]
TOWNS = ("北緑丘", "蛍池", "本町", "曽根", "服部", "庄内", "東寺内町", "新千里東町")
AWKWARD = "<script>alert(1)</script>&\"'公民館"


@cache
def _real() -> Register:
    return load_register()


def make_register(**city: object) -> Register:
    """The real layouts and towns, and releases of made-up departments."""
    real = _real()
    made = {"prepared_by": PREPARER, "approvers": [APPROVER]}
    facility = release(
        "public_facility", "SELECT 1", real.standards["public_facility"], ["common.places"],
        protection=NONE, theme="REGI", keywords=["施設", "図書館"], frequency="yearly",
        caveats=["開館時間は変わることがあります。"], **made,
    )  # fmt: skip
    population = release(
        "population", "SELECT 1", real.standards["population"], ["mart.by_town"],
        protection=ROUNDING, overlaps=OVERLAPS, declaration=DECLARATION, **made,
    )  # fmt: skip
    gone = release(
        "aed", "SELECT 1", real.standards["aed"], ["common.places"], protection=NONE, **made
    )
    releases = {r.name: _titled(r) for r in (facility, population, gone)}
    marts: dict[str, MartQuery] = {"dim_towns": real.marts["dim_towns"]}
    city_spec = real.city.model_copy(update=city)
    return replace(real, city=city_spec, datasets={}, marts=marts, releases=releases, cases={})


_TITLES = {
    "public_facility": ("公共施設一覧", "Public facilities", "市の施設の名前、場所、開館時間。", "Names, places and hours of city facilities."),
    "population": ("地域・年齢別人口", "Population by area and age", "町ごとの5歳階級・男女別の人数。", "Residents by town, age and sex."),
    "aed": ("AED設置箇所一覧", "AED locations", "AED のある場所。", "Where AEDs are."),
}  # fmt: skip


def _titled(query: ReleaseQuery) -> ReleaseQuery:
    keys = ("title", "title_en", "description", "description_en")
    spec = query.spec.model_copy(update=dict(zip(keys, _TITLES[query.name], strict=True)))
    return replace(query, spec=spec)


def places(count: int) -> pl.DataFrame:
    """Facilities over the city; one without a position, one far outside, one awkward name."""
    rows = pl.DataFrame({"n": range(1, count + 1)}).select(
        全国地方公共団体コード=pl.lit("272035"),
        ID=pl.format("0{}", pl.col("n").cast(pl.String).str.zfill(5)),
        地方公共団体名=pl.lit("大阪府豊中市"),
        名称=pl.when(pl.col("n") == 2).then(pl.lit(AWKWARD)).otherwise(pl.format("第{}公民館", "n")),
        名称_カナ=pl.lit(None, pl.String),
        所在地_連結表記=pl.format("大阪府豊中市本町{}丁目1-{}", pl.col("n") % 9 + 1, "n"),
        緯度=pl.when(pl.col("n") != 3).then(34.735 + (pl.col("n") * 0.618034 % 1) * 0.085).round(6),
        経度=pl.when(pl.col("n") == 4).then(139.7).otherwise(135.452 + (pl.col("n") * 0.754878 % 1) * 0.044).round(6),
        電話番号=pl.format("06-6858-{}", pl.col("n").cast(pl.String).str.zfill(4)),
        URL=pl.lit("https://www.city.example.jp/"),
    )  # fmt: skip
    return rows.with_columns(pl.col("緯度", "経度").cast(pl.String))


def people(month: int) -> pl.DataFrame:
    """Residents by town and age; the figures move a little every month."""
    sexes = ("男性", "女性")
    rows = []
    for place, town in enumerate(TOWNS):
        cells = {
            f"{age}の{sex}": 3 * (20 + (k * 7 + place * 5 + s * 3 + month) % 31 + (12 - abs(k - 9)))
            for k, age in enumerate(AGES)
            for s, sex in enumerate(sexes)
        }
        sums = {sex: sum(v for name, v in cells.items() if name.endswith(sex)) for sex in sexes}
        head = {
            "全国地方公共団体コード": "272035",
            "調査年月日": f"2026-{month:02}-01",
            "地域名": town,
        }
        rows.append({**head, "総人口": sum(sums.values()), **sums, **cells, "備考": None})
    return pl.DataFrame(rows).with_columns(pl.all().cast(pl.String))


def freeze(
    home: Home,
    name: str,
    number: int,
    table: pl.DataFrame,
    *,
    period: str,
    note: str,
    extra: bytes = b"",
) -> None:
    """Leave a version as `publish` does, approved by a person whose name nobody may read."""
    candidate_id = f"{name[:6]}{number:06}"
    decide(
        home, action="approved", release=name, candidate=candidate_id, person=APPROVER, note=note
    )
    folder = home.releases / name / f"v{number}"
    folder.mkdir(parents=True)
    stem = folder / f"272035_{name}"
    csv = b"\xef\xbb\xbf" + table.write_csv(line_terminator="\r\n").encode()
    contents = {
        stem.with_suffix(".csv"): csv,
        stem.with_suffix(".json"): table.write_json().encode() + extra,
    }
    for path, content in contents.items():
        path.write_bytes(content)
    table.write_parquet(stem.with_suffix(".parquet"))
    candidate = Candidate(
        release=name, id=candidate_id, period=period, prepared_by=PREPARER, prepared_at="2026-04-01T00:00:00+00:00",
        rows=table.height, files=tuple(_file(p) for p in sorted(folder.iterdir())),
        protection=("人数は3の倍数へ丸めました。",) if name == "population" else (),
        findings=({"severity": "notice", "message": FINDING, "where": name, "remedy": "確認"},),
        inputs="", integers=(), origins=(Origin("places", "2026", DELIVERED, "ab" * 32),),
    )  # fmt: skip
    manifest = {
        "release": name, "version": f"v{number}", "approved_by": APPROVER,
        "approved_at": f"2026-0{number}-02T01:00:00+00:00", "note": note, "candidate": asdict(candidate),
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


def _file(path: Path) -> FileOf:
    content = path.read_bytes()
    return FileOf(path.name, len(content), hashlib.sha256(content).hexdigest())


def take_back(home: Home, name: str) -> None:
    """Leave a release as a withdrawal does."""
    decide(
        home,
        action="withdrawn",
        release=name,
        candidate="x",
        person=APPROVER,
        note="一部の場所に誤りがあったため",
    )
    for path in (home.releases / name).glob("v*/*"):
        if path.name != "manifest.json":
            path.unlink()


def make_public_city(root: Path, count: int = 60) -> tuple[Home, Register]:
    """Build the whole city under a folder."""
    home, register = Home(root), make_register()
    freeze(home, "public_facility", 1, places(count), period="2026", note="はじめての公開")
    for month in (4, 5, 6):
        table = people(month)
        if month == 6:
            table = table.vstack(table.head(1).with_columns(地域名=pl.lit("緑丘")))
        freeze(home, "population", month - 3, table, period=f"2026-{month:02}", note=f"{month}月分")
    freeze(home, "aed", 1, places(5).head(5), period="2026", note="はじめての公開")
    take_back(home, "aed")
    return home, register
