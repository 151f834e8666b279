"""A candidate that tells, with what is out, too much of one person is stopped, and says why."""

import json

import polars as pl
import pytest

from tests.unit.warehouse.publishing import POPULATION as STANDARD
from tests.unit.warehouse.publishing import POPULATION_SQL as SQL
from tests.unit.warehouse.publishing import (
    ROUNDING,
    make_register,
    population,
    put_towns,
    release,
)
from tests.unit.warehouse.release_counts import (
    BY_SEX,
    HIDDEN,
    HIDING,
    OF_ALL,
    PERSONS,
    TOTALS,
    TOWNS,
    counted,
    put_users,
    register_with,
)
from warehouse.home import Home
from warehouse.lake import open_lake
from warehouse.refusal import Refusal
from warehouse.release import overlap
from warehouse.release.publish import approve, version_folder, withdraw
from warehouse.release.staging import stage_candidate

BEFORE, AFTER = "2026-04-01", "2026-05-01"


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    with open_lake(Home(tmp_path_factory.mktemp("lake")), write=["internal", "open"]) as opened:
        yield opened


@pytest.fixture(autouse=True)
def clean(con):
    """The lake is shared; a home of its own for the files, so its tables go first."""
    for name in ("by_sex", "totals", "population"):
        con.sql(f"DROP TABLE IF EXISTS open.release.{name}")
    con.sql("DELETE FROM open.meta.loaded")
    put_users(con)


@pytest.fixture
def city(tmp_path):
    return Home(tmp_path)


def _stage(con, city, query, *others, **kind):
    return stage_candidate(con, city, register_with(query, *others, **kind), query)[0]


def _publish(con, city, query, *others):
    candidate = _stage(con, city, query, *others)
    assert not candidate.is_blocked, candidate.findings
    return approve(con, city, query.name, person="課長", note="確かめた")


def _overlap(candidate):
    """Rules of this attack with their severity."""
    return {f["rule"]: f["severity"] for f in candidate.findings if f["rule"].startswith("overlap")}


def _detail(city, name):
    return city.methods / f"{name}.overlap.csv"


def test_a_change_of_one_person_since_last_month_stops_the_candidate(con, city):
    _publish(con, city, counted())
    put_users(con, day=AFTER, 本町=(41, 70), 南町=(51, 30), 北町=(42, 37))
    candidate = _stage(con, city, counted())
    assert _overlap(candidate) == {"overlap.change.differencing": "blocker"}
    finding = next(f for f in candidate.findings if f["rule"].startswith("overlap"))
    assert BEFORE in finding["message"]
    assert "1件" in finding["message"]
    assert finding["where"] == "地域=本町・性別=男性"
    assert finding["remedy"]
    with pytest.raises(Refusal) as caught:
        approve(con, city, "by_sex", person="課長", note="確かめた")
    assert caught.value.rule == "release.blocked"


def test_the_derived_number_stands_in_the_guarded_detail_alone(con, city):
    _publish(con, city, counted())
    put_users(con, day=AFTER, 本町=(42, 70), 南町=(51, 30), 北町=(42, 37))
    candidate = _stage(con, city, counted())
    path = _detail(city, "by_sex")
    assert pl.read_csv(path)["persons"].to_list() == [2]
    assert path.stat().st_mode & 0o077 == 0
    told = json.dumps(candidate.findings, ensure_ascii=False)
    assert "2人増" not in told
    put_users(con, day=AFTER, 本町=(60, 70), 南町=(51, 30), 北町=(42, 37))
    assert not _stage(con, city, counted()).is_blocked
    assert not path.exists()


def test_the_same_table_again_passes(con, city):
    _publish(con, city, counted())
    reworded = counted(sql=BY_SEX + " -- 注")
    assert _overlap(_stage(con, city, reworded)) == {}
    put_users(con, day=AFTER)
    assert _overlap(_stage(con, city, counted())) == {}


