"""The family registers (戸籍) of the Japanese among the residents: who is in which, from when to when.

Source of the rules: 戸籍法第16条 (a couple gets a register of its own), 第17条 (so does whoever has a
child out of wedlock), 第18条 (a child enters its parents'), 第19条 (who changed the surname leaves on
divorce), 第23条 (the dead leave). That 45 in 100 registers are kept by this city, and the days of
marriages before the first month, are assumptions.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import DIVORCED, MARRIED
from pipelines.whole_city.records.lives import JAPAN, draw, first_rows, last_rows

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

BORN_EVENT, MARRIAGE, DIVORCE, DEATH, COMPILED = "01", "05", "06", "08", "15"
HUSBAND_HEADS = 0.95
KEPT_HERE = 0.45
_ADULT_DAYS, _MARRYING_DAYS = 24 * 365, 8 * 365
_LAST = dt.date.max


def tell_memberships(city: City) -> pl.DataFrame:
    """Give who was in which register, one row a person and register.

    Returns:
        `person`, `register` (2 × the person at its head, +1 where that person is its child),
        `role` (0 head, 1 spouse, 2 child), `entered_date`, `entry_code`, `left_date` (never null),
        `leaving_code` (null: still there), `is_here` (kept by this city), `compiled_date`, and
        `member_number`, in the order of entry.
    """
    founders = _founders(city)
    rows = pl.concat([_as_children(city, founders), *_as_grown_ups(founders)])
    return _number_members(_let_die(rows, city)).join(_kept_here(city), on="register", how="left")


def tell_couples(city: City) -> pl.DataFrame:
    """List couples: `husband`, `wife`, `married_date`, `divorced_date` (null: none); one a person."""
    japanese = city.persons.filter(pl.col("nationality") == JAPAN)
    sexes = japanese.select("person", "sex_code", "birth_date")
    spouses = city.versions.filter(pl.col("relationship").is_in(["妻", "夫"]))
    pairs = pl.concat(
        [
            japanese.select(one="mother", other="father").drop_nulls(),
            spouses.select(one="person", other="head"),
        ]
    ).unique(maintain_order=True)
    known = pairs.join(sexes, left_on="one", right_on="person").join(
        sexes, left_on="other", right_on="person", suffix="_other"
    )
    is_wife = pl.col("sex_code") == "2"
    couples = known.filter(pl.col("sex_code") != pl.col("sex_code_other")).select(
        husband=pl.when(is_wife).then("other").otherwise("one"),
        wife=pl.when(is_wife).then("one").otherwise("other"),
        grown=pl.max_horizontal("birth_date", "birth_date_other"),
    )
    single = couples.unique("husband", keep="last", maintain_order=True)
    return _with_days(single.unique("wife", keep="last", maintain_order=True), city)


def _with_days(couples: pl.DataFrame, city: City) -> pl.DataFrame:
    """Add the days of marriage and divorce: as the register says, else some time in their twenties."""
    for reason, name in ((MARRIED, "married"), (DIVORCED, "divorced")):
        said = city.versions.filter(pl.col("reason") == reason)
        days = said.group_by("person").agg(day=pl.col("effective_date").min())
        for one in ("husband", "wife"):
            named = days.rename({"person": one, "day": f"{name}_{one}"})
            couples = couples.join(named, on=one, how="left", maintain_order="left")
    eldest = city.persons.group_by(wife="mother").agg(eldest=pl.col("birth_date").min())
    drawn = draw(city, "marrying").rename({"person": "wife"})
    couples = couples.join(eldest, on="wife", how="left").join(drawn, on="wife", how="left")
    years = pl.duration(days=(_ADULT_DAYS + _MARRYING_DAYS * pl.col("marrying")).cast(pl.Int64))
    before = pl.min_horizontal(
        pl.col("grown") + years,
        pl.col("eldest").dt.offset_by("-1y"),
        pl.lit(city.months[0]).dt.offset_by("-30d"),
    )
    said = pl.coalesce("married_wife", "married_husband")
    return couples.sort("husband").select(
        "husband",
        "wife",
        married_date=pl.coalesce(said, before),
        divorced_date=pl.min_horizontal("divorced_wife", "divorced_husband"),
    )


def _founders(city: City) -> pl.DataFrame:
    """Say of everybody who has left the parents' register: to which, when, as what, until when.

    `person`, `register`, `role`, `day`, `code`, `until`: couples, and parents without a spouse.
    """
    couples = tell_couples(city).join(
        draw(city, "husband_heads").rename({"person": "husband"}), on="husband", how="left"
    )
    named = first_rows(city.versions).select(
        "person", changed=pl.col("surname") != last_rows(city.versions)["surname"]
    )
    for one in ("husband", "wife"):
        was = named.rename({"person": one, "changed": f"changed_{one}"})
        couples = couples.join(was, on=one, how="left", maintain_order="left")
    by_draw = pl.col("husband_heads") < HUSBAND_HEADS
    heads = ~pl.col("changed_husband") & (pl.col("changed_wife") | by_draw)
    couples = couples.with_columns(
        head=pl.when(heads).then("husband").otherwise("wife"),
        spouse=pl.when(heads).then("wife").otherwise("husband"),
    )
    register = pl.col("head") * 2
    married = [
        couples.select(
            person=one,
            register=register,
            role=pl.lit(role),
            day="married_date",
            code=pl.lit(MARRIAGE),
            until=pl.col("divorced_date") if role else pl.lit(None, dtype=pl.Date),
        )
        for role, one in ((0, "head"), (1, "spouse"))
    ]
    return pl.concat([*married, _lone_parents(city, pl.concat(married))])


def _lone_parents(city: City, married: pl.DataFrame) -> pl.DataFrame:
    """Give those who got a register with their first child."""
    children = city.persons.filter(pl.col("nationality") == JAPAN)
    parents = pl.concat(
        [
            children.filter(pl.col(p).is_not_null()).select(person=p, day="birth_date")
            for p in ("mother", "father")
        ]
    )
    japanese = children.select("person")
    return (
        parents.join(japanese, on="person", how="semi")
        .join(married, on="person", how="anti")
        .group_by("person")
        .agg(day=pl.col("day").min())
        .sort("person")
        .select(
            "person",
            register=pl.col("person") * 2,
            role=pl.lit(0),
            day="day",
            code=pl.lit(COMPILED),
            until=pl.lit(None, dtype=pl.Date),
        )
    )


def _as_children(city: City, founders: pl.DataFrame) -> pl.DataFrame:
    """Put everybody into a register at birth: the mother's, the father's, or one of parents unknown."""
    japanese = city.persons.filter(pl.col("nationality") == JAPAN)
    of = founders.select("person", "register")
    own = founders.select("person", left_date="day", leaving_code="code")
    return (
        japanese.join(of.rename({"person": "mother"}), on="mother", how="left")
        .join(of.rename({"person": "father"}), on="father", how="left", suffix="_of_father")
        .join(own, on="person", how="left")
        .sort("person")
        .select(
            "person",
            register=pl.coalesce("register", "register_of_father", pl.col("person") * 2 + 1),
            role=pl.lit(2),
            entered_date="birth_date",
            entry_code=pl.lit(BORN_EVENT),
            left_date="left_date",
            leaving_code="leaving_code",
        )
    )


def _as_grown_ups(founders: pl.DataFrame) -> list[pl.DataFrame]:
    """Give the registers people enter themselves; who leaves a couple's gets one of their own."""
    entered = founders.select(
        "person",
        "register",
        "role",
        entered_date="day",
        entry_code="code",
        left_date="until",
        leaving_code=pl.when(pl.col("until").is_not_null()).then(pl.lit(DIVORCE)),
    )
    left = founders.filter(pl.col("until").is_not_null())
    alone = left.select(
        "person",
        register=pl.col("person") * 2,
        role=pl.lit(0),
        entered_date="until",
        entry_code=pl.lit(DIVORCE),
        left_date=pl.lit(None, dtype=pl.Date),
        leaving_code=pl.lit(None, dtype=pl.String),
    )
    return [entered, alone]


