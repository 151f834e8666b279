"""What the values of a delivery say against the last one: types that fail, codes nobody listed.

Single bad values are the quarantine's; here stands what a whole column has become.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from transforms.verdict import trim
from warehouse.drift.change import Change
from warehouse.normalising.reading import judge
from warehouse.normalising.row_rules import rule_title
from warehouse.portal.wording import word_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from assets.column import Column
    from assets.contract import Contract

_RETYPED, _BEFORE = 0.3, 0.05
_EMPTIED, _FEW_ROWS = 0.8, 5
# What stands in fewer rows of 10,000 is mistyped, or another column's value in a row that slipped:
# of all rows, since those few can be most of what a seldom filled column holds.
_SLIPS = 50
_FEW, _FEW_BAD, _MANY_CODES, _CODE_LENGTH = 50, 3, 30, 30
_SCALE, _SCALED_ROWS = 2.5, 10
_UNKNOWN = "code.unknown"
_SCALED = {"integer", "decimal"}
_NEVER_UNREAD = {"text", "name"}
_SEEN_KINDS = 1000
_OF = "_column"
# What a column may differ in and still be read the same way.
_NO_READING = {
    *("source", "title", "description", "classification", "role", "required", "carried"),
    *("minimum", "maximum", "pattern"),
}


@dataclass(frozen=True)
class Habit:
    """How a column's values fare under its type, in one delivery.

    Attributes:
        rows: rows of the delivery.
        filled: rows with a value.
        unread: values the type refuses or cannot decide.
        rule: the rule most of them break.
        unknown: values outside the code list → how often.
        middle: median and ninetieth percentile of the positive numbers.
        numbers: how many of those.
    """

    rows: int
    filled: int
    unread: int = 0
    rule: str = ""
    unknown: dict[str, int] = field(default_factory=dict)
    middle: tuple[float, float] = (0.0, 0.0)
    numbers: int = 0

    @property
    def share(self) -> float:
        """Share of the values that cannot be read."""
        return self.unread / self.filled if self.filled else 0.0


def habit_of(rows: pl.DataFrame, name: str, contract: Contract) -> Habit:
    """Judge one column; `rows` holds it (and the column of its era) as raw text."""
    return habits_of(rows, [name], contract)[name]


def habits_of(rows: pl.DataFrame, names: list[str], contract: Contract) -> dict[str, Habit]:
    """Judge columns; `rows` holds them (and the columns of their eras) as raw text.

    Every different value is judged once and counts as often as it stands; columns that are read
    alike are judged together.
    """
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(_reading(contract.columns[name], name), []).append(name)
    return {
        n: h for group in alike.values() for n, h in _judge_alike(rows, group, contract).items()
    }


def _reading(column: Column, name: str) -> str:
    """Say what the judging of a column depends on."""
    if column.type in _NEVER_UNREAD:
        return "words"
    return name if column.era else column.model_dump_json(exclude=_NO_READING)


def _judge_alike(rows: pl.DataFrame, names: list[str], contract: Contract) -> dict[str, Habit]:
    first = names[0]
    column = contract.columns[first]
    beside = [n for n in needed_columns(first, contract) if n != first]
    stacked = pl.concat(
        rows.lazy().select(pl.lit(name).alias(_OF), pl.col(name).alias(first), *beside)
        for name in names
    )
    text = trim(pl.col(first)).alias("text")
    counted = stacked.group_by(_OF, first, *beside).len("n")
    if column.type in _NEVER_UNREAD:
        filled = counted.select(_OF, "n", text).filter(pl.col("text") != "")
        sums = dict(filled.group_by(_OF).agg(pl.sum("n")).collect().iter_rows())
        return {name: Habit(rows.height, int(sums.get(name, 0))) for name in names}
    judged = counted.select(_OF, "n", text, judged=judge(first, column, contract)).unnest("judged")
    told = judged.filter(pl.col("text") != "").collect()
    is_bad = pl.col("verdict").cast(pl.String).is_in(["refused", "uncertain"])
    summed = told.group_by(_OF).agg(pl.sum("n"), bad=pl.col("n").filter(is_bad).sum())
    sums = {name: (n, bad) for name, n, bad in summed.iter_rows()}
    middles = _middles(told) if column.type in _SCALED else {}
    bad = told.filter(is_bad)
    return {
        name: Habit(
            rows=rows.height,
            filled=int(sums.get(name, (0, 0))[0]),
            unread=int(sums.get(name, (0, 0))[1]),
            **_faults(bad, name),
            **middles.get(name, {}),
        )
        for name in names
    }


def _faults(bad: pl.DataFrame, name: str) -> dict[str, Any]:
    """Name the rule most values break, and the values outside the code list."""
    own = bad.filter(pl.col(_OF) == name) if bad.height else bad
    if not own.height:
        return {}
    unknown = own.filter(pl.col("rule") == _UNKNOWN)
    return {"rule": next(iter(_count(own, "rule")), ""), "unknown": _count(unknown, "text")}


def _count(judged: pl.DataFrame, column: str) -> dict[str, int]:
    summed = judged.group_by(column).agg(pl.sum("n")).sort("n", column, descending=[True, False])
    return dict(summed.head(_SEEN_KINDS).select(column, "n").iter_rows())


def _middles(told: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Give, of each column, the median and the ninetieth percentile of the positive numbers."""
    upto, value = pl.col("upto"), pl.col("value")
    numbers = told.lazy().filter(value > 0).sort(_OF, "value")
    numbers = numbers.with_columns(upto=pl.col("n").cum_sum().over(_OF))
    places = {f"{share}": value.filter(upto >= share * upto.last()).first() for share in (0.5, 0.9)}
    found = numbers.group_by(_OF, maintain_order=True).agg(upto.last().alias("total"), **places)
    return {
        name: {"middle": (float(half), float(high)), "numbers": int(total)}
        for name, total, half, high in found.collect().iter_rows()
    }


