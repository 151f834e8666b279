"""The demonstration city: its files, its people, and the contracts that describe the files."""

import csv
import datetime as dt
import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import assets
from assets.contract import Contract
from assets.corrections import Corrections, Override
from assets.register import load_register
from pipelines.city import (
    childcare_files,
    digital_files,
    facility_files,
    faults,
    people,
    place_files,
    register_files,
    spelling,
)
from pipelines.city.changes import live_one_month, plan_events
from pipelines.city.deliveries import DELIVERED_AT, write_inbox
from pipelines.city.towns import TINY_TOWNS, TOWNS
from pipelines.city.truth import count_population
from warehouse.normalise import normalise
from warehouse.readers.parse import parse

REGISTER = Path(assets.__file__).parent
DATASETS = {
    "residents/resident_register": ("cp932", register_files.APRIL_CORRECTED),
    "childcare/childcare_enrolment": (None, childcare_files.APRIL),
    "facilities/public_facilities": ("utf-8-sig", facility_files.FACILITIES),
    "library/library_loans": ("utf-16", "図書館貸出_202604.tsv"),
    "digital/online_applications": ("cp932", digital_files.ONLINE_APPLICATIONS),
    "digital/procedure_guide": ("utf-8", digital_files.PROCEDURE_GUIDE),
}
REGISTER_FILES = (register_files.APRIL, register_files.APRIL_CORRECTED, register_files.MAY)
WIDE_TO_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
APRIL_DAY, MAY_DAY = dt.date(2026, 4, 1), dt.date(2026, 5, 1)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    inbox = tmp_path_factory.mktemp("inbox")
    return inbox, write_inbox(inbox)


def rows_of(path, encoding, delimiter=","):
    text = path.read_bytes().decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def register_rows(inbox, name):
    return rows_of(inbox / name, "cp932")


def sheet_of(inbox) -> list[list[Any]]:
    return (
        CalamineWorkbook.from_path(inbox / childcare_files.APRIL).get_sheet_by_index(0).to_python()
    )


def digests(inbox):
    return {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in inbox.iterdir()
    }


def contract_of(dataset):
    return Contract.model_validate(
        yaml.safe_load((REGISTER / f"{dataset}.yaml").read_text("utf-8"))
    )


def age_on(day, born):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


# The inbox as a whole


def test_same_arguments_give_the_same_bytes_and_times(tmp_path):
    for name in ("a", "b"):
        write_inbox(tmp_path / name, residents=150, seed=5)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_another_seed_is_another_city(tmp_path):
    for seed in (1, 2):
        write_inbox(tmp_path / str(seed), residents=150, seed=seed)
    one, two = digests(tmp_path / "1"), digests(tmp_path / "2")
    same = {name for name in one if one[name] == two[name]}
    assert same == {digital_files.ONLINE_APPLICATIONS, digital_files.PROCEDURE_GUIDE}


def test_every_file_has_its_time_of_delivery_and_its_truth(city):
    inbox, truth = city
    assert {path.name for path in inbox.iterdir()} == set(DELIVERED_AT)
    assert set(DELIVERED_AT) == {*truth.files, *truth.broken, *truth.same_bytes}
    times = [(inbox / name).stat().st_mtime for name in REGISTER_FILES]
    assert times == sorted(times)
    assert times[0] == dt.datetime.fromisoformat("2026-04-02T09:00:00+09:00").timestamp()


def test_too_few_residents_are_refused(tmp_path):
    with pytest.raises(ValueError, match="100 人以上"):
        write_inbox(tmp_path, residents=99)


# The resident register


def test_register_files_are_windows_text_with_vendor_characters(city):
    inbox, _ = city
    data = (inbox / register_files.APRIL).read_bytes()
    text = data.decode("cp932")
    assert data.count(b"\n") == data.count(b"\r\n") == text.count("\n")
    assert "髙" in text
    assert "﨑" in text
    with pytest.raises(UnicodeDecodeError):
        data.decode("shift_jis")


