"""A mart is what its YAML declares, from what it declares, or the old table stays."""

from dataclasses import replace
from pathlib import Path

import pytest

from assets.declared import DeclaredTable
from assets.register import MartQuery, fingerprint
from assets.release import Mart
from tests.unit.warehouse.small_city import ParsingHere, deliver, make_dataset, people
from tests.unit.warehouse.stages import bring_up, table
from warehouse.home import Home
from warehouse.lake import ZONES, has_table, open_lake, snapshot_id
from warehouse.mart import build_mart, sources_version
from warehouse.refusal import Refusal

SQL = "SELECT town, sum(visit_count)::BIGINT AS visit_count FROM common.people GROUP BY town"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("mart"))


@pytest.fixture(scope="module")
def con(home):
    with open_lake(home, write=ZONES) as opened:
        deliver(home, "people", "2026-04", people("001,甲,本町,1", "002,乙,本町,2"), name="a")
        bring_up(opened, home, make_dataset(), ParsingHere())
        yield opened


def _mart(name, sql=SQL, sources=("common.people",), columns=("town", "visit_count")):
    spec = Mart.model_validate(
        {
            "title": "町別",
            "description": "町別",
            "sources": list(sources),
            "columns": {c: {"title": f"{c}の題", "classification": "庁内"} for c in columns},
        }
    )
    return MartQuery(name, sql, fingerprint(sql.encode()), Path(f"{name}.sql"), spec)


def _refused(con, mart):
    with pytest.raises(Refusal) as caught:
        build_mart(con, mart)
    assert caught.value.where.startswith(mart.path.name)
    return caught.value.rule


def test_a_mart_is_computed_titled_and_counted(con):
    outcome = build_mart(con, _mart("by_town"))
    assert table(con, "internal.mart.by_town").rows() == [("本町", 3)]
    assert (outcome.asset, outcome.account.rows_out, outcome.changed) == ("mart/by_town", 1, True)
    said = con.sql("SELECT comment FROM duckdb_columns() WHERE table_name = 'by_town'").fetchall()
    assert ("townの題(庁内)",) in said


def test_nothing_new_does_nothing(con):
    build_mart(con, _mart("calm"))
    before = snapshot_id(con, "internal")
    again = build_mart(con, _mart("calm"))
    assert (again.changed, again.account.rows_out) == (False, 1)
    assert snapshot_id(con, "internal") == before


def test_a_change_of_the_sql_or_of_the_source_makes_it_again(con, home):
    deliver(home, "guests", "2026-04", people("001,甲,本町,1"), name="g1")
    bring_up(con, home, make_dataset("guests"), ParsingHere())
    sql = SQL.replace("people", "guests")
    first = build_mart(con, _mart("guests", sql, ["common.guests"]))
    assert build_mart(con, _mart("guests", sql + " ORDER BY 1", ["common.guests"])).changed
    deliver(home, "guests", "2026-05", people("002,乙,本町,5"), name="g2")
    bring_up(con, home, make_dataset("guests"), ParsingHere())
    later = build_mart(con, _mart("guests", sql, ["common.guests"]))
    assert later.changed
    assert later.data_version != first.data_version
    assert table(con, "internal.mart.guests").rows() == [("本町", 6)]


def test_a_mart_of_a_mart_follows_it(con):
    build_mart(con, _mart("lower"))
    upper = _mart("upper", "SELECT town FROM mart.lower", ["mart.lower"], ["town"])
    assert build_mart(con, upper).changed
    version = sources_version(con, ["mart.lower"])
    build_mart(con, _mart("lower", SQL + " HAVING true"))
    assert sources_version(con, ["mart.lower"]) != version
    assert build_mart(con, upper).changed


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("SELECT town FROM common.people", "mart.columns"),
        ("SELECT visit_count, town FROM common.people", "mart.columns"),
        ("SELECT town, visit_count, 1 AS more FROM common.people", "mart.columns"),
        ("SELECT town, gone FROM common.people", "mart.query"),
        ("SELECT town, visit_count FROM common.poeple", "mart.sources"),
        ("SELEC town", "mart.query"),
        ("SELECT town, town::INTEGER AS visit_count FROM common.people", "mart.query"),
        ("SELECT town, error('x') AS visit_count FROM common.people", "mart.query"),
    ],
)
def test_a_mart_that_is_not_what_it_says_is_refused_and_the_old_one_stays(con, sql, rule):
    name = f"old_{fingerprint(sql.encode())}"
    build_mart(con, _mart(name))
    before = snapshot_id(con, "internal")
    assert _refused(con, _mart(name, sql)) == rule
    assert table(con, f"internal.mart.{name}").rows() == [("本町", 3)]
    assert snapshot_id(con, "internal") == before
    assert not build_mart(con, _mart(name)).changed


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT full_name AS town, visit_count FROM secure.common.people",
        "SELECT town, visit_count FROM common.people WHERE town IN (SELECT town FROM secure.raw.people)",
        "WITH t AS (SELECT * FROM secure.common.people) SELECT full_name AS town, visit_count FROM t",
        "SELECT asset AS town, 1 AS visit_count FROM meta.loaded",
    ],
)
def test_a_mart_reads_nothing_but_its_sources(con, sql):
    assert _refused(con, _mart("sneaky", sql)) == "mart.sources"
    assert not has_table(con, "internal", "mart", "sneaky")


def test_a_source_may_be_written_with_its_zone_and_behind_a_name(con):
    sql = "WITH t AS (FROM internal.common.people) SELECT town, visit_count FROM t"
    assert build_mart(con, _mart("zoned", sql)).account.rows_out == 2


