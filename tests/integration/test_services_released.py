"""Lists of services go the whole way, faults and all, to the files of releases; no trader with them."""

from __future__ import annotations

from importlib import import_module

import polars as pl
import pytest

from assets.register import load_register
from pipelines.settings import register_root
from pipelines.whole_city.dirt.measuring import Findings, load_dataset, read_truth
from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.writing.inbox import INBOX, write_inbox
from warehouse.home import Home
from warehouse.inbox import scan_inbox
from warehouse.lake import open_lake
from warehouse.landing import collect
from warehouse.mart import build_mart
from warehouse.protect import protect
from warehouse.raw import load_raw
from warehouse.readers.child import ParsingChild
from warehouse.release.candidate import folder_of
from warehouse.release.staging import stage_candidate
from warehouse.standardise import commit, stage
from warehouse.standards.check import check_table
from warehouse.standards.difference import ERROR

DATASETS = (
    *("budget_execution", "educational_institutions", "emergency_radios", "events"),
    *("food_businesses", "garbage_collection_places", "garbage_items", "online_applications"),
    *("parking_lots", "public_facilities", "school_districts", "school_lunches"),
    "support_programmes",
)
RELEASES = (
    *("budget_execution", "educational_institution", "emergency_radio", "event", "food_business"),
    *("garbage_collection_place", "garbage_separation", "online_usage", "parking"),
    *("school_district", "school_lunch", "support_system"),
)
RESIDENTS = 300
TRADER, READING = "田中　太郎左衛門", "タナカ　タロウザエモン"
FIRM = "株式会社見本商事000001"
HEADER = (
    "許可番号,業種,業態,営業形態,申請区分,屋号,屋号カナ,施設所在地,緯度,経度,施設電話,営業者区分,法人名,法人番号,"
    "営業者氏名,営業者カナ,営業者住所,営業者電話,初回許可年月日,許可年月日,有効期間開始,有効期間満了,廃業年月日,許可条件,備考"
)
DAYS = "2024/4/1,2024/4/1,2024/4/1,2030/4/30,,"
PLACE = "豊中市本町三丁目901番1号"


def row(
    number,
    shop,
    reading="",
    *,
    place=PLACE,
    phone="",
    kind="個人",
    firm="",
    code="",
    rest=",",
    style="一般食堂",
):
    holder = f"{TRADER},{READING},{PLACE},090-0000-0001"
    return (
        f"24-{number:06},飲食店営業,{style},固定店舗,新規,{shop},{reading},{place},34.790200,135.461500,"
        f"{phone},{kind},{firm},{code},{holder},{DAYS}{rest}"
    )


# Where a trader's name can hide: the shop, its reading, the house, the firm, a remark.
PLANTED = [
    row(1, "田中太郎左衛門"),
    row(2, "田中　太郎左衛門"),
    row(3, "田中・太郎左衛門の店", "タナカタロウザエモンノミセ"),
    row(4, "みほん食堂", "ﾀﾅｶ ﾀﾛｳｻﾞｴﾓﾝ"),
    row(5, "みほん酒場", place=f"{PLACE} 田中太郎左衛門方"),
    row(6, "みほん寿司", firm="田中太郎左衛門"),
    row(7, "みほん弁当", kind="法人", firm="田中太郎左衛門"),
    row(8, "みほんうどん", kind="法人", firm="田中太郎左衛門会社"),
    row(9, "みほん菓子", rest="田中太郎左衛門の立会い,田中太郎左衛門より電話"),
    row(10, "みほん珈琲店", phone="090-0000-0002"),
    row(11, "みほん惣菜店", firm=FIRM, code="8999000000001"),
    row(13, "みほん号", style="移動販売(田中太郎左衛門号)"),
    row(12, "みほん商店", kind="法人", firm=FIRM, code="8999000000001", phone="06-1055-0001"),
]


@pytest.fixture(scope="module")
def register():
    return load_register(register_root())


def deliveries(city):
    for name in DATASETS:
        yield from import_module(f"pipelines.whole_city.systems.{name}").deliver(city)


