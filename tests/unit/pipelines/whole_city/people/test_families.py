import polars as pl
import pytest

from pipelines.whole_city.city import BORN, MOVED_IN, ages_on, last_day
from pipelines.whole_city.people.figures import read_figures

YEAR = 365.2425
# At 5,000 residents; at 400,000 every band is met within 1 % (5 % from the age of 95 on).
TOLERANCE_PERSONS = 0.004


def with_parent(city, who):
    parents = city.persons.select(
        "person", **{f"{who}_birth": "birth_date", f"{who}_sex": "sex_code"}
    )
    return city.persons.drop_nulls(who).join(parents, left_on=who, right_on="person")


def test_mothers_were_15_to_50_and_fathers_grown_up_when_a_child_was_born(city):
    ages = with_parent(city, "mother").select(
        years=(pl.col("birth_date") - pl.col("mother_birth")).dt.total_days() / YEAR,
        sex="mother_sex",
    )
    assert ages.height > 1000
    assert ages["years"].min() >= 15
    assert ages["years"].max() <= 50
    assert set(ages["sex"]) == {"2"}
    fathers = with_parent(city, "father")
    assert set(fathers["father_sex"]) == {"1"}
    assert ((fathers["birth_date"] - fathers["father_birth"]).dt.total_days() / YEAR).min() >= 15


def test_children_are_born_into_the_household_of_their_mother(city, eve):
    born = city.versions.filter(pl.col("reason") == BORN, pl.col("effective_date") > eve)
    born = born.join(city.persons.select("person", "mother"), on="person")
    assert born.height > 20
    assert born["mother"].null_count() == 0
    rows = city.spells.select(
        mother="person",
        hers="household_id",
        since="effective_date",
        until="until_date",
        here="is_resident",
    )
    at_birth = born.join(rows, on="mother").filter(
        pl.col("here"),
        pl.col("since") <= pl.col("effective_date"),
        pl.col("until").is_null() | (pl.col("until") > pl.col("effective_date")),
    )
    assert at_birth.height == born.height
    assert (at_birth["hers"] == at_birth["household_id"]).all()


def test_relationships_hold_among_the_people_of_a_household(city):
    for day in (city.months[0], last_day(city.months[-1])):
        rows = city.residents_on(day)
        heads = city.persons.select(
            head="person", head_birth="birth_date", head_sex="sex_code",
            head_mother="mother", head_father="father",
        )  # fmt: skip
        rows = rows.join(heads, on="head")
        said = {name: rows.filter(relationship=name) for name in rows["relationship"].unique()}
        assert (
            (said["子"]["mother"] == said["子"]["head"])
            | (said["子"]["father"] == said["子"]["head"])
        ).all()
        assert (said["母"]["person"] == said["母"]["head_mother"]).all()
        assert (said["父"]["person"] == said["父"]["head_father"]).all()
        assert set(said["妻"]["sex_code"]) == {"2"}
        assert set(said["夫"]["sex_code"]) == {"1"}
        for older in ("兄", "姉"):
            assert (said[older]["birth_date"] < said[older]["head_birth"]).all()
        couples = pl.concat([said["妻"], said["夫"]])
        assert couples["household_id"].is_unique().all()
        assert (couples["sex_code"] != couples["head_sex"]).all()


@pytest.mark.parametrize("serial", [0, 23])
def test_couples_bear_one_name_unless_one_is_a_foreigner(city, serial):
    rows = city.residents_on(last_day(city.months[serial])).filter(pl.col("nationality") == "日本")
    wives = rows.filter(relationship="妻").select("head", hers="surname")
    couples = wives.join(rows.select(head="person", his="surname"), on="head")
    assert couples.height > 500
    assert (couples["hers"] == couples["his"]).all()


def test_a_family_comes_from_one_place(city, eve):
    came = city.residents_on(eve).filter(reason=MOVED_IN)
    places = came.group_by("household_id", "effective_date").agg(pl.col("elsewhere").n_unique())
    assert (places["elsewhere"] == 1).all()


def test_nobody_has_the_name_of_another_in_the_family_at_the_start(city, eve):
    rows = city.residents_on(eve)
    assert rows.select("household_id", "surname", "given").is_duplicated().mean() < 0.001


def test_nobody_heads_a_household_before_18(city):
    for month in city.months:
        day = last_day(month)
        heads = city.residents_on(day).filter(pl.col("person") == pl.col("head"))
        assert heads.select(ages_on(pl.col("birth_date"), day)).to_series().min() >= 17


@pytest.mark.parametrize("sex", [1, 2])
def test_ages_are_those_of_the_figures(city, eve, sex):
    figures = read_figures()
    rows = city.residents_on(eve).filter(sex_code=str(sex))
    ages = rows.select(ages_on(pl.col("birth_date"), eve)).to_series().to_numpy()
    bands = figures.band_of(ages)
    for band in range(len(figures.bands)):
        share = (bands == band).sum() / city.residents_on(eve).height
        wanted = figures.ages[sex - 1][band] / figures.ages.sum()
        assert abs(share - wanted) < TOLERANCE_PERSONS


def test_households_are_those_of_the_figures(city, eve):
    sizes = city.residents_on(eve).group_by("household_id").len()["len"]
    assert abs(sizes.mean() - read_figures().persons_per_household) < 0.05
    assert abs((sizes == 1).mean() - read_figures().households["single"] / 1000) < 0.02


def test_yearly_rates_are_those_of_the_figures(city, eve):
    rates = read_figures().yearly
    lived = city.versions.filter(pl.col("effective_date") > eve)
    years = len(city.months) / 12 * 5000 / 1000
    # Four standard deviations of a count of so many.
    for reason, name in (("born", "births"), ("moved_in", "moved_in"), ("moved_out", "moved_out")):
        expected = rates[name] * years
        assert (
            abs(lived.filter(reason=reason).height - expected) < 4 * expected**0.5 + 0.02 * expected
        )
    assert 70 < lived.filter(reason="died").height < 140