@pytest.mark.parametrize("name", REGISTER_FILES)
def test_faults_in_the_register_are_exactly_those_of_the_truth(city, name):
    inbox, truth = city
    rows = register_rows(inbox, name)
    ids = [row["宛名番号"].translate(WIDE_TO_NARROW) for row in rows]
    impossible = {"平成31年13月1日", "平成2年2月30日"}
    found = {
        faults.IMPOSSIBLE_DATE: sum(row["生年月日"] in impossible for row in rows),
        faults.BLANK_BIRTH_DATE: sum(row["生年月日"] == "" for row in rows),
        faults.UNKNOWN_SEX: sum(row["性別"] not in {"1", "2", "男", "女"} for row in rows),
        faults.WRONG_LENGTH: sum(len(number) != 10 for number in ids),
        faults.DUPLICATE_KEY: len(ids) - len(set(ids)),
    }
    assert {kind: count for kind, count in found.items() if count} == truth.files[name].faults
    assert len(rows) == truth.files[name].rows


def test_about_one_row_in_a_hundred_is_faulty(city):
    _, truth = city
    for name in (register_files.APRIL, register_files.MAY):
        assert 0.008 < sum(truth.files[name].faults.values()) / truth.files[name].rows < 0.012


@pytest.mark.parametrize("name", REGISTER_FILES)
def test_repairable_values_are_counted(city, name):
    inbox, truth = city
    rows = register_rows(inbox, name)
    for column, header in spelling.REGISTER_HEADERS.items():
        wide = sum(bool(re.search("[０-９]", row[header])) for row in rows)
        assert wide == truth.files[name].wide_digits.get(column, 0)
    assert truth.files[name].wide_digits["resident_id"] > 0
    assert truth.files[name].wide_digits["birth_date"] > 0


def test_true_population_has_as_many_people_as_clean_rows(city):
    _, truth = city
    may, duplicates = truth.files[register_files.MAY], faults.DUPLICATE_KEY
    assert truth.population["2026-04"]["residents"].sum() == 3000
    assert truth.files[register_files.APRIL_CORRECTED].rows == 3000
    assert truth.population["2026-05"]["residents"].sum() == may.rows - may.faults[duplicates]


def test_true_population_agrees_with_the_corrected_file_by_town(city):
    inbox, truth = city
    kanji = str.maketrans("123456789", "一二三四五六七八九")
    towns = pl.Series(
        [
            row["町名"].translate(WIDE_TO_NARROW).translate(kanji)
            for row in register_rows(inbox, register_files.APRIL_CORRECTED)
        ]
    )
    counted = dict(towns.value_counts().rows())
    true = truth.population["2026-04"].group_by("town").agg(pl.col("residents").sum())
    assert dict(true.rows()) == counted
    assert set(counted) == {town.name for town in TOWNS}


def test_tiny_towns_have_few_people(city):
    _, truth = city
    for population in truth.population.values():
        sizes = dict(population.group_by("town").agg(pl.col("residents").sum()).rows())
        assert all(0 < sizes[town] < 15 for town in TINY_TOWNS)
        assert min(size for town, size in sizes.items() if town not in TINY_TOWNS) >= 15


def test_correction_mends_the_first_delivery(city):
    inbox, _ = city
    first, second = (
        {row["宛名番号"]: row for row in register_rows(inbox, name)}
        for name in (register_files.APRIL, register_files.APRIL_CORRECTED)
    )
    moved = [
        key for key in first.keys() & second.keys() if first[key]["町名"] != second[key]["町名"]
    ]
    late = {k for k, row in second.items() if k not in first and "9" * 3 not in row["番地"]}
    assert len(moved) == 5
    assert len(late) >= 2


def test_may_has_newcomers_newborns_and_people_gone(city):
    inbox, _ = city
    april, may = (
        {row["宛名番号"]: row for row in register_rows(inbox, name) if len(row["宛名番号"]) == 10}
        for name in (register_files.APRIL_CORRECTED, register_files.MAY)
    )
    new = [may[key] for key in may.keys() - april.keys()]
    assert sum(row["異動事由コード"] == people.BORN and row["続柄"] == "子" for row in new) >= 2
    assert sum(row["異動事由コード"] == people.MOVED_IN for row in new) >= 10
    assert len(april.keys() - may.keys()) >= 10
    assert sum(row["異動事由コード"] == people.MOVED_WITHIN for row in may.values()) >= 5
    assert not any(row["異動事由コード"] == people.MOVED_WITHIN for row in april.values())


