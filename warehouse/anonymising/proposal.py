"""Which part each column should play, and which rule fits its content: a proposal, not a decision.

Here stand the reasons, by the register's classification where the table has one and else by header
and values. When in doubt a column is a quasi-identifier: that costs detail, the other slip costs
people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, cast

from warehouse.anonymising.profile import Profile, profile
from warehouse.anonymising.rule_choice import choose_rule
from warehouse.diagnosis.column_types import infer_type
from warehouse.diagnosis.facts import gather_facts
from warehouse.diagnosis.persons import suspect_persons
from warehouse.tables.table import TableColumn

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from warehouse.tables.table import Table

Part = Literal["identifiers", "quasi_identifiers", "sensitive", "insensitive"]
_NAMING = {
    *("氏名", "氏名カナ", "住所", "電話番号", "メールアドレス", "個人番号", "宛名番号", "世帯番号"),
    *("口座番号", "被保険者番号", "基礎年金番号", "受給者番号", "本籍"),
}
_KNOWN_OUTSIDE = {"生年月日", "性別", "続柄", "年齢", "国籍"}
_SECRET = {"要配慮個人情報", "所得"}
_SECRET_WORDS = re.compile(
    r"病|疾|診断|障害|障がい|要介護|介護度|認定|生活保護|扶助|滞納|宗教|犯罪|死因|虐待|相談|所得|収入|税額|給与|"
    r"diagnos|disease|illness|disabil|care_?level|income|salary|religio|crime",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"(?:番号|コード|id|no\.?|キー)$", re.IGNORECASE)
_MEASURED = r"^-?[0-9]+(?:\.[0-9]+)?$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ALL_DIFFERENT, _LONG_TEXT = 0.9, 25
_FEW_ROWS = 20


@dataclass(frozen=True)
class Said:
    """What the register says of a column: its classification, role and title."""

    classification: str
    role: str | None
    title: str = ""


@dataclass(frozen=True)
class Proposed:
    """One column's part.

    Attributes:
        part: the key of the policy.
        reason: why, in Japanese.
        profile: what the column tells.
        spec: for a quasi-identifier what stands in the policy.
        rows: for one without a fitting rule the rows of a hierarchy file to be drafted.
        note: what to look at in the rule or the draft.
    """

    part: Part
    reason: str
    profile: Profile
    spec: Mapping[str, Any] | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""


def propose(frame: pl.DataFrame, said: Mapping[str, Said], *, today_year: int) -> list[Proposed]:
    """Propose a part for every column.

    Args:
        frame: the rows as text.
        said: what the register says, by column; empty for a file.
        today_year: births cannot lie behind it.
    """
    kinds = _suspect(frame, today_year)
    return [_propose(frame[name], said.get(name), kinds.get(name, "")) for name in frame.columns]


def _propose(column: pl.Series, said: Said | None, kind: str) -> Proposed:
    told = profile(column)
    part, reason = _by_register(column, said) or _by_content(column, told, kind)
    if part != "quasi_identifiers":
        return Proposed(part, reason, told)
    choice = choose_rule(column, said.title if said else column.name, kind)
    return Proposed(part, reason, told, choice.spec, choice.rows, choice.note)


def _by_register(column: pl.Series, said: Said | None) -> tuple[Part, str] | None:
    if column.name.startswith("_"):
        return "identifiers", "データ基盤の管理用の列"
    if said is None or said.role is None:
        return None
    if said.role in {"identifier", "direct_identifier"}:
        return "identifiers", f"台帳: {said.classification}・識別子"
    if said.role == "quasi_identifier":
        return "quasi_identifiers", f"台帳: {said.classification}・準識別子"
    if said.classification == "公開":
        return "insensitive", "台帳: 公開の属性"
    return "sensitive", f"台帳: {said.classification}・属性"


def _by_content(column: pl.Series, told: Profile, kind: str) -> tuple[Part, str]:
    differs = told.distinct >= _ALL_DIFFERENT * len(column) and len(column) > _FEW_ROWS
    numbering = not _is_measured(column) or bool(_NUMBERING.search(column.name))
    lengths = column.drop_nulls().str.len_chars()
    is_long = int(lengths.sum()) > _LONG_TEXT * len(lengths)
    cases: tuple[tuple[bool, Part, str], ...] = (
        (kind in _NAMING, "identifiers", f"{kind}らしい列(人を名指しする)"),
        (kind in _KNOWN_OUTSIDE, "quasi_identifiers", f"{kind}らしい列(外の人が知り得る)"),
        (kind in _SECRET, "sensitive", f"{kind}らしい列"),
        (bool(_SECRET_WORDS.search(column.name)), "sensitive", "知られたくない事柄らしい列"),
        (told.distinct <= 1, "insensitive", "どの行も同じ値"),
        (is_long, "identifiers", "自由記述らしい列(氏名などが書かれ得る)"),
        (differs and numbering, "identifiers", "ほとんどの行で値が違う列(番号や名前)"),
    )
    doubt = "外の人が知り得るかもしれない列(知り得ないと言えるなら移す)"
    found = ((part, reason) for holds, part, reason in cases if holds)
    return next(found, ("quasi_identifiers", doubt))


def _is_measured(column: pl.Series) -> bool:
    """Tell whether most values are numbers with a meaning of their own, or dates."""
    number = column.drop_nulls().str.contains(
        r"^-?[0-9]+(?:\.[0-9]+)?$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    )
    return bool(len(number)) and float(cast("float", number.mean())) > _ALL_DIFFERENT


def _suspect(frame: pl.DataFrame, today_year: int) -> dict[str, str]:
    """Ask the diagnosis of delivered files which columns may be about persons."""
    columns = tuple(TableColumn(at, name) for at, name in enumerate(frame.columns, start=1))
    numbered = frame.rename({column.name: f"c{column.number}" for column in columns})
    table = cast("Table", SimpleNamespace(columns=columns))
    facts = gather_facts(numbered, table)
    types = {fact.number: infer_type(fact) for fact in facts}
    found = suspect_persons(facts, types, today_year=today_year).kinds
    return {column.name: found[column.number] for column in columns if column.number in found}