def bring_in(folder, home, register):
    """Bring all files up to the internal zone."""
    truth, findings = read_truth(folder), Findings()
    for arrival in scan_inbox(folder / INBOX, register.datasets):
        assert arrival.dataset in DATASETS
        collect(home, arrival)
    datasets = [register.datasets[name] for name in DATASETS]
    with open_lake(home, write=["secure", "internal"]) as con, ParsingChild() as parser:
        for dataset in datasets:
            load_dataset(con, home, dataset, parser, truth=truth, findings=findings)
            protect(con, home, dataset)
    assert not findings.refused
    return truth


def stage_release(con, home, register, name):
    release = register.releases[name]
    for source in release.spec.sources:
        if source.startswith("mart."):
            build_mart(con, register.marts[source.removeprefix("mart.")])
    candidate, _ = stage_candidate(con, home, register, release)
    return candidate, folder_of(home, name, candidate.id)


def read_files(candidate, folder):
    """Give what a stranger can read of a candidate, Parquet unpacked."""
    return "\n".join(
        pl.read_parquet(folder / file.name).write_csv()
        if file.name.endswith(".parquet")
        else (folder / file.name).read_text("utf-8-sig")
        for file in candidate.files
    )


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.0, 0.1])
def test_releases_keep_to_their_layouts_whatever_the_files_hold(tmp_path, register, share):
    home = Home(tmp_path / "home")
    city = settle(RESIDENTS, 1, count_months(2))
    write_inbox(deliveries(city), register_root(), tmp_path / "city", seed=1, share=share, processes=1)  # fmt: skip
    truth = bring_in(tmp_path / "city", home, register)
    assert bool(truth.faults.height) == (share > 0)
    with open_lake(home, write=["internal"]) as con:
        for name in RELEASES:
            candidate, folder = stage_release(con, home, register, name)
            assert [f for f in candidate.findings if f["severity"] == "blocker"] == [], name
            table = pl.read_csv(folder / candidate.files[0].name, infer_schema=False)
            found = check_table(table, register.releases[name].standard)
            assert [str(d) for d in found if d.severity == ERROR] == [], name


@pytest.mark.slow
def test_no_trader_is_named_wherever_a_clerk_has_written_the_name(tmp_path, register):
    home, dataset = Home(tmp_path / "home"), register.datasets["food_businesses"]
    home.inbox.mkdir(parents=True)
    file = home.inbox / "食品営業許可台帳_202404.csv"
    file.write_bytes("\r\n".join([HEADER, *PLANTED, ""]).encode("cp932"))
    for arrival in scan_inbox(home.inbox, register.datasets):
        collect(home, arrival)
    with open_lake(home, write=["secure", "internal"]) as con, ParsingChild() as parser:
        load_raw(con, home, dataset, parser)
        commit(con, stage(con, home, dataset))
        protect(con, home, dataset)
        kept = con.sql(
            "SELECT shop_name, holder_name FROM secure.common.food_businesses"
        ).fetchall()
        aside = con.sql("SELECT _row, rule FROM secure.quarantine.food_businesses ORDER BY 1").fetchall()  # fmt: skip
        candidate, folder = stage_release(con, home, register, "food_business")
        text = read_files(candidate, folder)
    # The name is in the secure zone, and a firm's name of no kind of firm waits for a clerk.
    assert {holder for _, holder in kept} == {TRADER}
    assert aside == [(7, "pattern.mismatch"), (8, "pattern.mismatch")]
    assert candidate.rows == len(PLANTED) - 2
    for part in (TRADER, READING, "田中", "太郎左衛門", "タロウザエモン", "090-0000"):
        assert part not in text
    table = pl.read_csv(folder / candidate.files[0].name, infer_schema=False)
    by_id = {one["ID"]: one for one in table.iter_rows(named=True)}
    withheld = [f"24-{number:06}" for number in (1, 2, 3, 4)]
    assert [number for number, one in by_id.items() if one["施設名称"] is None] == withheld
    assert all(by_id[number]["備考"] for number in withheld)
    assert by_id["24-000005"]["所在地_連結表記"] == "大阪府豊中市本町三丁目901-1"
    named = table.filter(pl.col("法人名").is_not_null())
    assert named.select("ID", "法人名", "施設電話番号").rows() == [
        ("24-000012", FIRM, "(06)1055-0001")
    ]