def _let_die(rows: pl.DataFrame, city: City) -> pl.DataFrame:
    """End with the death what would have gone on after it."""
    deaths = city.persons.select("person", "death_date")
    died = pl.col("death_date").is_not_null() & (
        pl.col("left_date").is_null() | (pl.col("death_date") < pl.col("left_date"))
    )
    return (
        rows.join(deaths, on="person", how="left", maintain_order="left")
        .with_columns(
            left_date=pl.when(died).then("death_date").otherwise("left_date").fill_null(_LAST),
            leaving_code=pl.when(died).then(pl.lit(DEATH)).otherwise("leaving_code"),
        )
        .filter(pl.col("entered_date") < pl.col("left_date"))
        .drop("death_date")
    )


def _number_members(rows: pl.DataFrame) -> pl.DataFrame:
    """Number the members in the order of entry; a register of unknown parents has these first."""
    ordered = rows.sort("register", "role", "entered_date", "person")
    unknown = pl.when(pl.col("register") % 2 == 1).then(2).otherwise(0)
    return ordered.with_columns(
        member_number=(pl.int_range(pl.len()) + 1).over("register") + unknown,
        compiled_date=pl.col("entered_date").min().over("register"),
    )


def _kept_here(city: City) -> pl.DataFrame:
    """Draw which registers this city keeps."""
    drawn = city.rng("registers kept here").random(2 * city.persons.height) < KEPT_HERE
    return pl.DataFrame({"is_here": drawn}).with_row_index("register").cast({"register": pl.Int32})