@pytest.mark.slow
def test_every_earlier_version_is_held_against_not_the_last_alone(con, city):
    _publish(con, city, counted())
    put_users(con, {town: (m + 20, w + 20) for town, (m, w) in TOWNS.items()}, "2026-05-01")
    _publish(con, city, counted())
    put_users(con, day="2026-06-01", 本町=(41, 90), 南町=(80, 90), 北町=(90, 91))
    candidate = _stage(con, city, counted())
    assert list(_overlap(candidate)) == ["overlap.change.differencing"]
    assert BEFORE in candidate.findings[0]["message"]


def test_a_withheld_cell_that_another_release_gives_back_stops_the_second(con, city):
    hiding, totals = counted(sql=HIDDEN, overlaps=HIDING), counted("totals", OF_ALL, TOTALS)
    _publish(con, city, hiding, totals)
    candidate = _stage(con, city, totals, hiding)
    assert _overlap(candidate) == {"overlap.size.sibling": "blocker"}
    assert candidate.findings[0]["where"] == "地域=南町・性別=女性"


@pytest.mark.slow
def test_a_sibling_that_adds_nothing_small_passes(con, city):
    put_users(con, 南町=(31, 40))
    plain, totals = counted(), counted("totals", OF_ALL, TOTALS)
    _publish(con, city, plain, totals)
    assert _overlap(_stage(con, city, totals, plain)) == {}


@pytest.mark.slow
def test_persons_within_a_larger_population_are_held_against_it(con, city):
    residents = counted("totals", OF_ALL, {**TOTALS, "population": "住民"})
    users = counted("by_sex", OF_ALL.replace("men + women", "men + women - 1"), {**TOTALS, "within": "住民"})  # fmt: skip
    _publish(con, city, residents, users)
    candidate = _stage(con, city, users, residents)
    assert list(_overlap(candidate)) == ["overlap.size.complement"]


@pytest.mark.slow
def test_other_populations_do_not_meet(con, city):
    residents = counted("totals", OF_ALL, {**TOTALS, "population": "職員"})
    _publish(con, city, residents)
    put_users(con, day=AFTER, 本町=(41, 50))
    assert _overlap(_stage(con, city, counted(), residents)) == {}


def test_a_candidate_judged_before_a_sibling_went_out_is_judged_again(con, city):
    hiding, totals = counted(sql=HIDDEN, overlaps=HIDING), counted("totals", OF_ALL, TOTALS)
    both = register_with(hiding, totals)
    for query in (hiding, totals):
        assert not stage_candidate(con, city, both, query)[0].is_blocked
    approve(con, city, "by_sex", person="課長", note="確かめた")
    with pytest.raises(Refusal) as caught:
        approve(con, city, "totals", person="課長", note="確かめた")
    assert caught.value.rule == "release.stale"
    again, outcome = stage_candidate(con, city, both, totals)
    assert outcome.changed
    assert again.is_blocked
    # Its own approval makes no candidate stale.
    assert not stage_candidate(con, city, both, hiding)[1].changed


@pytest.mark.parametrize("overlaps", [None, {"counts": "nobody", "reason": "書き間違い"}])
def test_a_protected_release_that_does_not_say_whom_it_counts_is_stopped(con, city, overlaps):
    put_towns(con)
    query = release(
        "population", SQL, STANDARD, ["mart.by_town"], protection=ROUNDING, overlaps=overlaps
    )
    candidate = stage_candidate(con, city, make_register(), query)[0]
    assert _overlap(candidate) == {"overlap.undeclared": "blocker"}


def test_open_counts_of_persons_must_say_whom_they_count_or_that_they_count_nobody(con, city):
    assert _overlap(_stage(con, city, counted(overlaps=None))) == {}
    asked = counted(sql=BY_SEX + " -- 人", overlaps=None)
    assert "overlap.undeclared" in _overlap(_stage(con, city, asked, unit="人"))
    nobody = counted(overlaps={"counts": "nobody", "reason": "定員の一覧"})
    assert _overlap(_stage(con, city, nobody, unit="人")) == {}


def test_a_whole_number_that_is_not_declared_stops_the_candidate(con, city):
    sql = BY_SEX.replace("women AS 女性", "women AS 女性, men * 2 AS 件数")
    assert _overlap(_stage(con, city, counted(sql=sql))) == {"overlap.columns": "blocker"}
    said = counted(sql=sql, overlaps={**PERSONS, "other_columns": ["件数"]})
    assert _overlap(_stage(con, city, said)) == {}