def test_no_address_and_no_telephone_number_exists(city):
    inbox, _ = city
    for name in REGISTER_FILES:
        rows = register_rows(inbox, name)
        blocks = {int(re.split("[番-]", row["番地"].translate(WIDE_TO_NARROW))[0]) for row in rows}
        phones = {re.sub(r"\D", "", row["電話番号"].translate(WIDE_TO_NARROW)) for row in rows}
        assert min(blocks) > 900
        assert all(re.fullmatch(r"(061000|0[89]00000)\d{4}|", phone) for phone in phones)


def _check_household(household, as_of):
    head = household[0]
    relations = [person.relationship for person in household]
    assert relations.count("世帯主") == 1
    assert sum(relation in {"妻", "夫"} for relation in relations) <= 1
    assert len({(p.household_id, p.town, p.block) for p in household}) == 1
    assert age_on(as_of, head.birth_date) >= 20
    for person in household:
        assert person.birth_date <= person.resident_since_date <= as_of
        gap = (person.birth_date - head.birth_date).days / 365.25
        assert person.relationship != "子" or gap >= 18
        assert person.relationship not in {"父", "母"} or gap <= -18
        assert person.relationship not in {"妻", "夫"} or age_on(as_of, person.birth_date) >= 18
        assert person.relationship not in {"妻", "母"} or person.sex_code == "2"
        assert person.relationship not in {"夫", "父"} or person.sex_code == "1"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(100, 400))
def test_households_hold_together_and_still_do_after_a_month(seed, residents):
    settler = people.Settler(people.open_stream(seed, "test"))
    april = people.settle_city(settler, residents, APRIL_DAY)
    may = live_one_month(settler, april, APRIL_DAY + dt.timedelta(days=1), MAY_DAY)
    assert sum(map(len, april)) == residents
    for households, day in ((april, APRIL_DAY), (may, MAY_DAY)):
        ids = [person.resident_id for household in households for person in household]
        assert len(ids) == len(set(ids))
        for household in households:
            _check_household(household, day)


@given(st.integers(0, 101), st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)), st.integers())
def test_birth_date_gives_the_age_asked_for(age, day, seed):
    assert age_on(day, people.birth_of(people.open_stream(seed, "birth"), age, day)) == age


def test_events_grow_with_the_city():
    assert plan_events(1300).moved_in == 18
    assert plan_events(10).births == 1


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (dt.date(2019, 4, 30), "平成31年4月30日", "H31.4.30"),
        (dt.date(2019, 5, 1), "令和元年5月1日", "R1.5.1"),
        (dt.date(1989, 1, 7), "昭和64年1月7日", "S64.1.7"),
        (dt.date(1989, 1, 8), "平成元年1月8日", "H1.1.8"),
        (dt.date(1926, 12, 24), "大正15年12月24日", "T15.12.24"),
        (dt.date(1926, 12, 25), "昭和元年12月25日", "S1.12.25"),
        (dt.date(1970, 3, 9), "昭和45年3月9日", "S45.3.9"),
    ],
)
def test_eras_change_on_their_day(day, long, short):
    frame = pl.DataFrame({"day": [day]})
    column = pl.col("day")
    assert frame.select(spelling.spell_long(column)).item() == long
    assert frame.select(spelling.spell_short(column)).item() == short
    assert frame.select(spelling.widen(spelling.spell_long(column))).item().translate(
        WIDE_TO_NARROW
    ) == (long)


def test_population_is_counted_by_birthday():
    born = [dt.date(2021, 4, 1), dt.date(2021, 4, 2), dt.date(1941, 4, 1), dt.date(1930, 1, 1)]
    register = pl.DataFrame({"town": "本町一丁目", "sex_code": "1", "birth_date": born})
    counted = count_population(register, APRIL_DAY)
    assert dict(counted.select("age_band", "residents").rows()) == {
        "0-4歳": 1,
        "5-9歳": 1,
        "85歳以上": 2,
    }


