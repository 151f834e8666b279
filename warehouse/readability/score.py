"""Verdicts on the 30 rules and the score of each level, for one file.

A score counts what is wrong for certain: a rule that only a person can judge costs nothing and is
listed. Belongs here: from findings to verdicts to points. Must not hold: looking at cells (`look`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from warehouse.diagnosis.diagnose import SHEETS_AT_ONCE
from warehouse.diagnosis.scene import list_some
from warehouse.readability.beside import read_beside
from warehouse.readability.look import look
from warehouse.readability.rulebook import LEVELS, RuleSpec, deduction, load_rulebook
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.diagnosis.report import Finding
    from warehouse.readability.beside import Beside
    from warehouse.readability.look import FileLook, Looked
    from warehouse.readers.child import ParsingChild

Verdict = Literal["合格", "不合格", "対象外", "人が確かめる"]
PASSED: Verdict = "合格"
FAILED: Verdict = "不合格"
OUT: Verdict = "対象外"
PERSON: Verdict = "人が確かめる"
_SEVERAL_ROWS = "major"


@dataclass(frozen=True)
class Place:
    """One place where a rule is broken, or to be looked at."""

    where: str
    why: str


@dataclass(frozen=True)
class Judgement:
    """One rule's verdict on one file.

    Attributes:
        severity: Of the breach as it is.
        tables: In how many tables the rule is broken; each costs its points.
        places: Where and why.
        remedy: What to change.
    """

    rule: RuleSpec
    verdict: Verdict
    severity: str
    tables: int = 0
    places: tuple[Place, ...] = ()
    remedy: str = ""

    @property
    def points(self) -> int:
        """Give the points it costs on its level."""
        failed = self.verdict == FAILED
        return deduction(self.severity, self.rule.level) * self.tables if failed else 0


@dataclass(frozen=True)
class Scorecard:
    """All verdicts on a file; `beside` names the files that explain it."""

    file: str
    judgements: tuple[Judgement, ...]
    headings: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def scores(self) -> dict[int, int | None]:
        """Give level to points, 0 to 100; None where no rule of the level could be judged."""
        return {level: self._score(level) for level in LEVELS}

    def _score(self, level: int) -> int | None:
        asked = [
            j for j in self.judgements if j.rule.level == level and j.verdict in {PASSED, FAILED}
        ]
        return max(0, 100 - sum(j.points for j in asked)) if asked else None


def score_file(path: Path, child: ParsingChild) -> Scorecard:
    """Judge a file and what lies beside it; a file that cannot be read is an answer too."""
    beside = read_beside(path)
    rules = load_rulebook().values()
    try:
        looked = _look(path, child, beside)
    except Refusal as refusal:  # stopped by the limits of time and memory
        place = Place(refusal.where, refusal.what)
        return Scorecard(path.name, tuple(_leave(rule, place, refusal.remedy) for rule in rules))
    if looked.refusal is not None:
        judged = tuple(_judge_unread(rule, looked.refusal) for rule in rules)
        return Scorecard(path.name, judged)
    judged = tuple(_judge(rule, looked, beside) for rule in rules)
    headings = looked.tables[0].headings if looked.tables else ()
    return Scorecard(path.name, judged, headings, beside.sources)


def _look(path: Path, child: ParsingChild, beside: Beside) -> FileLook:
    """Look at all sheets, a few at a time, each few within the child's limits."""
    first, sheets = child.run(look, path, path.name, beside, 0, file=path.name)
    for start in range(SHEETS_AT_ONCE, sheets, SHEETS_AT_ONCE):
        more, _ = child.run(look, path, path.name, beside, start, file=path.name)
        first = replace(
            first, tables=(*first.tables, *more.tables), refusal=first.refusal or more.refusal
        )
    return first


def _leave(rule: RuleSpec, place: Place, remedy: str) -> Judgement:
    return Judgement(rule, PERSON, rule.severity, 0, (place,), remedy)


def _judge_unread(rule: RuleSpec, refusal: Finding) -> Judgement:
    if rule.id != "L1-01":
        return Judgement(rule, OUT, rule.severity)
    places = (Place(refusal.where, refusal.message),)
    return Judgement(rule, FAILED, rule.severity, 1, places, refusal.remedy)


def _judge(rule: RuleSpec, looked: FileLook, beside: Beside) -> Judgement:
    if not _is_asked(rule, looked):
        return Judgement(rule, OUT, rule.severity)
    if rule.id in {"L3-07", "L3-08"}:
        return _ask(rule, ()) if rule.id == "L3-07" else _judge_definition(rule, looked, beside)
    own = [f for f in looked.findings if f.rule == rule.id]
    broken = [found for table in looked.tables if (found := _found(rule, table, beside))]
    broken += [own] if own else []
    places = tuple(Place(f.where, f.message) for findings in broken for f in findings)
    if not places:
        return Judgement(rule, PASSED, rule.severity)
    if rule.person and not (rule.id == "L1-08" and looked.encoding == "cp932"):
        return _ask(rule, places)
    severity = _severity(rule, looked.tables)
    return Judgement(rule, FAILED, severity, len(broken), places, rule.remedy)


def _is_asked(rule: RuleSpec, looked: FileLook) -> bool:
    """Tell whether a rule is about such a file and about anything in it."""
    if rule.id == "L1-01":
        return True
    fits = not rule.only or rule.only == looked.kind
    has = not rule.about or any(rule.about in table.about for table in looked.tables)
    return bool(looked.tables) and fits and has


def _ask(rule: RuleSpec, places: tuple[Place, ...]) -> Judgement:
    return Judgement(rule, PERSON, rule.severity, 0, places, rule.person)


def _found(rule: RuleSpec, table: Looked, beside: Beside) -> list[Finding]:
    """Give the findings of a rule that nothing beside the file answers."""
    found = [f for f in table.findings if f.rule == rule.id]
    if rule.id == "L3-04":
        lacking = [n for n in table.unitless if not ((said := beside.of(n)) and said.unit)]
        why = f"単位の分からない数値の列があります: {list_some(lacking, 5)}"
        return [replace(finding, where=table.where, message=why) for finding in found if lacking]
    if rule.id == "L3-02" and all((d := beside.of(name)) and d.has_codes for name in table.coded):
        return []
    return found


def _judge_definition(rule: RuleSpec, looked: FileLook, beside: Beside) -> Judgement:
    """Definitions and history: told beside the file for every column, or a person must look."""
    if not beside.columns:
        return _ask(rule, ())
    lacking = [
        name
        for table in looked.tables
        for name in table.headings
        if not ((said := beside.of(name)) and said.meaning)
    ]
    if lacking:
        why = f"定義のファイルに意味のない項目が {len(lacking)} あります: {'、'.join(lacking[:5])}"
        places = (Place("、".join(beside.sources), why),)
        return Judgement(rule, FAILED, rule.severity, 1, places, rule.remedy)
    if not beside.has_history:
        return _ask(rule, (Place("、".join(beside.sources), "更新の履歴は書かれていません。"),))
    return Judgement(rule, PASSED, rule.severity)


def _severity(rule: RuleSpec, tables: Iterable[Looked]) -> str:
    """Headings of several rows at the very top are less grave than a table that begins elsewhere."""
    at_top = all(table.starts_at_top for table in tables)
    return _SEVERAL_ROWS if rule.id == "L3-01" and at_top else rule.severity
