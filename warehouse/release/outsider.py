"""What a stranger could learn from a candidate: for whoever must decide, in plain sentences.

Belongs here: what one row means, the smallest numbers, columns that name persons or contacts, and
what the file adds to what is public. Must not hold: what forbids a release (`anonymize.gate`,
`overlap`): this is for eyes, and stops nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from anonymize.surnames import is_spaced_name, may_be_name, names_somebody
from assets.overlaps import CountsNobody, CountsPersons
from assets.release import AnonymisedRecords
from warehouse.refusal import Refusal
from warehouse.release.diff import read_text
from warehouse.release.overlap import populations
from warehouse.release.overlap_ledger import collect
from warehouse.release.overlap_released import read_meaning, write_meaning
from warehouse.release.version import Version, version_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assets.register import Register, ReleaseQuery
    from assets.release import Release
    from assets.standard import Standard
    from warehouse.home import Home

SMALL = 10  # persons
_NAMING = re.compile(
    r"(氏名|姓名|代表者|担当者|責任者|管理者|開設者|営業者|所有者|申請者|届出者|世帯主|講師|施設長|園長|校長)"
)
_CONTACT = re.compile(r"(電話|内線|FAX|ファクス|メール|連絡先|郵便番号)", re.IGNORECASE)
_CONTACT_TYPES = {"phone", "email"}
# What tells which thing in the world a row is about.
_JOINING = ("名称", "施設名", "所在地_連結表記", "法人番号")


@dataclass(frozen=True)
class Naming:
    """One filled column that may name or reach somebody.

    Attributes:
        why: What speaks for it.
        filled: Rows with a value.
    """

    column: str
    why: str
    filled: int


@dataclass(frozen=True)
class Outsider:
    """What is told of a candidate.

    Attributes:
        row_means: What one row is, as finely as the file tells.
        columns: Filled columns and what they hold.
        small: Of the smallest numbers of persons; empty: no persons are counted.
        adds: What comes to what is public already.
    """

    row_means: str
    columns: tuple[tuple[str, str], ...]
    small: tuple[str, ...]
    naming: tuple[Naming, ...]
    adds: tuple[str, ...]


def look_as_outsider(
    home: Home,
    register: Register,
    release: ReleaseQuery,
    table: pl.DataFrame,
    *,
    integers: Sequence[str],
    public: Mapping[str, Sequence[Version]],
) -> Outsider:
    """Look at a candidate's table as somebody who knows everything public.

    Args:
        home: Of the city.
        register: What the releases declare.
        release: The candidate's.
        table: Its file, all text.
        integers: Columns of whole numbers.
        public: Release to its versions on offer.
    """
    filled = [name for name in table.columns if table[name].null_count() < table.height]
    return Outsider(
        row_means=_say_row(release.spec),
        columns=tuple((name, _describe(release.standard, name)) for name in filled),
        small=tuple(_say_small(release.spec, table, integers)),
        naming=tuple(_name_persons(release.standard, table.select(filled))),
        adds=(
            *_say_same_persons(home, register, release),
            *_say_same_things(home, register, release, table.select(filled), public),
        ),
    )


def _say_row(spec: Release) -> str:
    if isinstance(spec.protection, AnonymisedRecords):
        return "1行は、1人(または1世帯)です。名前などを除き、値を粗くしてあります。"
    overlaps = spec.overlaps
    if isinstance(overlaps, CountsPersons):
        names = dict.fromkeys(
            [*overlaps.rows.values(), *(d for c in overlaps.cells.values() for d in c)]
        )
        names |= dict.fromkeys(re.findall(r"\{([^{}]+)\}", "".join(overlaps.cells)))
        return (
            f"1行は「{'・'.join(overlaps.rows.values())}」の1区分です。最も細かい数字は、"
            f"{'×'.join(names)} ごとの{overlaps.population}の人数です。"
        )
    why = f"({overlaps.reason})" if isinstance(overlaps, CountsNobody) else ""
    return f"1行は、{spec.title}の1件です。人を数えた表ではありません{why}。"


def _describe(standard: Standard, name: str) -> str:
    column = standard.column(name)
    return column.description if column else ""


def _say_small(spec: Release, table: pl.DataFrame, integers: Sequence[str]) -> Iterator[str]:
    """Word the smallest numbers of persons of a counted table, and how many there are."""
    overlaps = spec.overlaps
    if not isinstance(overlaps, CountsPersons):
        return
    names = [n for n in integers if n not in overlaps.other_columns]
    cells = table.select(pl.col(names).cast(pl.Int64, strict=False)).unpivot()["value"].drop_nulls()
    above = cells.filter(cells > 0)
    if above.is_empty():
        yield "0より大きい人数はありません。"
        return
    few = above.filter(above < SMALL).len()
    yield f"いちばん小さい人数は {above.min()} 人です(公開するファイルの値。0 は {(cells == 0).sum():,} ます)。"
    yield f"{SMALL}人に満たない人数は、{above.len():,} ますのうち {few:,} ますです。"


def _name_persons(standard: Standard, table: pl.DataFrame) -> Iterator[Naming]:
    for name in table.columns:
        column, values = standard.column(name), table[name].drop_nulls()
        if _NAMING.search(name):
            yield Naming(name, "人の名前を書く列のようです", values.len())
        elif (column and column.type in _CONTACT_TYPES) or _CONTACT.search(name):
            yield Naming(name, "連絡先の列です(個人のものでないか確かめてください)", values.len())
        elif hits := _count_names(values):
            yield Naming(name, f"人の名前のような値が {hits:,} 件あります", values.len())


def _count_names(values: pl.Series) -> int:
    """Count values that read as a person's name; single ones without a blank prove nothing."""
    text = pl.col(values.name)
    certain, perhaps = (
        values.to_frame()
        .select(
            (names_somebody(text) | is_spaced_name(text)).sum().alias("certain"),
            may_be_name(text).sum().alias("perhaps"),
        )
        .row(0)
    )
    return certain + (perhaps if perhaps * 5 >= values.len() else 0)


