"""Two families by hand: a couple with a child, a marriage, a divorce, a death, a lone mother."""

import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import PERSONS, TOWNS, VERSIONS, City
from pipelines.whole_city.records.families import tell_couples, tell_memberships
from pipelines.whole_city.systems.family_registers import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_readable

HUSBAND, WIFE, CHILD, GROOM, BRIDE, MOTHER, BABY, GUEST = range(8)
APRIL, MAY, JUNE = (dt.date(2024, month, 10) for month in (4, 5, 6))
LONG_AGO = dt.date(2015, 1, 1)


def _person(person, sex, birth, *, nation="日本", mother=None, father=None, death=None):
    number = f"{person:010}"
    return (
        person,
        number,
        f"名{person}",
        "ナ",
        sex,
        birth,
        death,
        nation,
        mother,
        father,
        None,
        None,
    )


def _row(person, number, day, *said):
    reason, surname, home, head, role = said
    return (person, number, day, day, reason, surname, "ア", home, head, role, 0, "901番1号", None, True, None)  # fmt: skip


@pytest.fixture(scope="module")
def city():
    persons = [
        _person(HUSBAND, "1", dt.date(1980, 1, 1), death=JUNE),
        _person(WIFE, "2", dt.date(1982, 1, 1)),
        _person(CHILD, "1", dt.date(2012, 5, 5), mother=WIFE, father=HUSBAND),
        _person(GROOM, "1", dt.date(1995, 1, 1)),
        _person(BRIDE, "2", dt.date(1996, 1, 1)),
        _person(MOTHER, "2", dt.date(1999, 1, 1)),
        _person(BABY, "2", MAY, mother=MOTHER),
        _person(GUEST, "2", dt.date(1990, 1, 1), nation="韓国"),
    ]
    versions = [
        _row(HUSBAND, 1, LONG_AGO, "moved_in", "山", "1", HUSBAND, "世帯主"),
        _row(HUSBAND, 2, JUNE, "died", "山", "1", HUSBAND, "世帯主"),
        _row(WIFE, 1, LONG_AGO, "moved_in", "山", "1", HUSBAND, "妻"),
        _row(WIFE, 2, APRIL, "divorced", "川", "2", WIFE, "世帯主"),
        _row(CHILD, 1, LONG_AGO, "moved_in", "山", "1", HUSBAND, "子"),
        _row(GROOM, 1, LONG_AGO, "moved_in", "森", "3", GROOM, "世帯主"),
        _row(BRIDE, 1, LONG_AGO, "moved_in", "林", "4", BRIDE, "世帯主"),
        _row(BRIDE, 2, MAY, "married", "森", "3", GROOM, "妻"),
        _row(MOTHER, 1, LONG_AGO, "moved_in", "原", "5", MOTHER, "世帯主"),
        _row(BABY, 1, MAY, "born", "原", "5", MOTHER, "子"),
        _row(GUEST, 1, LONG_AGO, "moved_in", "金", "6", GUEST, "世帯主"),
    ]
    towns = [(0, "本町一丁目", "本町", "ﾎﾝﾏﾁ", "560-0021", "第1小学校区", "中部", 34.78, 135.47)]
    months = [dt.date(2024, month, 1) for month in (4, 5, 6)]
    frames = [
        pl.DataFrame(rows, schema=schema, orient="row")
        for rows, schema in ((towns, TOWNS), (persons, PERSONS), (versions, VERSIONS))
    ]
    return City(1, months, *frames)


def _of(members, person):
    return members.filter(pl.col("person") == person).sort("entered_date")


def test_couples_have_the_days_the_register_tells_and_likely_ones_before(city):
    couples = {row[:2]: row[2:] for row in tell_couples(city).rows()}
    assert set(couples) == {(HUSBAND, WIFE), (GROOM, BRIDE)}
    assert couples[GROOM, BRIDE] == (MAY, None)
    married, divorced = couples[HUSBAND, WIFE]
    assert divorced == APRIL
    assert dt.date(2000, 1, 1) < married < dt.date(2012, 5, 5)


def test_a_bride_leaves_her_parents_for_the_couples_register(city):
    bride, groom = (_of(tell_memberships(city), person) for person in (BRIDE, GROOM))
    assert bride["leaving_code"].to_list() == ["05", None]
    assert bride["left_date"][0] == bride["entered_date"][1] == MAY
    assert bride["register"][1] == groom["register"][1]
    assert (groom["member_number"][1], bride["member_number"][1]) == (1, 2)


def test_on_divorce_who_took_the_surname_leaves_and_the_child_stays(city):
    members = tell_memberships(city)
    husband, wife, child = (_of(members, person) for person in (HUSBAND, WIFE, CHILD))
    assert wife["leaving_code"].to_list() == ["05", "06", None]
    assert wife["entered_date"][2] == APRIL
    assert child["register"].to_list() == [husband["register"][1]]
    assert child["left_date"][0] == dt.date.max
    assert husband["leaving_code"].to_list() == ["05", "08"]
    assert husband["left_date"][1] == JUNE


def test_a_child_out_of_wedlock_gives_its_mother_a_register(city):
    members = tell_memberships(city)
    mother, baby = _of(members, MOTHER), _of(members, BABY)
    assert mother["entry_code"].to_list() == ["01", "15"]
    assert mother["entered_date"][1] == MAY
    assert baby["register"][0] == mother["register"][1]


def test_foreigners_are_in_no_register(city):
    assert _of(tell_memberships(city), GUEST).height == 0


def test_the_changes_are_sent_in_the_month_they_are_recorded(city):
    sent = list(deliver(city))
    for s in sent:
        require_readable(s)
    rows = pl.concat([s.rows.with_columns(month=pl.lit(s.period)) for s in sent])
    here = tell_memberships(city).filter("is_here", pl.col("left_date") >= city.months[0])
    assert rows.height == here.height + here["leaving_code"].count()
    dead = rows.filter(pl.col("event_code") == "08")
    assert set(dead["month"]) <= {"2024-06"}
    assert set(dead["member_status_code"]) <= {"2"}