def test_population_counts_every_resident_in_the_right_band():
    settler = people.Settler(people.open_stream(3, "test"))
    register = people.to_register(people.settle_city(settler, 400, MAY_DAY))
    ages = [age_on(MAY_DAY, born) for born in register["birth_date"]]
    counted = count_population(register, MAY_DAY)
    by_band = dict(counted.group_by("age_band").agg(pl.col("residents").sum()).rows())
    assert by_band.get("85歳以上", 0) == sum(age >= 85 for age in ages)
    for start in range(0, 85, 5):
        expected = sum(start <= age < start + 5 for age in ages)
        assert by_band.get(f"{start}-{start + 4}歳", 0) == expected


# The other departments


def test_childcare_sheet_adds_up_and_matches_the_truth(city):
    inbox, truth = city
    rows = sheet_of(inbox)
    assert rows[2][:4] == ["施設名", "区分", "定員", "入所児童数"]
    assert rows[3][3:7] == ["0歳児", "1・2歳児", "3歳以上", "計"]
    assert set(rows[4][2:]) == {"（人）"}
    facilities = [row for row in rows[5:] if row[1]]
    total = next(row for row in rows if row[0] == "合計")
    expected = truth.files[childcare_files.APRIL]
    assert len(facilities) == expected.rows == len({row[0] for row in facilities})
    assert sum(str(row[0]).endswith("小計") for row in rows) == expected.set_aside["小計"]
    for column in range(2, 7):
        assert total[column] == sum(row[column] for row in facilities)
    assert all(sum(row[3:6]) == row[6] for row in facilities)


def test_the_one_mistyped_capacity_is_what_the_correction_mends(city):
    inbox, truth = city
    rows = sheet_of(inbox)
    delivered = {row[0]: row[2] for row in rows[5:] if row[1]}
    path = REGISTER / "childcare/childcare_enrolment.corrections.yaml"
    (fix,) = Corrections.model_validate(yaml.safe_load(path.read_text("utf-8"))).root
    assert isinstance(fix, Override)
    assert f"{delivered[fix.match['facility_name']]:.0f}" == fix.expect["capacity"]
    mended = delivered | {fix.match["facility_name"]: float(fix.value)}
    assert sum(mended.values()) == truth.childcare_capacity


def test_the_may_workbook_is_a_broken_zip(city):
    inbox, truth = city
    (name,) = truth.broken
    data = (inbox / name).read_bytes()
    assert data.startswith(b"PK\x03\x04")
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(data))


def test_facilities_are_unique_and_inside_the_city(city):
    inbox, truth = city
    data = (inbox / facility_files.FACILITIES).read_bytes()
    rows = rows_of(inbox / facility_files.FACILITIES, "utf-8-sig")
    assert data.startswith(b"\xef\xbb\xbf")
    assert len(rows) == truth.files[facility_files.FACILITIES].rows == 40
    assert len({row["名称"] for row in rows}) == len({row["施設ID"] for row in rows}) == 40
    assert all(34.73 < float(row["緯度"]) < 34.83 for row in rows)
    assert all(135.44 < float(row["経度"]) < 135.51 for row in rows)
    assert {row["車椅子可"] for row in rows} == {"○", "×"}
    assert any("５" in row["郵便番号"] for row in rows)
    assert not any(re.search("[ァ-ヺ]", row["名称カナ"]) for row in rows)


def test_the_second_copy_has_the_same_bytes(city):
    inbox, truth = city
    for copy, original in truth.same_bytes.items():
        assert (inbox / copy).read_bytes() == (inbox / original).read_bytes()


@pytest.mark.parametrize("name", facility_files.LOANS)
def test_loans_are_utf16_and_every_library_is_a_public_facility(city, name):
    inbox, truth = city
    assert (inbox / name).read_bytes().startswith(b"\xff\xfe")
    rows = rows_of(inbox / name, "utf-16", "\t")
    facilities = {row["名称"] for row in rows_of(inbox / facility_files.FACILITIES, "utf-8-sig")}
    assert {row["図書館名"] for row in rows} <= facilities
    assert len(rows) == truth.files[name].rows
    assert {row["年月"] for row in rows} == {facility_files.LOANS[name]}
    wide = sum(bool(re.search("[０-９]", row["貸出冊数"])) for row in rows)
    assert wide == truth.files[name].wide_digits["loan_count"]
    assert all("," in row["貸出冊数"] for row in rows)


