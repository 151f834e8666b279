"""The judgement of a staged table just before it is released.

Belongs here: what a release declares, and the rules that compare the table with it, judged on the
table itself and not on how it was made. Must not hold: reading the file, approval, protection of
the table, recognition of content (`gate_content`), wording (`gate_wording`). A finding names
declared columns and counts; never a value, and never an undeclared header, which may be a row.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from anonymize.complaint import complaint
from anonymize.gate_content import (
    judge_free_text,
    judge_my_numbers,
    judge_names,
    judge_numeric_my_numbers,
    judge_patterns,
    judge_types,
)
from anonymize.gate_counts import judge_counts, judge_sums, judge_totals
from anonymize.gate_order import judge_order
from anonymize.gate_personal import judge_content, judge_exactness, judge_extremes
from anonymize.gate_records import RecordClaims, judge_records
from anonymize.gate_suppression import SuppressedCells, judge_hidden_cells
from anonymize.gate_tokens import judge_tokens
from anonymize.gate_wording import WORDING
from anonymize.gate_words import Fault, Severity
from anonymize.k_anonymity import SIZE, equivalence_classes

OPEN = "公開"
CLASSES = (OPEN, "庁内", "個人", "特定個人")


@dataclass(frozen=True)
class Finding:
    """One reason against a release, in Japanese.

    Attributes:
        rule: Stable id such as `sums.unequal`.
        severity: A `blocker` forbids the release, a `warning` asks the approver to look.
        where: The column or the whole table.
        message: What is wrong, with counts.
        remedy: What to do next.
    """

    rule: str
    severity: Severity
    where: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """Say it in three lines."""
        return f"{self.message}\n  場所: {self.where}\n  直し方: {self.remedy}"


@dataclass(frozen=True, kw_only=True)
class ReleasePolicy:
    """What a release declares about its table; an unknown option is an error.

    Attributes:
        declared_columns: Exactly these columns, in this order.
        column_classes: Column to 公開, 庁内, 個人 or 特定個人. Only 公開 may go out; a column
            without a class is blocked.
        count_columns: Columns of persons: integers without null, not negative.
        rounding_base: Every count is a multiple of it.
        total_column: Published total of a region, for `minimum_region_total`.
        minimum_region_total: Smallest total (persons) a row may show. Rounding can push a total
            below the minimum by which regions were merged: see `cells`.
        sums: Margin to its parts; equal in every row.
        quasi_identifiers: Columns for k-anonymity of a table with one row per person.
        k: Smallest size of an equivalence class, at least 2.
        free_text_columns_allowed: Columns that may hold sentences.
        records: What a table with one row per person claims; None: no row is a person.
        hiding_note: Column whose text begins with X in rows that hide all their counts. These rows
            are blank in every count; the rules of counts look at the others, and rows of nobody (0)
            may stand there.
        suppressed: What a table with single hidden cells claims; these are blank.
    """

    declared_columns: tuple[str, ...]
    column_classes: Mapping[str, str]
    count_columns: tuple[str, ...] = ()
    rounding_base: int | None = None
    total_column: str | None = None
    minimum_region_total: int | None = None
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quasi_identifiers: tuple[str, ...] = ()
    k: int | None = None
    free_text_columns_allowed: tuple[str, ...] = ()
    records: RecordClaims | None = None
    hiding_note: str | None = None
    suppressed: SuppressedCells | None = None

    def __post_init__(self) -> None:
        """Refuse a policy that would leave a rule without effect.

        Raises:
            ValueError: No column declared, a list that is no tuple, an undeclared column in a rule,
                an option without the one it needs, or a number too small.
        """
        used = (self.count_columns, self.quasi_identifiers, self.free_text_columns_allowed)
        lists = (self.declared_columns, *used, *self.sums.values())
        # A plain text would be read as one column per letter.
        if not all(isinstance(names, tuple) for names in lists):
            raise complaint("列名の一覧が組ではありません", "ReleasePolicy", "組(a, b)で渡します。")
        named = {name for names in lists[1:] for name in names} | {*self.sums}
        named |= {name for name in (self.total_column, self.hiding_note) if name is not None}
        if self.suppressed is not None:
            named |= {self.suppressed.region, self.suppressed.note}
        if self.records is not None:
            named |= {*self.records.quasi_identifiers, *self.records.sensitive}
        if not self.declared_columns or not named <= set(self.declared_columns):
            raise complaint(
                "規則に書かれた列が、公開する列として宣言されていません",
                "declared_columns",
                "宣言に列を足すか、規則の列名の書き間違いを直してください。",
            )
        self._require_pair("rounding_base", "count_columns", 2)
        self._require_pair("minimum_region_total", "total_column", 1)
        self._require_pair("k", "quasi_identifiers", 2)

    @property
    def is_of_persons(self) -> bool:
        """Tell whether a row tells of one person or household."""
        return self.records is not None or bool(self.quasi_identifiers)

    def _require_pair(self, number: str, columns: str, least: int) -> None:
        value, named = getattr(self, number), getattr(self, columns)
        # Counts without rounding are a declared choice; the other columns only serve their number.
        lonely = value is None and named and columns != "count_columns"
        if lonely or (value is not None and (value < least or not named)):
            raise complaint(
                f"{number} と {columns} は組で使い、{number} は{least}以上の整数です",
                f"{number}・{columns}",
                "両方を書くか、両方を消してください。",
            )


def judge_release(
    table: pl.DataFrame, policy: ReleasePolicy, earlier: Sequence[pl.DataFrame] = ()
) -> list[Finding]:
    """Judge a staged table by every rule; an empty list means nothing speaks against it.

    A rule that cannot be carried out is itself a blocker, so a fault inside never lets a table
    pass.

    Args:
        table: The table exactly as it would be released.
        policy: What the release declares.
        earlier: Tables that are out already, to look for the same names of rows.

    Returns:
        All findings. The table may be released only without a blocker.
    """
    rules: dict[str, Callable[[], Iterator[Fault]]] = {
        "列の宣言": lambda: _judge_shape(table, policy),
        "公開区分": lambda: _judge_classes(table, policy),
        "列の名前": lambda: judge_names(table),
        "人数": lambda: judge_counts(table, policy),
        "最小人口": lambda: judge_totals(table, policy),
        "合計と内訳": lambda: judge_sums(table, policy),
        "秘匿したセル": lambda: _judge_hidden(table, policy),
        "k-匿名性": lambda: _judge_k(table, policy),
        "列の型": lambda: judge_types(table),
        "自由記述": lambda: judge_free_text(table, policy.free_text_columns_allowed),
        "個人を示す文字列": lambda: judge_patterns(table),
        "個人番号": lambda: judge_my_numbers(table),
        "数値の個人番号": lambda: judge_numeric_my_numbers(table),
        "人を示す記載": lambda: judge_content(table, of_persons=policy.is_of_persons),
        "過去の公開と同じ符号": lambda: judge_tokens(table, earlier),
    }
    if policy.is_of_persons:
        rules |= {
            "細かすぎる値": lambda: judge_exactness(table),
            "極端な値": lambda: judge_extremes(table),
            "行の並び": lambda: judge_order(table),
        }
    if (claims := policy.records) is not None:
        rules["集まりとモデル"] = lambda: judge_records(table, claims)

    def word(fault: Fault) -> Finding:
        return tell(fault, "、".join(_called(table, policy, name) for name in fault.columns))

    return [f for name, rule in rules.items() for f in run_rule(f"検査「{name}」", rule, word)]


def run_rule(
    name: str, rule: Callable[[], Iterable[Fault]], word: Callable[[Fault], Finding]
) -> list[Finding]:
    """Carry out a rule and word what it finds; a rule that fails is itself a blocker."""
    try:
        return [word(fault) for fault in rule()]
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - any fault blocks
        # The library's text may quote a value; only the kind of the error is told.
        return [tell(Fault("gate.failed", place=f"{name}({type(error).__name__})"))]


def tell(fault: Fault, where: str = "") -> Finding:
    """Word a fault; `where` stands in for its columns, which may be undeclared."""
    words = WORDING[fault.rule]
    place = "、".join(part for part in (where, fault.place) if part) or "表全体"
    message = words.message.format(count=fault.count)
    severity, remedy = fault.severity or words.severity, fault.remedy or words.remedy
    return Finding(fault.rule, severity, place, message, remedy)


def _called(table: pl.DataFrame, policy: ReleasePolicy, name: str) -> str:
    if name in policy.declared_columns:
        return f"列「{name}」"
    if name not in table.columns:
        return "宣言された列"
    return f"左から{table.columns.index(name) + 1}番目の列(宣言なし)"


def _present(table: pl.DataFrame, names: tuple[str, ...]) -> bool:
    """Tell whether a rule has its columns; a missing one is blocked by `_judge_shape`."""
    return set(names) <= set(table.columns)


def _judge_shape(table: pl.DataFrame, policy: ReleasePolicy) -> Iterator[Fault]:
    if table.is_empty():
        yield Fault("table.empty")
    declared, delivered = policy.declared_columns, tuple(table.columns)
    yield from (Fault("columns.undeclared", (n,)) for n in delivered if n not in declared)
    yield from (Fault("columns.missing", (n,)) for n in declared if n not in delivered)
    if declared != delivered and set(declared) == set(delivered):
        yield Fault("columns.order")


def _judge_classes(table: pl.DataFrame, policy: ReleasePolicy) -> Iterator[Fault]:
    for name in dict.fromkeys((*policy.declared_columns, *table.columns)):
        label = policy.column_classes.get(name)
        if label not in CLASSES:
            yield Fault("class.missing", (name,))
        elif label != OPEN:
            yield Fault("class.not_open", (name,))


def _judge_hidden(table: pl.DataFrame, policy: ReleasePolicy) -> Iterator[Fault]:
    if policy.suppressed is not None and {*policy.count_columns} <= {*table.columns}:
        sums = policy.sums
        yield from judge_hidden_cells(table, policy.suppressed, policy.count_columns, sums)


def _judge_k(table: pl.DataFrame, policy: ReleasePolicy) -> Iterator[Fault]:
    names, k = policy.quasi_identifiers, policy.k
    if k is None or not _present(table, names):
        return
    small = equivalence_classes(table, names).filter(pl.col(SIZE) < k)
    if small.height:
        yield Fault("k.too_small", names, int(small[SIZE].sum()))