def test_the_built_in_marts_read_what_they_declare(con):
    from assets.register import load_register  # noqa: PLC0415 - the whole register, here alone

    for mart in load_register().marts.values():
        used = con.get_table_names(mart.sql, qualified=True)
        plain = {name.partition(" AS ")[0].removeprefix("internal.") for name in used}
        declared = {f"declared.{name}" for name in mart.spec.declared}
        assert plain - {"meta.periods"} == {*mart.spec.sources, *declared}


def _spec(mart, **changes):
    spec = Mart.model_validate({**mart.spec.model_dump(), **changes})
    prints = fingerprint(mart.fingerprint.encode(), spec.model_dump_json().encode())
    return replace(mart, spec=spec, fingerprint=prints)


def test_a_mart_waits_for_a_source_that_is_not_there_and_says_so(con):
    contract = make_dataset("absent").contract
    sql = SQL.replace("people", "absent")
    mart = replace(_mart("waiting", sql, ["common.absent"]), contracts={"absent": contract})
    before = snapshot_id(con, "internal")
    outcome = build_mart(con, mart)
    assert outcome.account.notes == ("まだ作れません。届くのを待っているデータ: 利用者(absent)",)
    assert not outcome.changed
    assert not has_table(con, "internal", "mart", "waiting")
    assert snapshot_id(con, "internal") == before


def test_a_mart_of_a_mart_that_waits_waits_too(con):
    outcome = build_mart(con, _mart("follower", "SELECT town FROM mart.nowhere", ["mart.nowhere"], ["town"]))  # fmt: skip
    assert outcome.account.notes == ("まだ作れません。届くのを待っているデータ: nowhere",)


def test_a_source_that_may_be_missing_counts_as_empty_until_it_comes(con, home):
    both = "WITH t AS (FROM common.people UNION ALL BY NAME FROM common.later) "
    sql = both + SQL.replace("common.people", "t")
    dataset = make_dataset("later")
    mart = _spec(_mart("either", sql, ["common.people", "common.later"]), may_be_missing=["common.later"])  # fmt: skip
    mart = replace(mart, contracts={"later": dataset.contract})
    first = build_mart(con, mart)
    assert table(con, "internal.mart.either").rows() == [("本町", 3)]
    assert first.account.notes == ("まだ届いていないデータを除いて作りました: 利用者(later)",)
    alone = _spec(_mart("alone", SQL.replace("people", "later"), ["common.later"]), may_be_missing=["common.later"])  # fmt: skip
    assert "待っている" in build_mart(con, alone).account.notes[0]
    assert not has_table(con, "internal", "common", "later")
    deliver(home, "later", "2026-04", people("001,甲,本町,5"), name="l1")
    bring_up(con, home, dataset, ParsingHere())
    second = build_mart(con, mart)
    assert (second.changed, second.account.notes) == (True, ())
    assert table(con, "internal.mart.either").rows() == [("本町", 8)]


@pytest.mark.parametrize(
    "sql",
    [
        f"{SQL} UNION ALL {SQL}",
        "SELECT NULL::VARCHAR AS town, 1 AS visit_count FROM common.people LIMIT 1",
    ],
)
def test_rows_that_agree_in_the_key_or_leave_it_blank_are_refused(con, sql):
    name = f"keyed_{fingerprint(sql.encode())}"
    assert _refused(con, _spec(_mart(name, sql), key=["town"])) == "mart.key"
    assert not has_table(con, "internal", "mart", name)
    assert build_mart(con, _spec(_mart(name), key=["town"])).changed


@pytest.mark.parametrize("column", ["person_id", "'x' || person_id", "[person_id]", "{'p': person_id}", "MAP {person_id: 1}"])  # fmt: skip
def test_pseudonyms_do_not_slip_into_a_table_that_speaks_of_nobody(con, column):
    name = f"slip_{fingerprint(column.encode())}"
    sql = f"SELECT {column} AS town, visit_count FROM common.people"
    assert _refused(con, _mart(name, sql)) == "mart.persons"
    assert not has_table(con, "internal", "mart", name)


def test_a_table_of_persons_holds_their_pseudonyms(con):
    columns = {
        "person_id": {"title": "人", "classification": "個人", "role": "identifier"},
        "town": {"title": "町", "classification": "個人", "role": "quasi_identifier"},
    }
    sql = "SELECT person_id, town FROM common.people"
    mart = _spec(_mart("each", sql), columns=columns, personal=True, key=["person_id"])
    assert build_mart(con, mart).account.rows_out == 2
    tokens = table(con, "internal.mart.each")["person_id"]
    assert tokens.str.starts_with("p1_").all()


def test_a_mart_reads_what_the_register_declares_and_only_what_it_declares(con):
    rows = DeclaredTable(("town", "n"), (("本町", "3"), ("南町", "")))
    sql = "SELECT town, n::INTEGER AS visit_count FROM declared.entries ORDER BY town"
    mart = replace(_mart("listed", sql, []), declared={"entries": rows})
    assert build_mart(con, mart).account.rows_out == 2
    assert table(con, "internal.mart.listed").rows() == [("南町", None), ("本町", 3)]
    assert _refused(con, _mart("undeclared", sql, [])) == "mart.sources"


def test_the_title_of_a_column_carries_its_description(con):
    columns = {c: {"title": c, "classification": "庁内", "description": "説明"} for c in ("town", "visit_count")}  # fmt: skip
    build_mart(con, _spec(_mart("described"), columns=columns))
    said = con.sql("SELECT comment FROM duckdb_columns() WHERE table_name = 'described'").fetchall()
    assert said == [("town(庁内) 説明",), ("visit_count(庁内) 説明",)]
