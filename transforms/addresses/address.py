"""Addresses of one city: parts, official town, postal code and place, each with a verdict.

Belongs here: the column function, and what is compared once the parts are known (postal code,
住居表示台帳). Must not hold: spellings (`usual`, `grammar`), the list of towns (`town_lists`).
"""

from __future__ import annotations

import polars as pl

from transforms.addresses.grammar import read_address
from transforms.addresses.parts import Parts
from transforms.addresses.rooms import part_rooms
from transforms.addresses.rules import RULES
from transforms.addresses.town_lists import TownList, read_towns
from transforms.addresses.usual import read_usual
from transforms.distinct import judge_distinct
from transforms.verdict import BLANK, OK, REPAIRED, VERDICT, name_of, trim

PARTS = {
    "pref": pl.String,
    "city": pl.String,
    "town": pl.String,
    "block": pl.String,
    "number": pl.String,
    "building": pl.String,
    "room": pl.String,
    "level": pl.String,
    "reason": pl.String,
    "postal_code": pl.String,
    "lat": pl.Float64,
    "lon": pl.Float64,
    "town_id": pl.String,
}
ADDRESS = pl.Struct({"value": pl.String, "verdict": VERDICT, "rule": pl.String, **PARTS})
LEVELS = ("number", "block", "town", "city", "prefecture", "outside", "none")

_READ = {"raw": pl.String, **dict.fromkeys(Parts._fields, pl.String)}


def address(column: pl.Expr, *, towns: TownList) -> pl.Expr:
    """Return the parts of an address of a city.

    Args:
        column: Raw text; postal code, prefecture and city may be missing, then the city of `towns`
            is meant.
        towns: The towns of that city.

    Returns:
        Struct `ADDRESS`. `value` is prefecture, city, town, `block-number` and building in one
        line, null under uncertain and refused; parts that were read stay under uncertain.
        `level` is how far it was resolved: `number`, `block`, `town`, `city`, `prefecture`; it is
        `outside` for another city and `none` where nothing was. `lat`, `lon` are those of the town,
        or of the number where the register of 住居表示 has it.
    """

    def judge(distinct: pl.DataFrame) -> pl.Series:
        return read_texts(distinct["0"], towns)

    return judge_distinct([trim(column)], judge, ADDRESS, name_of(column))


def city_address(column: pl.Expr, city: str) -> pl.Expr:
    """Return `address` for the city of a local government code (`read_towns`, kept in memory).

    Args:
        column: Raw text.
        city: Code of the local government, five or six digits.

    Raises:
        ValueError: No municipality has the code.
    """
    return address(column, towns=read_towns(city))


def read_texts(texts: pl.Series, towns: TownList) -> pl.Series:
    """Return the `ADDRESS` of every trimmed text, in order."""
    read = read_usual(texts, towns).with_row_index("at")
    usual, left = read.filter("usual"), read.filter(~pl.col("usual"))
    careful = read_carefully(left["raw"], towns).with_columns(left["at"])
    parts = pl.concat([usual.drop("usual"), careful.select(usual.columns[:-1])])
    return finish(parts.sort("at"), towns)


def read_carefully(texts: pl.Series, towns: TownList) -> pl.DataFrame:
    """Return `raw` and the parts of every text, read one by one."""
    rows = [
        (raw, *(read_address(raw, towns) if raw else Parts(BLANK, "none")))
        for raw in texts.to_list()
    ]
    return pl.DataFrame(rows, schema=_READ, orient="row")


def finish(parts: pl.DataFrame, towns: TownList) -> pl.Series:
    """Return `ADDRESS` from the parts read: building and room parted, towns looked up, compared."""
    placed = _look_up(_part_rooms(parts), towns)
    judged = placed.with_columns(rule=_compare(towns))
    verdicts = {rule: words.verdict for rule, words in RULES.items()}
    verdict = pl.col("rule").replace_strict(verdicts, return_dtype=VERDICT)
    line = _write_line()
    plain = (pl.col("rule") == "address.written_form") & (line == pl.col("raw"))
    kept = verdict.is_in([OK, REPAIRED]) & (pl.col("rule") != BLANK)
    return (
        judged.with_columns(reason=_explain())
        .select(
            value=pl.when(kept).then(line),
            verdict=verdict,
            rule=pl.when(plain).then(pl.lit("address.plain")).otherwise("rule"),
            **{name: pl.col(name) for name in PARTS},
        )
        .to_struct("value")
        .cast(ADDRESS)
    )


def _part_rooms(parts: pl.DataFrame) -> pl.DataFrame:
    """Tell building, room, and how they stand in one line."""
    rooms = part_rooms(pl.col("rest"), pl.col("room"), pl.col("number"))
    return parts.with_columns(building=rooms.building, room=rooms.room, behind=rooms.line)


def _look_up(parts: pl.DataFrame, towns: TownList) -> pl.DataFrame:
    """Add postal code and place of the town, or of the number where it is registered."""
    key = "town" if towns.chome_known else "base"
    listed = towns.towns.select(pl.col("name").alias(key), "postal_code", "lat", "lon", "town_id")
    placed = parts.join(listed, on=key, how="left", maintain_order="left")
    if towns.residences is None:
        return placed.with_columns(registered=pl.lit(value=True))
    register = towns.residences.select(
        "town", "block", "number", own_lat="lat", own_lon="lon", registered=pl.lit(value=True)
    )
    found = placed.join(register, on=["town", "block", "number"], how="left", maintain_order="left")
    return found.with_columns(
        lat=pl.coalesce("own_lat", "lat"),
        lon=pl.coalesce("own_lon", "lon"),
        registered=pl.col("registered").fill_null(pl.col("number").is_null()),
    )


def _compare(towns: TownList) -> pl.Expr:
    """Return the rule once postal code and register are compared; a doubt found before stays."""
    allowed = [base.name + code for base in towns.bases.values() for code in base.postal_codes]
    coded = [base.name for base in towns.bases.values() if base.postal_codes]
    settled = pl.col("rule").replace_strict(
        {rule: words.verdict in {OK, REPAIRED} for rule, words in RULES.items()}
    )
    contradicts = (
        pl.col("postal").is_not_null()
        & pl.col("base").is_in(coded)
        & ~(pl.col("base") + pl.col("postal")).is_in(allowed)
    )
    return (
        pl.when(settled & contradicts)
        .then(pl.lit("address.postal_contradiction"))
        .when(settled & pl.col("town").is_not_null() & ~pl.col("registered"))
        .then(pl.lit("address.number_unknown"))
        .otherwise("rule")
    )


def _write_line() -> pl.Expr:
    numbers = pl.concat_str("block", "number", separator="-", ignore_nulls=True)
    return pl.concat_str(
        "pref",
        "city",
        "town",
        numbers,
        "behind",
        ignore_nulls=True,
    )


def _explain() -> pl.Expr:
    """Return the reason: of a contradiction, of the reading, or of the level."""
    rule, level = pl.col("rule"), pl.col("level")
    return (
        pl.when(rule == "address.postal_contradiction")
        .then(pl.lit("郵便番号が町名と合いません"))
        .when(rule == "address.number_unknown")
        .then(pl.lit("住居表示台帳にこの番号がありません"))
        .when(pl.col("reason").is_not_null())
        .then("reason")
        .when(level == "town")
        .then(pl.lit("番地が書かれていません"))
        .when(level == "block")
        .then(pl.lit("号か枝番が書かれていません"))
    )
