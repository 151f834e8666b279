"""What is known of a release before the law is asked: columns, measurements, and a person's word.

Belongs here: plain data. Must not hold: what follows from it (`checklist`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Basis = Literal["統計情報", "匿名加工情報", "行政機関等匿名加工情報", "仮名加工情報"]
BASES: tuple[Basis, ...] = ("統計情報", "匿名加工情報", "行政機関等匿名加工情報", "仮名加工情報")
Manner = Literal["公開", "契約による提供"]
MANNERS: tuple[Manner, ...] = ("公開", "契約による提供")
Role = Literal["identifier", "direct_identifier", "quasi_identifier", "attribute"]
Treatment = Literal["削除", "仮名", "一般化", "そのまま"]


@dataclass(frozen=True)
class ColumnFact:
    """One column of the source, and what became of it.

    Attributes:
        name: The column.
        title: Its Japanese title.
        classification: 公開, 庁内, 個人 or 特定個人; None where no contract says it.
        role: The contract's role; None where there is none.
        type: The contract's type (`my_number`, `resident_id`, `name` …), or `text`.
        treatment: What was done: a column that is not in the published file is 削除.
        models: Names of the privacy models on it, such as `l`, `t`; empty for none.
    """

    name: str
    title: str
    classification: str | None
    role: Role | None
    type: str
    treatment: Treatment
    models: tuple[str, ...] = ()

    @property
    def is_published(self) -> bool:
        """Tell whether anything of it goes out."""
        return self.treatment != "削除"


@dataclass(frozen=True)
class Declaration:
    """What only a person can say; None is no answer, and no answer is not a yes.

    Attributes:
        basis: On what ground of the law the data go out.
        manner: Posted for all, or given under a contract.
        receiver: The proposer under contract; None when posted.
        sensitive_columns: Columns that hold 要配慮個人情報; an empty tuple says: none.
        nature_of_file: What was looked at for item 5, in a sentence: events of the news, rare
            groups, what else is out about the same people.
        known_to_outsiders: Which files or knowledge an outsider is taken to have.
        answered_by: Who answers for this.
        legal_review: Who confirmed that rows of persons may be posted on this basis; needed for
            rows of persons that are posted.
    """

    basis: Basis | None = None
    manner: Manner | None = None
    receiver: str | None = None
    sensitive_columns: tuple[str, ...] | None = None
    nature_of_file: str | None = None
    known_to_outsiders: str | None = None
    answered_by: str | None = None
    legal_review: str | None = None


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the run measured on the staged file itself.

    Attributes:
        of_persons: Whether a row tells of one person or household.
        findings: Rule ids of the gate and how many blockers each has.
        k_asked: The declared k; None: no k model.
        k_measured: Smallest class of the published file; None: not measured.
        models_hold: Whether every declared model holds there; None: not measured.
        rows: Rows of the file.
        suppressed: Rows with `*` in every quasi-identifier.
        smallest_cell: For tables: the smallest count that a cell may show; None: no tables.
        attacks: Attacks that were carried out.
        method_zone: Where the 加工方法等情報 was put; None: nowhere.
    """

    of_persons: bool
    findings: Mapping[str, int] = field(default_factory=dict)
    k_asked: int | None = None
    k_measured: int | None = None
    models_hold: bool | None = None
    rows: int = 0
    suppressed: int = 0
    smallest_cell: int | None = None
    attacks: tuple[str, ...] = ()
    method_zone: str | None = None