def needed_columns(name: str, contract: Contract) -> list[str]:
    """Name the columns that `habit_of` needs for one."""
    era = contract.columns[name].era
    return [name, era] if era in contract.columns and era != name else [name]


def find_value_changes(
    rows: pl.DataFrame,
    contract: Contract,
    names: Iterable[str],
    last: Callable[[str], Habit | None],
    new: Callable[[str], Habit | None] | None = None,
) -> list[Change]:
    """Compare the named columns of a delivery with the last one.

    Args:
        rows: raw text of every contract column.
        contract: as it holds for the delivery's period.
        names: columns that both deliveries hold.
        last: the habit of a column in the last delivery; asked only where something is odd.
        new: the habit of a column in this one, where somebody keeps it; else it is judged here.
    """
    names = list(names)
    habits = {name: new(name) for name in names} if new else habits_of(rows, names, contract)
    return [
        change
        for name, habit in habits.items()
        if habit is not None
        for change in _compare(rows, contract, name, habit, last)
    ]


def _compare(
    rows: pl.DataFrame,
    contract: Contract,
    name: str,
    new: Habit,
    last: Callable[[str], Habit | None],
) -> Iterator[Change]:
    column = contract.columns[name]
    if not _is_odd(new, column) or (old := last(name)) is None:
        return
    grown = _find_grown_codes(new, old)
    if grown:
        yield _grown(name, column, new, grown)
    explained = sum(grown.values())
    unread = new.unread - explained
    is_much = unread >= max(_FEW_BAD, _slips(new)) and unread >= _RETYPED * max(new.filled, 1)
    if is_much and old.share < _BEFORE and old.filled:
        yield _retyped(name, contract, rows, new=new, old=old)
    if not new.filled and new.rows >= _FEW_ROWS and old.filled >= max(_EMPTIED * old.rows, 1):
        yield _emptied(name, column, old)
    factor = _find_factor(new, old)
    if factor and not new.share >= _RETYPED:
        yield _scaled(name, column, factor)


def _is_odd(new: Habit, column: Column) -> bool:
    """Spare the last delivery's rows a reading when nothing asks for it."""
    return bool(new.unread or not new.filled or column.type in _SCALED)


def _find_grown_codes(new: Habit, old: Habit) -> dict[str, int]:
    """List the unknown codes that stand more often than by mistake, and did not stand there before."""
    least = 2 if new.rows < _FEW else max(_FEW_BAD, _slips(new))
    return {code: n for code, n in new.unknown.items() if n >= least and code not in old.unknown}


