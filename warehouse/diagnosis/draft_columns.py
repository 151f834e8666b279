"""The columns of a drafted contract: id, type, labels, marks, and the safest class that still runs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from assets.contract import Layout
from warehouse.diagnosis import vocabulary as words
from warehouse.diagnosis.column_types import is_readable_unit
from warehouse.diagnosis.persons import MY_NUMBER
from warehouse.diagnosis.romanise import romanise, unique_names
from warehouse.readers.headers import header_paths, letter_path
from warehouse.tables.vocabulary import MARK_MEANINGS

if TYPE_CHECKING:
    from warehouse.diagnosis.column_types import ColumnType
    from warehouse.diagnosis.facts import ColumnFacts
    from warehouse.diagnosis.scene import Scene

CONFIRM = "要確認"
_ROLES = {
    "氏名": "direct_identifier", "氏名カナ": "direct_identifier", "住所": "direct_identifier",
    "電話番号": "direct_identifier", "メールアドレス": "direct_identifier", "口座番号": "direct_identifier",
    "本籍": "direct_identifier", MY_NUMBER: "direct_identifier",
    "生年月日": "quasi_identifier", "性別": "quasi_identifier", "年齢": "quasi_identifier",
    "国籍": "quasi_identifier", "続柄": "attribute", "要配慮個人情報": "attribute", "所得": "attribute",
    "保険者番号": "attribute",
}  # fmt: skip
_ENDINGS = {
    "円": "yen", "千円": "thousand_yen", "百万円": "million_yen", "人": "count", "件": "count", "世帯": "count",
    "戸": "count", "台": "count", "㎡": "m2", "m2": "m2", "平方メートル": "m2", "㎢": "km2", "km2": "km2", "%": "rate",
    "％": "rate", "t": "ton", "トン": "ton", "ha": "ha", "m": "m", "km": "km", "kg": "kg",
}  # fmt: skip
_TYPE_ENDINGS = {"date": "date", "month": "month", "code": "code", "percent": "rate"}
_NO_KEYS = {"name", "kana", "latitude", "longitude", "decimal", "percent", "boolean"}


@dataclass(frozen=True)
class DraftColumn:
    """One column of a draft; `rank` says how gladly it is taken for the key (lower is better)."""

    name: str
    source: str
    title: str
    type: str
    classification: str
    role: str | None = None
    length: int | None = None
    unit: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    marks: dict[str, str] = field(default_factory=dict)
    carried: bool = False
    required: bool = False
    rank: int = 1

    def as_fields(self) -> dict[str, object]:
        """Give the fields the contract writes, in the order people read them."""
        fields = {
            "source": self.source, "title": self.title, "type": self.type, "length": self.length,
            "labels": self.labels, "true": list(self.true), "false": list(self.false), "unit": self.unit,
            "marks": self.marks, "carried": self.carried, "required": self.required,
            "classification": self.classification, "role": self.role,
        }  # fmt: skip
        return {name: value for name, value in fields.items() if value}

    def as_text(self) -> DraftColumn:
        """Give the column as plain text, which takes every value."""
        return replace(self, type="text", length=None, labels={}, true=(), false=(), marks={})


def draft_columns(scene: Scene) -> tuple[list[DraftColumn], dict[str, str], list[str]]:
    """Draft the columns of a table.

    Returns:
        The columns, the headers left out with the reason, and Japanese notices about them.
    """
    facts = {column.number: column for column in scene.facts}
    paths = header_paths(scene.grid, Layout(header_rows=scene.table.header_rows or (1, 1)))
    paths |= {n: letter_path(n) for n, c in facts.items() if n not in paths and c.distinct}
    counts = pl.Series(list(paths.values())).value_counts().rows() if paths else []
    twice = {path for path, count in counts if count > 1}
    taken = [n for n, path in paths.items() if n in facts and path not in twice]
    names = unique_names((*_wanted(scene, facts[n], paths[n]), f"column_{n:02}") for n in taken)
    columns = [
        _draft(scene, facts[number], name, _without_time(paths[number], [*paths.values()]))
        for number, name in zip(taken, names, strict=True)
    ]
    left, notices = _left_out(paths, facts, twice)
    return columns, left, notices


def _left_out(
    paths: dict[int, str], facts: dict[int, ColumnFacts], twice: set[str]
) -> tuple[dict[str, str], list[str]]:
    left = dict.fromkeys(sorted(twice), "同じ見出しの列が2つ以上あり、区別できない")
    left |= {
        path: "表の外の列" for n, path in paths.items() if n not in facts and path not in twice
    }
    notices = [
        f"同じ見出しの列「{path}」は取り込みません。見出しを分けてもらってください。"
        for path in sorted(twice)
    ]
    lettered = [path for n, path in paths.items() if path == letter_path(n)]
    if lettered:
        called = "、".join(lettered)
        notices.append(f"見出しのない列は {called} と呼びます。見出しを付けてもらってください。")
    return left, notices


def _draft(scene: Scene, facts: ColumnFacts, name: str, path: str) -> DraftColumn:
    kind = scene.types[facts.number]
    personal = scene.suspicion.kinds.get(facts.number)
    classification, role = _classify(personal, is_person=scene.suspicion.is_about_persons)
    type_name = "digits" if personal == MY_NUMBER else "text" if kind.name == "empty" else kind.name
    unit = facts.column.unit or kind.unit
    numeric = type_name in {"integer", "decimal", "percent"}
    return DraftColumn(
        name=name,
        source=path,
        title=_title(facts, path) or name,
        type=type_name,
        classification=classification,
        role=role,
        length=_length(facts) if type_name == "digits" else None,
        unit=unit if numeric and unit and is_readable_unit(unit) else None,
        labels=_labels(scene, facts, kind) if type_name == "code" else {},
        true=kind.true,
        false=kind.false,
        carried=facts.column.is_carried and facts.blanks > 0,
        marks={m: facts.column.marks.get(m) or MARK_MEANINGS.get(m, CONFIRM) for m in kind.marks},
        rank=_rank(facts, type_name),
    )


def _title(facts: ColumnFacts, path: str) -> str:
    """Take the last level that is more than the unit row."""
    levels = [level for level in path.split("/") if level != facts.column.unit]
    return " ".join(levels[-1].split()) if levels else ""


def _classify(personal: str | None, *, is_person: bool) -> tuple[str, str | None]:
    """A suspect, and everything said of a person, is 個人; the rest is not for the public yet."""
    if personal == MY_NUMBER:
        return "特定個人", "direct_identifier"
    if personal:
        return "個人", _ROLES.get(personal, "identifier")
    return ("個人", "attribute") if is_person else ("庁内", None)


def _without_time(path: str, paths: list[str]) -> str:
    """Let the year or month in a header be any, where the other levels still name one column."""
    levels = path.split("/")
    spoken = ["*" if words.names_a_time(level.lower()) else level for level in levels]
    fits = [p for p in paths if _fits(spoken, p.split("/"))]
    return "/".join(spoken) if len(fits) == 1 and {*spoken} != {"*"} else path


def _fits(pattern: list[str], levels: list[str]) -> bool:
    pairs = zip(pattern, levels, strict=False)
    return len(pattern) == len(levels) and all(p in {"*", level} for p, level in pairs)


def _wanted(scene: Scene, facts: ColumnFacts, path: str) -> tuple[str, str]:
    """Romanise the last level of a header, and all its levels where that alone is taken."""
    levels = [level for level in path.split("/") if level != facts.column.unit]
    lasting = [level for level in levels if not words.names_a_time(level.lower())]
    names = [romanise(level) for level in lasting or levels]
    whole = "_".join(name for name in names if name)
    return _ended(scene, facts, names[-1] if names else ""), _ended(scene, facts, whole)


def _ended(scene: Scene, facts: ColumnFacts, last: str) -> str:
    """Add what the values are to a name: `_date`, `_code`, the unit."""
    kind = scene.types[facts.number]
    ending = _TYPE_ENDINGS.get(kind.name) or _ENDINGS.get(facts.column.unit or kind.unit or "", "")
    if (
        not last
        or not ending
        or last.rsplit("_", maxsplit=1)[-1]
        in {ending, "count", "rate", "yen", "date", "code", "m2"}
    ):
        return last
    return f"{last}_{ending}"


def _length(facts: ColumnFacts) -> int | None:
    lengths = facts.values["value"].str.len_chars().unique()
    return int(lengths[0]) if len(lengths) == 1 and int(lengths[0]) > 1 else None


def _labels(scene: Scene, facts: ColumnFacts, kind: ColumnType) -> dict[str, str]:
    """Name codes by the column beside them when it says the same thing in words."""
    own, rows = f"c{facts.number}", scene.rows
    for other in scene.facts:
        if other.number == facts.number or other.distinct != facts.distinct or facts.distinct < 2:  # noqa: PLR2004
            continue
        pairs = rows.select(own, f"c{other.number}").drop_nulls().unique()
        words_of_code = other.values["value"].str.contains(r"[^\x00-\x7F]").all()
        if pairs.height == facts.distinct == pairs[own].n_unique() and words_of_code:
            return dict(sorted(pairs.rows()))
    return {label: label for label in kind.labels}


def _rank(facts: ColumnFacts, type_name: str) -> int:
    if type_name in _NO_KEYS:
        return 3
    if words.is_identifier(facts.header) or type_name == "digits":
        return 0
    if type_name in {"integer", "phone"} or words.is_quantity(facts.header):
        return 2
    return 1