def test_an_attack_that_breaks_stops_the_candidate_and_repeats_nothing(con, city, monkeypatch):
    def broken(*_args, **_kind):
        raise RuntimeError("本町 41")

    monkeypatch.setattr(overlap, "attack", broken)
    candidate = _stage(con, city, counted())
    assert _overlap(candidate) == {"overlap.failed": "blocker"}
    assert "41" not in json.dumps(candidate.findings, ensure_ascii=False)


@pytest.mark.slow
def test_a_frozen_file_that_was_touched_stops_the_candidate(con, city):
    _publish(con, city, counted())
    path = next(version_folder(city, "by_sex", "v1").glob("*.csv"))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"40", b"45"))
    put_users(con, day=AFTER)
    assert _overlap(_stage(con, city, counted())) == {"overlap.changed": "blocker"}


@pytest.mark.slow
def test_a_dimension_said_in_two_ways_stops_the_second(con, city):
    _publish(con, city, counted())
    other = {**TOTALS, "dimensions": {"地域": {"kind": "category", "rest": "その他"}}}
    third = {**TOTALS, "dimensions": {"地域": {"kind": "category", "groups": {"南町": ["本町"]}}}}
    assert _overlap(_stage(con, city, counted("totals", OF_ALL, other))) == {}
    age = {**TOTALS, "dimensions": {"地域": {"kind": "age"}}}
    assert "overlap.dimensions" in _overlap(_stage(con, city, counted("totals", OF_ALL, age)))
    assert "overlap.untrue" in _overlap(_stage(con, city, counted("totals", OF_ALL, third)))


@pytest.mark.slow
def test_withdrawn_versions_are_told_to_the_approver(con, city):
    _publish(con, city, counted())
    withdraw(con, city, "by_sex", person="課長", note="誤り")
    put_users(con, day=AFTER)
    candidate = _stage(con, city, counted())
    assert _overlap(candidate) == {"overlap.withdrawn": "warning"}
    assert not candidate.is_blocked


def _many(count):
    return [(f"{n:03}町", 60 + 3 * n, 71 + 2 * n) for n in range(count)]


def _stage_population(con, city, query):
    return stage_candidate(con, city, make_register(), query)[0]


@pytest.mark.slow
def test_rounded_months_pass(con, city):
    put_towns(con, _many(60))
    assert not _stage_population(con, city, population()).is_blocked
    approve(con, city, "population", person="課長", note="確かめた")
    put_towns(
        con, [(town, men + n % 3 - 1, women) for n, (town, men, women) in enumerate(_many(60))]
    )
    later = population(SQL.replace(BEFORE, AFTER))
    assert _overlap(_stage_population(con, city, later)) == {}


@pytest.mark.slow
def test_a_month_rounded_anew_with_another_key_stops_the_candidate(con, city):
    put_towns(con, _many(60))
    _stage_population(con, city, population())
    approve(con, city, "population", person="課長", note="確かめた")
    (city.keys / "release.key").unlink()
    assert "overlap.redrawn" in _overlap(_stage_population(con, city, population()))


@pytest.mark.slow
def test_an_old_version_keeps_the_meaning_it_was_frozen_with(con, city):
    put_towns(con, _many(60))
    _stage_population(con, city, population())
    approve(con, city, "population", person="課長", note="確かめた")
    later = population(SQL.replace(BEFORE, AFTER), base=3)
    assert "overlap.base" not in _overlap(_stage_population(con, city, later))
    manifest = version_folder(city, "population", "v1") / "manifest.json"
    kept = json.loads(manifest.read_text("utf-8"))
    assert kept["candidate"].pop("meaning")["protection"]["base"] == 5
    manifest.chmod(0o644)
    manifest.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    register = make_register()
    register.releases["population"] = later
    candidate = stage_candidate(con, city, register, population(SQL.replace(BEFORE, "2026-06-01"), base=3))[0]  # fmt: skip
    assert "overlap.base" in _overlap(candidate)