def _slips(habit: Habit) -> float:
    return habit.rows * _SLIPS / 10_000


def _grown(name: str, column: Column, new: Habit, grown: dict[str, int]) -> Change:
    share = sum(grown.values()) / new.filled
    may_show = all(_is_code(code, column) for code in grown) and len(grown) <= _MANY_CODES
    evidence = (
        f"コード表にない値 {len(grown)} 種類が、{sum(grown.values()):,} 行({share:.1%})にある",
    )
    if not may_show:
        return Change(
            "codes_grown", name, column.title, evidence=evidence, is_settled=False,
            hint="コードの形でない値が混じるため、ここには出しません。届いたファイルを確かめ、契約の labels に書き足すか、ファイルを直してもらってください。",
            details={"codes": []},
        )  # fmt: skip
    codes = sorted(grown)
    return Change(
        "codes_grown", name, column.title, new="、".join(codes), evidence=evidence, confidence=0.9,
        hint="コードの名称は「(要確認)」を付けて足します。所管課に確かめて書き直してください。",
        details={"codes": codes},
    )  # fmt: skip


def _is_code(code: str, column: Column) -> bool:
    """In a column about persons only what is built like the known codes may be repeated."""
    known = [*(column.labels or {})]
    if column.classification in {"公開", "庁内"}:
        return len(code) <= _CODE_LENGTH
    shapes = {re.sub("[0-9]", "9", re.sub("[A-Za-z]", "A", label)) for label in known}
    return re.sub("[0-9]", "9", re.sub("[A-Za-z]", "A", code)) in shapes


def _retyped(
    name: str, contract: Contract, rows: pl.DataFrame, *, new: Habit, old: Habit
) -> Change:
    column = contract.columns[name]
    evidence = (
        f"値の {new.share:.0%} が{word_code(column.type)}として読めない(前回は {old.share:.0%})",
        f"おもな理由: {rule_title(new.rule)}",
    )
    if column.type == "integer" and _reads_as_decimal(name, contract, rows):
        return Change(
            "retyped", name, column.title, "integer", "decimal", evidence, 0.8,
            hint="小数を含む列に変わっています。", details={"type": "decimal"},
        )  # fmt: skip
    return Change(
        "retyped", name, column.title, column.type, "?", evidence, 0.8,
        hint="ファイルを直してもらうか、契約の type を直してください。このまま受け入れると、読めない値の行は隔離します。",
    )  # fmt: skip


def _reads_as_decimal(name: str, contract: Contract, rows: pl.DataFrame) -> bool:
    decimal = contract.columns[name].model_copy(update={"type": "decimal"})
    widened = contract.model_copy(update={"columns": {**contract.columns, name: decimal}})
    return habit_of(rows.select(name), name, widened).share < _BEFORE


def _emptied(name: str, column: Column, old: Habit) -> Change:
    return Change(
        "retyped", name, column.title, column.type, "空欄",
        (f"値がすべて空欄になった(前回は行の {old.filled / old.rows:.0%} に値)",), 0.9,
        hint="出力の条件が変わっていないかを確かめてください。このまま受け入れると、空欄として取り込みます。",
    )  # fmt: skip


def _find_factor(new: Habit, old: Habit) -> int:
    """Find a change of size that no month brings: a power of ten, of the middle and the top."""
    if min(new.numbers, old.numbers) < _SCALED_ROWS or not all((*new.middle, *old.middle)):
        return 0
    logs = [math.log10(n / o) for n, o in zip(new.middle, old.middle, strict=True)]
    return round(sum(logs) / 2) if min(map(abs, logs)) >= _SCALE and logs[0] * logs[1] > 0 else 0


def _scaled(name: str, column: Column, factor: int) -> Change:
    size = f"10の{abs(factor)}乗{'倍' if factor > 0 else '分の1'}"
    return Change(
        "scale_changed", name, column.title, evidence=(f"値の大きさが前回のおよそ{size}",), confidence=0.7,
        is_settled=False, hint="円が千円になるなど、単位が変わっていないかを確かめてください。単位が変わったのなら、受け入れずに契約の source に "
        "期間と multiplier を書いてください。受け入れると、このままの値で取り込みます。",
    )  # fmt: skip
