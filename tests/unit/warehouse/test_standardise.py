"""Raw → common: staged without touching anything, committed whole, the same in any order."""

from typing import cast

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.warehouse.small_city import ParsingHere, deliver, make_dataset, people, with_tidy
from tests.unit.warehouse.stages import table
from warehouse.home import Home
from warehouse.lake import loaded, open_lake, snapshot_id
from warehouse.protect import internal_columns, protect
from warehouse.raw import load_raw
from warehouse.refusal import Refusal
from warehouse.standardise import commit, stage

COLUMNS = ["person_id", "full_name", "town", "visit_count"]
FIX = {
    "action": "override", "match": {"person_id": "001"}, "column": "visit_count",
    "expect": {"visit_count": "600"}, "value": "60", "reason": "打ち間違い",
    "reported_to": "市民係", "reported_on": "2026-04-16",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("common"))


@pytest.fixture(scope="module")
def con(home):
    with open_lake(home, write=["secure", "internal"]) as opened:
        yield opened


def _run(con, home, dataset):
    load_raw(con, home, dataset, ParsingHere())
    return commit(con, stage(con, home, dataset))


def _people(con, name):
    return table(con, f"secure.common.{name}").select("_period", "person_id", "visit_count").rows()


def test_staging_touches_nothing_and_committing_is_one_snapshot(con, home, parser):
    deliver(home, "still", "2026-04", people("001,甲,本町,1"), name="a")
    dataset = make_dataset("still")
    load_raw(con, home, dataset, parser)
    before = snapshot_id(con, "secure")
    staged = stage(con, home, dataset)
    assert snapshot_id(con, "secure") == before
    assert (staged.rows.collect().height, staged.is_empty, staged.is_first) == (1, False, True)
    commit(con, staged)
    assert snapshot_id(con, "secure") == before + 1


def test_rows_are_typed_and_faults_explained_by_cell(con, home):
    deliver(
        home, "cells", "2026-04",
        people("001,甲,本町,12", "002,乙,本町,多数", "003,丙", "00４,丁,本町,3"), name="利用者.csv",
    )  # fmt: skip
    outcome = _run(con, home, make_dataset("cells"))
    assert _people(con, "cells") == [("2026-04", "001", 12), ("2026-04", "004", 3)]
    account = outcome.account
    assert (account.rows_in, account.rows_out, account.quarantined) == (4, 2, 2)
    assert account.closes
    faults = table(con, "secure.quarantine.cells").drop("_delivery", "remedy", "rule_title")
    assert faults.rows() == [
        (
            "2026-04",
            "利用者.csv",
            "",
            3,
            "visit_count",
            "回数",
            "D3",
            "多数",
            "number.not_a_number",
        ),
        ("2026-04", "利用者.csv", "", 4, None, None, "4行", "003,丙", "row.ragged"),
    ]
    words = table(con, "secure.quarantine.cells").select("rule_title", "remedy")
    assert words.null_count().sum_horizontal().item() == 0
    verdicts = table(con, "secure.verdict.cells")
    assert verdicts.select("_row", "column", "verdict").rows() == [
        (3, "visit_count", "refused"),
    ]


def test_before_any_delivery_there_is_an_empty_table(con, home):
    outcome = _run(con, home, make_dataset("empty"))
    assert outcome.account.rows_in == 0
    described = con.sql("DESCRIBE FROM secure.common.empty").fetchall()
    assert [(row[0], row[1]) for row in described][2:] == [
        ("_row", "BIGINT"),
        ("person_id", "VARCHAR"),
        ("full_name", "VARCHAR"),
        ("town", "VARCHAR"),
        ("visit_count", "BIGINT"),
    ]
    assert not _run(con, home, make_dataset("empty")).changed
    deliver(home, "empty", "2026-04", people("001,甲,本町,1"), name="a")
    assert _run(con, home, make_dataset("empty")).account.rows_out == 1