def test_published_figures_are_exact(city):
    inbox, _ = city
    online = rows_of(inbox / digital_files.ONLINE_APPLICATIONS, "cp932")
    guide = rows_of(inbox / digital_files.PROCEDURE_GUIDE, "utf-8")
    assert online[0] == {"手続": "図書館", "オンライン件数": "701,870", "総件数": "832,169"}
    assert sum(int(row["オンライン件数"].replace(",", "")) for row in online) == 1_103_989
    assert sum(int(row["総件数"].replace(",", "")) for row in online) == 1_492_720
    assert {row["ライフイベント"]: row["利用人数"] for row in guide} == {
        "転入": "971",
        "転出": "560",
        "結婚": "247",
        "出生": "369",
        "離婚": "211",
        "おくやみ": "730",
    }
    assert sum(int(row["手続き総件数"].replace(",", "")) for row in guide) == 47_455


# The contracts


@pytest.mark.parametrize("dataset", DATASETS)
def test_contract_names_the_headers_of_the_file(city, dataset):
    inbox, _ = city
    encoding, name = DATASETS[dataset]
    contract = contract_of(dataset)
    expected = [column.headers("2026-04")[0] for column in contract.columns.values()]
    if encoding is None:
        rows = sheet_of(inbox)
        group = [rows[2][i] or ("入所児童数" if rows[3][i] else "") for i in range(8)]
        found = [f"{g}/{h}" if h else g for g, h in zip(group, rows[3], strict=True)]
    else:
        delimiter = "\t" if contract.source.format == "tsv" else ","
        found = list(rows_of(inbox / name, encoding, delimiter)[0])
    assert found == expected


@pytest.mark.parametrize("dataset", DATASETS)
def test_sample_has_three_rows_under_the_headers_of_the_contract(dataset):
    contract = contract_of(dataset)
    text = (REGISTER / f"{dataset}.sample.csv").read_text("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    layout = contract.source.layouts[0]
    first, last = layout.header_rows
    headers = {cell for row in rows[first - 1 : last] for cell in row if cell}
    levels = {part for c in contract.columns.values() for part in c.source[0].name.split("/")}
    data = rows[layout.unit_row or last :]
    others = [row for row in data if len(row) != len(rows[first - 1]) or not row[1]]
    assert headers == levels
    assert len(data) - len(others) == 3


def test_only_the_register_of_residents_is_personal():
    personal = {dataset for dataset in DATASETS if contract_of(dataset).is_personal}
    assert personal == {"residents/resident_register"}
    roles = {name: c.role for name, c in contract_of("residents/resident_register").columns.items()}
    assert {name for name, role in roles.items() if role == "identifier"} == {
        "resident_id",
        "household_id",
    }
    assert all(roles.values())


def test_labels_of_the_register_cover_every_code_written(city):
    inbox, _ = city
    labels = contract_of("residents/resident_register").columns["change_reason_code"].labels
    for name in REGISTER_FILES:
        assert {row["異動事由コード"] for row in register_rows(inbox, name)} <= set(labels)


# Lists of places


PLACES = {
    "fire/aeds": (place_files.AEDS, "place_name"),
    "environment/public_toilets": (place_files.TOILETS, "place_name"),
    "digital/public_wireless_lans": (place_files.WIRELESS_LANS, "facility_name"),
}


@pytest.mark.parametrize("dataset", PLACES)
def test_lists_of_places_hold_no_fault_and_name_the_facilities_of_this_city(city, dataset):
    inbox, truth = city
    name, column = PLACES[dataset]
    # The register gives an address the city it belongs to.
    contract = load_register().datasets[dataset.rpartition("/")[2]].contract
    found = parse(inbox / name, contract, "2026", name)
    read = normalise(found.rows, contract)
    assert read.quarantine.is_empty()
    assert read.rows.height == truth.files[name].rows > 20
    facilities = {row["名称"] for row in rows_of(inbox / facility_files.FACILITIES, "utf-8-sig")}
    named = set(read.rows[column])
    if dataset == "fire/aeds":
        assert named >= facilities
    elif dataset == "digital/public_wireless_lans":
        assert named < facilities
