"""What the gate finds in cells when a row tells of a person, and what no release may hold at all.

Belongs here: rules on content that need to know only whether rows are persons. Must not hold: the
expressions (`patterns_personal`, `surnames`), classes and models (`gate_records`).

In a list of facilities a fixed-line number, an address or the name of a head is what the list is
for; in rows of persons each of them names somebody.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import polars as pl

from anonymize.gate_content import texts_of
from anonymize.gate_words import Fault
from anonymize.patterns_personal import (
    has_home,
    has_house_address,
    has_mail,
    has_phone,
    is_day,
    is_fine_coordinate,
    is_hash,
    is_identity_code,
    names_identity_code,
)
from anonymize.surnames import is_spaced_name, may_be_name, names_somebody

_Test = Callable[[pl.Expr], pl.Expr]
_NOWHERE: Mapping[str, _Test] = MappingProxyType(
    {
        "pattern.person_name": names_somebody,
        "pattern.personal_address": has_home,
        "pattern.identity_code": names_identity_code,
        "pattern.hash": is_hash,
    }
)
_NOT_OF_PERSONS: Mapping[str, _Test] = MappingProxyType(
    {
        "pattern.person_name": lambda text: names_somebody(text) | is_spaced_name(text),
        "pattern.personal_address": has_house_address,
        "pattern.identity_code": lambda text: names_identity_code(text) | is_identity_code(text),
        "pattern.hash": is_hash,
        "pattern.phone": has_phone,
        "pattern.mail": has_mail,
    }
)
# Of values that look like a name without a blank: towns stay far below, names reach four in ten.
_NAMES_SHARE, _FEW = 0.25, 5
_MOST = 0.5
_AGE = r"(?i)^(?:満?年齢(?:[_ ((]?歳[))]?)?|age|age_years|年令)$"
_HOUSEHOLD = (
    r"(?i)^(?:世帯人[数員]|世帯員数|家族人数|household_size|household_persons|family_size)$"
)
OLDEST, LARGEST_HOUSEHOLD = 100, 9
_COORDINATE = r"(?i)^(?:緯度|経度|lat|lon|lng|latitude|longitude|座標)$"


def judge_content(table: pl.DataFrame, *, of_persons: bool) -> Iterator[Fault]:
    """Find names, addresses, phones, mail, official numbers and hash values in cells."""
    for name, texts in texts_of(table):
        # Each different text is looked at once: columns of many rows hold few of them.
        distinct = texts.drop_nulls().group_by("text").len("rows")
        for rule, test in (_NOT_OF_PERSONS if of_persons else _NOWHERE).items():
            if bad := _count(distinct.filter(test(pl.col("text")))):
                yield Fault(rule, (name,), bad)
        if of_persons and (bad := _count_names(distinct)):
            yield Fault("pattern.person_name", (name,), bad)


def judge_exactness(table: pl.DataFrame) -> Iterator[Fault]:
    """Find exact days and coordinates in rows of persons; one value for all rows is no detail."""
    for name in table.columns:
        texts = table.select(pl.col(name).cast(pl.String).alias("text")).drop_nulls()
        if texts["text"].n_unique() <= 1:
            continue
        days = texts.filter(is_day(pl.col("text"))).height
        if isinstance(table[name].dtype, pl.Date | pl.Datetime) or days >= _MOST * texts.height:
            yield Fault("records.exact_date", (name,), days or texts.height)
        fine = texts.filter(is_fine_coordinate(pl.col("text"))).height
        if fine >= _MOST * texts.height or (fine and _is_called(name, _COORDINATE)):
            yield Fault("records.coordinates", (name,), fine)


def judge_extremes(table: pl.DataFrame) -> Iterator[Fault]:
    """Find ages of 100 and over and households of 10 and more in rows of persons."""
    limits = (
        (_AGE, OLDEST - 1, "extreme.age"),
        (_HOUSEHOLD, LARGEST_HOUSEHOLD, "extreme.household"),
    )
    for pattern, highest, rule in limits:
        for name in (n for n in table.columns if _is_called(n, pattern)):
            numbers = table.select(pl.col(name).cast(pl.Float64, strict=False)).to_series()
            if bad := int((numbers > highest).sum()):
                yield Fault(rule, (name,), bad)


def _count(distinct: pl.DataFrame) -> int:
    return int(distinct["rows"].sum())


def _count_names(distinct: pl.DataFrame) -> int:
    hits = distinct.filter(may_be_name(pl.col("text")))
    if hits.height < _FEW or hits.height < _NAMES_SHARE * distinct.height:
        return 0
    return _count(hits)


def _is_called(name: str, pattern: str) -> bool:
    return bool(pl.Series([name]).str.contains(pattern)[0])