def test_nothing_new_makes_no_snapshot(con, home):
    deliver(home, "calm", "2026-04", people("001,甲,本町,1"), name="a")
    first = _run(con, home, make_dataset("calm"))
    before = snapshot_id(con, "secure")
    again = _run(con, home, make_dataset("calm"))
    assert snapshot_id(con, "secure") == before
    assert (again.changed, again.account, again.data_version) == (
        False, first.account, first.data_version,
    )  # fmt: skip


DELIVERIES = (
    ("2026-04", people("001,甲,本町,1", "002,乙,本町,x"), "四月.csv", 1),
    ("2026-04", people("001,甲,本町,2"), "四月訂正.csv", 5),
    ("2026-05", people("003,丙,南町,3", "003,丙,北町,3"), "五月.csv", 3),
)


@settings(
    max_examples=4, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(order=st.permutations(DELIVERIES), at_once=st.sampled_from([1, 3]))
def test_the_table_is_the_same_in_whatever_order_files_are_collected(con, home, order, at_once):
    name = f"order_{''.join(str(d[3]) for d in order)}_{at_once}"
    dataset = make_dataset(name)
    for number, (period, text, file, day) in enumerate(order, start=1):
        deliver(home, name, period, text, name=file, day=day)
        if number >= at_once:
            _run(con, home, dataset)
    outcome = _run(con, home, dataset)
    assert _people(con, name) == [("2026-04", "001", 2)]
    faults = table(con, f"secure.quarantine.{name}").select("_period", "_row", "rule").rows()
    assert faults == [("2026-05", 2, "key.duplicate"), ("2026-05", 3, "key.duplicate")]
    assert (outcome.account.rows_in, outcome.account.quarantined) == (3, 2)
    reference = "order_reference"
    if not loaded(con, "secure", f"common/{reference}"):
        for period, text, file, day in DELIVERIES:
            deliver(home, reference, period, text, name=file, day=day)
        _run(con, home, make_dataset(reference))
    for layer in ("common", "quarantine", "verdict"):
        ours, theirs = (
            table(con, f"secure.{layer}.{name}"),
            table(con, f"secure.{layer}.{reference}"),
        )
        assert ours.equals(theirs)


def test_a_refused_correction_keeps_the_older_delivery(con, home):
    deliver(home, "older", "2026-04", people("001,甲,本町,1"), name="a", day=1)
    _run(con, home, make_dataset("older"))
    deliver(home, "older", "2026-04", b"\xff\xff broken", name="b", day=2)
    assert not _run(con, home, make_dataset("older")).changed
    assert _people(con, "older") == [("2026-04", "001", 1)]


def test_latest_only_replaces_what_was_there(con, home):
    dataset = make_dataset("latest", history="latest_only")
    deliver(home, "latest", "2026-04", people("001,甲,本町,1", "x"), name="a")
    _run(con, home, dataset)
    deliver(home, "latest", "2026-05", people("002,乙,本町,2"), name="b")
    outcome = _run(con, home, dataset)
    assert _people(con, "latest") == [("2026-05", "002", 2)]
    assert table(con, "secure.quarantine.latest").is_empty()
    assert outcome.account.rows_in == 1


def test_a_receipt_taken_back_takes_rows_faults_and_verdicts(con, home):
    dataset = make_dataset("back")
    deliver(home, "back", "2026-04", people("001,甲,本町,1", "00２,乙,本町,多数"), name="a")
    deliver(home, "back", "2026-05", people("003,丙,本町,1", "00４,丁,本町,多数"), name="b")
    _run(con, home, dataset)
    next((home.landing / "receipts" / "back" / "2026-05").glob("*.json")).unlink()
    outcome = _run(con, home, dataset)
    assert outcome.changed
    assert outcome.account.rows_in == 2
    for layer in ("common", "quarantine", "verdict"):
        assert set(table(con, f"secure.{layer}.back")["_period"]) == {"2026-04"}


def test_a_changed_contract_makes_everything_again(con, home):
    deliver(home, "stricter", "2026-04", people("001,甲,本町,1", "002,乙,本町,200"), name="a")
    assert _run(con, home, make_dataset("stricter")).account.rows_out == 2
    stricter = _run(con, home, make_dataset("stricter", columns__visit_count__maximum=99))
    assert (stricter.account.rows_out, stricter.account.quarantined) == (1, 1)
    assert table(con, "secure.quarantine.stricter")["rule"].to_list() == ["range.outside"]
    relaxed = _run(con, home, make_dataset("stricter"))
    assert relaxed.account.rows_out == 2
    assert table(con, "secure.quarantine.stricter").is_empty()


def test_a_slip_in_the_contract_does_not_empty_the_table(con, home):
    deliver(home, "slip", "2026-04", people("001,甲,本町,1"), name="四月.csv")
    _run(con, home, make_dataset("slip"))
    with pytest.raises(Refusal) as caught:
        _run(con, home, make_dataset("slip", columns__town__source="町丁目"))
    assert caught.value.rule == "common.unreadable"
    assert "四月.csv" in caught.value.where
    assert _people(con, "slip") == [("2026-04", "001", 1)]
    assert not _run(con, home, make_dataset("slip")).account.notes
    assert _people(con, "slip") == [("2026-04", "001", 1)]


def test_corrections_are_applied_counted_and_told(con, home):
    text = people("001,甲,本町,600", "002,乙,本町,7", "003,丙,本町,8")
    deliver(home, "mended", "2026-04", text, name="a")
    drop = {k: v for k, v in FIX.items() if k not in {"column", "value"}}
    drop |= {"action": "drop", "match": {"person_id": "002"}, "expect": {"visit_count": "7"}}
    scale = {k: v for k, v in FIX.items() if k != "value"} | {"action": "scale", "factor": 1000}
    scale |= {"match": {"person_id": "003"}, "expect": {"visit_count": "8"}}
    outcome = _run(con, home, make_dataset("mended", fixes=[drop, FIX, scale]))
    assert _people(con, "mended") == [("2026-04", "001", 60), ("2026-04", "003", 8000)]
    assert outcome.account.set_aside == {"訂正で除外": 1}
    assert outcome.account.closes
    assert outcome.account.notes == ("訂正を 3 件適用しました",)


def test_a_scale_finds_its_row_also_when_others_are_quarantined(con, home):
    deliver(home, "scaled", "2026-04", people("00x,乙,本町,5", "001,甲,本町,600"), name="a")
    fix = {k: v for k, v in FIX.items() if k != "value"} | {"action": "scale", "factor": 10}
    _run(con, home, make_dataset("scaled", fixes=[fix]))
    assert _people(con, "scaled") == [("2026-04", "001", 6000)]


def test_a_mended_source_withholds_the_delivery(con, home):
    deliver(home, "mended_there", "2026-04", people("001,甲,本町,60"), name="a")
    with pytest.raises(Refusal) as caught:
        _run(con, home, make_dataset("mended_there", fixes=[FIX]))
    assert caught.value.rule == "correction.mended"


def test_tidy_may_change_values_but_not_rows(con, home, tmp_path):
    deliver(home, "tidied", "2026-04", people("1,甲,本町,1", "2,乙,本町,2"), name="a")
    pads = "import polars as pl\ndef tidy(frame):\n    return frame.with_columns(pl.col('person_id').str.zfill(3))\n"
    dataset = with_tidy(make_dataset("tidied"), tmp_path / "tidied.py", pads)
    _run(con, home, dataset)
    assert _people(con, "tidied") == [("2026-04", "001", 1), ("2026-04", "002", 2)]
    for code in ("frame.head(1)", "frame.drop('town')", "frame.with_columns(more=1)"):
        made = f"import polars as pl\ndef tidy(frame):\n    return {code.replace('more=1', 'pl.lit(1).alias(chr(109))')}\n"
        changed = make_dataset("tidied", title=code)
        with pytest.raises(Refusal) as caught:
            _run(con, home, with_tidy(changed, tmp_path / "tidied.py", made))
        assert caught.value.rule == "tidy.lost_rows"


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_delivery_in_parts_is_the_delivery_as_a_whole(con, home, monkeypatch, rows):
    text = people(
        "001,甲,本町,600", "002,乙,本町,x", "003,丙", "004,丁,,4", "001,甲,本町,６００",
        "005,戊,南町,5", "005,戊,北町,5", "002,乙,本町,7", "006,己,南町,６",
    )  # fmt: skip
    town = make_dataset().contract.columns["town"].model_copy(update={"carried": True})
    columns = {**make_dataset().contract.model_dump(by_alias=True)["columns"]}
    columns["town"] = town.model_dump(by_alias=True)
    whole, parts = (
        make_dataset("one_part", columns=columns),
        make_dataset(f"parts_{rows}", columns=columns),
    )
    deliver(home, whole.name, "2026-04", text, name="全部.csv")
    deliver(home, parts.name, "2026-04", text, name="全部.csv")
    expected = _run(con, home, whole)
    monkeypatch.setattr("warehouse.standardising.delivered.PART_ROWS", rows)
    outcome = _run(con, home, parts)
    assert outcome.account == expected.account
    assert outcome.account.closes
    for layer in ("common", "quarantine", "verdict"):
        ours, theirs = (table(con, f"secure.{layer}.{d.name}") for d in (parts, whole))
        assert ours.equals(theirs)
    entries = [loaded(con, "secure", f"common/{d.name}").popitem()[1] for d in (parts, whole)]
    said = cast("dict[str, dict[str, int]]", entries[0].account["rules"])
    assert said == entries[1].account["rules"]
    assert {name: sum(rules.values()) for name, rules in said.items()} == dict.fromkeys(COLUMNS, 8)
    assert not home.work.exists()


def test_an_uncertain_date_is_kept_beside_its_column_also_for_analysts(con, home):
    columns = make_dataset().contract.model_dump(by_alias=True)["columns"]
    columns["town"] |= {"type": "date", "keep_uncertain": True}
    dataset = make_dataset("uncertain", columns=columns)
    text = people("001,甲,令和5年2月頃,1", "002,乙,令和5年2月1日,2")
    deliver(home, "uncertain", "2026-04", text, name="a")
    assert _run(con, home, dataset).account.rows_out == 2
    protect(con, home, dataset)
    for table_name in ("secure.common.uncertain", "internal.common.uncertain"):
        kept = table(con, table_name).filter(pl.col("town_text").is_not_null())
        assert kept.select("town", "town_text").rows() == [(None, "令和5年2月頃")]
        assert [str(v) for v in kept.select("town_earliest", "town_latest").row(0)] == [
            "2023-02-01",
            "2023-02-28",
        ]
    assert internal_columns(dataset.contract)[1:4] == ["town", "town_earliest", "town_latest"]


def test_titles_are_written_beside_the_columns(con, home):
    deliver(home, "titled", "2026-04", people("001,甲,本町,1"), name="a")
    _run(con, home, make_dataset("titled"))
    said = con.sql(
        "SELECT column_name, comment FROM duckdb_columns() "
        "WHERE database_name = 'secure' AND schema_name = 'common' AND table_name = 'titled'"
    ).fetchall()
    assert dict(said)["visit_count"] == "回数"


def test_a_row_is_found_again_from_its_delivery_and_number(con, home):
    receipt = deliver(home, "traced", "2026-04", people("001,甲,本町,1"), name="a")
    _run(con, home, make_dataset("traced"))
    row = table(con, "secure.common.traced").select("_delivery", "_row").row(0)
    assert row == (receipt.delivery, 2)
    assert loaded(con, "secure", "common/traced")[row[0]].account["sha256"] == receipt.sha256
    assert isinstance(table(con, "secure.common.traced"), pl.DataFrame)
