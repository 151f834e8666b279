"""What is read out of an address, step by step.

Belongs here: the shapes handed from one step to the next. Must not hold: any reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from transforms.addresses.town_lists import Base


class Parts(NamedTuple):
    """What one text says.

    Attributes:
        rule: The rule that decided so far; postal code and register are compared later.
        level: How far it was resolved.
        pref: Prefecture.
        city: City.
        base: Official name without 丁目.
        town: Official name, 丁目 in kanji.
        block: 番 or 番地.
        number: 号, or the branch of a 番地.
        rest: Building and room as written.
        room: Room where it was one of the numbers.
        postal: Postal code as written, seven digits.
        reason: Why it stopped here or what was mended, in Japanese.
    """

    rule: str
    level: str
    pref: str | None = None
    city: str | None = None
    base: str | None = None
    town: str | None = None
    block: str | None = None
    number: str | None = None
    rest: str | None = None
    room: str | None = None
    postal: str | None = None
    reason: str | None = None


class Front(NamedTuple):
    """Prefecture and city in front: where they end, what was written and how often."""

    at: int
    pref: bool
    cities: int


class Match(NamedTuple):
    """A town found: its name, the end of its spelling, the rule it was found by."""

    base: Base
    end: int
    rule: str


class Head(NamedTuple):
    """What stands before the first digit: the town, its 丁目 if in kanji, the rule and its reason.

    For another city `base` is null and the place is named instead.
    """

    base: Base | None
    chome: int | None
    rule: str
    reason: str | None
    pref: str | None
    city: str | None