def _say_same_persons(home: Home, register: Register, release: ReleaseQuery) -> Iterator[str]:
    """Name what is out about the same persons; the attack itself is among the findings."""
    persons = read_meaning(write_meaning(release)).persons
    if persons is None:
        return
    declared = {name: read_meaning(write_meaning(r)) for name, r in register.releases.items()}
    try:
        out = collect(home, persons, declared, populations(register))
    except Refusal as refusal:
        yield f"同じ人たちの公開データを読めませんでした: {refusal.what}"
        return
    held = "、".join(f"{h.released.release} v{h.released.version}" for h in out.held)
    yield (
        f"同じ人たち({persons.population})を数えた公開中の版: {held or 'ありません'}。"
        "並べて引き算・連立したときに分かることは、検査の指摘(overlap)に出ます。"
    )
    if out.withdrawn:
        yield f"取り下げた版が {out.withdrawn} あります。すでに手に入れた人は、並べることができます。"


def _say_same_things(
    home: Home,
    register: Register,
    release: ReleaseQuery,
    table: pl.DataFrame,
    public: Mapping[str, Sequence[Version]],
) -> Iterator[str]:
    """Say which columns are new to the public, and with which data rows can be put together."""
    others = {n: v[-1] for n, v in public.items() if v and n in register.releases}
    known = others.pop(release.name, None)
    if known is None:
        yield "この公開データは、初めて(または取下げの後に)公開されます。"
    else:
        before = _read(home, known)
        filled = {n for n in before.columns if before[n].null_count() < before.height}
        new = [name for name in table.columns if name not in filled]
        yield f"前の版({known.name})で空だったか、なかった列: {'、'.join(new) or 'ありません'}"
    keys = [name for name in _JOINING if name in table.columns]
    for name, version in others.items():
        yield from _say_joined(_read(home, version), register.releases[name].spec, table, keys)


def _say_joined(
    other: pl.DataFrame, spec: Release, table: pl.DataFrame, keys: Iterable[str]
) -> Iterator[str]:
    for key in keys:
        if key not in other.columns:
            continue
        same = table.join(other.select(key), on=key, how="semi").height
        if same:
            new = [name for name in table.columns if name not in other.columns]
            yield (
                f"「{spec.title}」と {key} が同じ行が {same:,} あり、並べると "
                f"{'、'.join(new[:8]) or '新しい列はなく、値'} が分かります。"
            )
            return


def _read(home: Home, version: Version) -> pl.DataFrame:
    return read_text(version_folder(home, version.release, version.name), version.candidate)
