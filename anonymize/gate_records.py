"""What the gate asks of a table with one row per person or household.

Belongs here: what such a release claims, and the rules on its classes, models and values, measured on
the staged table itself. Must not hold: content of cells (`gate_personal`), order of rows
(`gate_order`), the remedy in numbers (`gate_remedy`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from anonymize.complaint import complaint
from anonymize.gate_models import judge_models
from anonymize.gate_remedy import propose_levels
from anonymize.gate_words import Fault
from anonymize.hierarchy.hierarchy import SUPPRESSED, Hierarchy
from anonymize.records.models import AlphaK, KAnonymity, Model
from anonymize.risk.attributes import disclosed
from anonymize.risk.classes import Classes, classes_of

_LEAST_K = 3
_EXEMPT_LABELS = (SUPPRESSED, "")
_PERSON = "\0person"


@dataclass(frozen=True, kw_only=True)
class RecordClaims:
    """What a release of records says of itself; the gate measures whether it is so.

    Attributes:
        quasi_identifiers: Columns an outsider may know.
        sensitive: Columns he cannot know and wants to learn; each needs a model.
        models: At least one of them bounds the size of classes.
        suppression_limit: Largest share of rows with `*` in every quasi-identifier.
        claimed_k: Smallest class by the anonymiser's own report; None: it made none.
        persons: Who each row of the table is, aligned with it and no part of it; None: each row is a
            person of its own.
        hierarchies: Ladders by column, for the remedy and for nothing else.
    """

    quasi_identifiers: tuple[str, ...]
    sensitive: tuple[str, ...]
    models: tuple[Model, ...]
    suppression_limit: float
    claimed_k: int | None = None
    persons: pl.Series | None = None
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse claims that leave a rule without effect.

        Raises:
            ValueError: No quasi-identifier, a column in both lists, no bound on the size of classes
                or one below 3, or a limit that is no share.
        """
        if not self.quasi_identifiers or {*self.quasi_identifiers} & {*self.sensitive}:
            raise complaint(
                "準識別子がないか、機微な列と重なっています",
                "RecordClaims",
                "外部の人が知りうる列を準識別子に、知りたい列を機微な列に分けてください。",
            )
        if self.k < _LEAST_K:
            raise complaint(
                f"クラスの人数の下限(k)がないか、{_LEAST_K}より小さいです",
                "RecordClaims.models",
                "k を含むモデルを宣言してください(公開では 5 以上を勧めます)。",
            )
        if not 0 <= self.suppression_limit <= 1:
            raise complaint(
                "抑制の上限が割合ではありません", "suppression_limit", "0〜1 にします。"
            )

    @property
    def k(self) -> int:
        """The largest number of persons that a model asks of every class; 0: none."""
        asked = [m.k for m in self.models if isinstance(m, KAnonymity | AlphaK)]
        return max(asked, default=0)


def judge_records(table: pl.DataFrame, claims: RecordClaims) -> Iterator[Fault]:
    """Judge classes, models, suppression and rare values.

    Args:
        table: The staged table; its columns are those declared (judged elsewhere).
        claims: What the release says.

    Raises:
        ValueError: A claimed column is missing.
    """
    classes = classes_claimed(table, claims)
    yield from _judge_sizes(table, classes, claims)
    yield from _judge_suppression(classes, claims)
    yield from _judge_sensitive(table, classes, claims)
    who = None if claims.persons is None else _PERSON
    told = table if claims.persons is None else table.with_columns(claims.persons.alias(_PERSON))
    yield from judge_models(told, claims.quasi_identifiers, claims.models, who)
    yield from _judge_other_columns(table, claims)
    yield from _judge_rare(table, claims)


def classes_claimed(
    table: pl.DataFrame, claims: RecordClaims, names: Sequence[str] | None = None
) -> Classes:
    """Group the rows by the quasi-identifiers or other columns, counting persons.

    Raises:
        ValueError: A missing column, or persons for another number of rows.
    """
    by = claims.quasi_identifiers if names is None else names
    if claims.persons is None:
        return classes_of(table, by)
    if len(claims.persons) != table.height:
        raise complaint("人の一覧の行数が表と違います", "persons", "表と同じ行の順で渡します。")
    return classes_of(table.with_columns(claims.persons.alias(_PERSON)), by, _PERSON)


def _judge_sizes(table: pl.DataFrame, classes: Classes, claims: RecordClaims) -> Iterator[Fault]:
    kept = ~classes.suppressed
    alone = kept & (classes.persons == 1)
    small = kept & (classes.persons < claims.k)
    names = claims.quasi_identifiers
    if small.any():
        remedy = propose_levels(table, claims.quasi_identifiers, claims.hierarchies, claims.k)
        if alone.any():
            yield Fault("records.unique", names, int(alone.sum()), remedy=remedy)
        yield Fault("k.too_small", names, int(classes.rows[small].sum()), remedy=remedy)
    smallest = int(classes.persons[kept].min()) if kept.any() else 0
    if claims.claimed_k is not None and claims.claimed_k != smallest:
        yield Fault("records.claim_differs", names, smallest)


def _judge_suppression(classes: Classes, claims: RecordClaims) -> Iterator[Fault]:
    names, stars = claims.quasi_identifiers, classes.suppressed
    rows = int(classes.rows[stars].sum())
    if rows and int(classes.persons[stars].sum()) < claims.k:
        yield Fault("records.star_class_small", names, rows)
    if rows > claims.suppression_limit * max(int(classes.rows.sum()), 1):
        yield Fault("records.suppression_over", names, rows)


def _judge_sensitive(
    table: pl.DataFrame, classes: Classes, claims: RecordClaims
) -> Iterator[Fault]:
    modelled = {getattr(model, "on", None) for model in claims.models}
    for name in claims.sensitive:
        if name not in modelled:
            yield Fault("records.sensitive_without_model", (name,))
        told = disclosed(classes, table[name])
        if told.certain_classes:
            yield Fault("records.homogeneous", (name,), told.certain_persons)


def _judge_other_columns(table: pl.DataFrame, claims: RecordClaims) -> Iterator[Fault]:
    """Whatever is neither claimed as known nor as secret counts as known."""
    claimed = {*claims.quasi_identifiers, *claims.sensitive}
    others = [n for n in table.columns if n not in claimed and table[n].n_unique() > 1]
    alone = [(name,) for name in others]
    # Columns that are harmless one by one may name somebody together.
    for names in [*alone, tuple(others)] if len(others) > 1 else alone:
        wider = classes_claimed(table, claims, [*claims.quasi_identifiers, *names])
        small = wider.persons < claims.k
        if small.any():
            yield Fault("records.column_outside", names, int(wider.rows[small].sum()))


def _judge_rare(table: pl.DataFrame, claims: RecordClaims) -> Iterator[Fault]:
    """A value that fewer than k persons of the whole file have is 特異, in whatever column."""
    for name in table.columns:
        values = classes_claimed(table, claims, [name])
        texts = values.labels[name].cast(pl.String).fill_null("")
        rare = (values.persons < claims.k) & ~texts.is_in(_EXEMPT_LABELS).to_numpy()
        if rare.any():
            yield Fault("rare.value", (name,), int(np.sum(values.rows[rare])))
