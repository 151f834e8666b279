"""What one linkage YAML may say: which records are compared, on which keys, and when they are one.

Here stand the shape and the laws of `linkages/<id>.yaml`. How a key is made is
`warehouse/linkage/matching_keys.py`, how pairs are scored `warehouse/linkage/scoring.py`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from assets.contract import Owner
from assets.errors import suggest
from assets.model import Strict
from assets.names import require_names

NAMES = {"name", "kana", "place_name"}
_SUM_TOLERANCE = 1e-9
_POINT_COLUMNS = 2
_TAKEN = {"unique_id", "source_dataset", "match_key"}
Probability = Annotated[float, Field(gt=0, lt=1)]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Columns = Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]


class MatchingKey(Strict):
    """How a column becomes what is compared: a transform, and for names a scheme."""

    title: str = Field(min_length=1)
    transform: Literal[
        "name", "kana", "place_name", "address", "town", "date", "phone", "text", "point"
    ]
    scheme: str | list[str] | None = None

    @model_validator(mode="after")
    def _name_a_scheme_for_names_only(self) -> Self:
        if self.scheme is not None and not self.is_name:
            raise ValueError("scheme は transform が name・kana・place_name のときだけ書けます")
        return self

    @property
    def is_name(self) -> bool:
        """Tell whether it is a name: many people and places share one."""
        return self.transform in NAMES


class LinkedDataset(Strict):
    """One dataset taking part: the column, or columns, from which each key is made.

    Several columns are read as one text in the order given; a point has latitude and longitude.
    A key that the dataset does not have is left out.
    """

    dataset: str
    columns: dict[str, Columns] = Field(min_length=1)


class Exact(Strict):
    """The keys are equal."""

    level: Literal["exact"]
    m: Probability | None = None
    u: Probability | None = None


class JaroWinkler(Strict):
    """The texts are at least this alike (Jaro–Winkler, 0 to 1)."""

    level: Literal["jaro_winkler"]
    at_least: float = Field(gt=0.5, lt=1)
    m: Probability | None = None
    u: Probability | None = None


class Days(Strict):
    """The dates are at most so many days apart."""

    level: Literal["days"]
    at_most: int = Field(ge=1)
    m: Probability | None = None
    u: Probability | None = None


class Typing(Strict):
    """The texts or dates differ by so many letters: a slip, a missing or a swapped one."""

    level: Literal["letters"]
    at_most: int = Field(ge=1, le=2)
    m: Probability | None = None
    u: Probability | None = None


class Metres(Strict):
    """The points are at most so many metres apart."""

    level: Literal["metres"]
    at_most: float = Field(gt=0)
    m: Probability | None = None
    u: Probability | None = None


Level = Annotated[Exact | JaroWinkler | Days | Typing | Metres, Field(discriminator="level")]
_FITS = {"days": {"date"}, "metres": {"point"}}


class Comparison(Strict):
    """How one key is compared: levels from the nearest to the farthest; all else is 不一致.

    `m` is the share of true pairs that fall into a level, `u` the share of pairs of different
    records; what is left over goes to 不一致. `by_frequency` gives a rare value more weight.
    """

    key: str
    levels: list[Level] = Field(min_length=1)
    by_frequency: bool = False

    @model_validator(mode="after")
    def _declare_all_or_none(self) -> Self:
        for name in ("m", "u"):
            given = [p for level in self.levels if (p := getattr(level, name)) is not None]
            if given and len(given) != len(self.levels):
                raise ValueError(f"{name} は、すべての段に書くか、すべて省いてください")
            if sum(given) >= 1 - _SUM_TOLERANCE:
                raise ValueError(f"{name} の合計は 1 より小さくしてください(残りが不一致の分です)")
        if self.by_frequency and self.levels[0].level != "exact":
            raise ValueError("by_frequency は、初めの段が exact のときだけ書けます")
        return self

    @property
    def is_declared(self) -> tuple[bool, bool]:
        """Tell whether m, and whether u, are declared."""
        return self.levels[0].m is not None, self.levels[0].u is not None


class Estimation(Strict):
    """How probabilities that are not declared are estimated, the same way every time.

    `u` from so many random pairs drawn with `seed`; `m` by expectation maximisation over the pairs
    of each rule: the keys of a rule are not estimated by it, so two rules at least are needed. Without
    an m to estimate there are no rules.
    """

    seed: int
    pairs: int = Field(ge=10_000)
    rules: list[Columns] = Field(default_factory=list)


class Thresholds(Strict):
    """From which probability a pair is linked, and from which a person is asked."""

    link: Probability
    review: Probability
    lead: float = Field(ge=0)

    @model_validator(mode="after")
    def _ask_before_linking(self) -> Self:
        if self.review > self.link:
            raise ValueError("review は link 以下にしてください")
        return self


class Linkage(Strict):
    """One linkage. Its identity is the path of its YAML."""

    title: str = Field(min_length=1)
    purpose: str = Field(min_length=1)
    subject: Literal["person", "place"]
    owner: Owner
    legal_basis: str | None = None
    datasets: list[LinkedDataset] = Field(min_length=1)
    keys: dict[str, MatchingKey] = Field(min_length=2)
    blocking: list[Columns] = Field(min_length=1)
    maximum_pairs: int = Field(ge=1)
    comparisons: list[Comparison] = Field(min_length=2)
    estimation: Estimation | None = None
    prior: Probability
    thresholds: Thresholds
    matching: Literal["one_to_one", "many"]

    @model_validator(mode="after")
    def _name_only_known_keys(self) -> Self:
        require_names(self.keys)
        if taken := sorted(_TAKEN & set(self.keys)):
            raise ValueError(f"この名前は keys に使えません: {taken[0]}")
        named = {c.key for c in self.comparisons}
        named |= {key for d in self.datasets for key in d.columns}
        rules = [*self.blocking, *(self.estimation.rules if self.estimation else ())]
        named |= {key for rule in rules for key in rule}
        if unknown := sorted(named - set(self.keys)):
            raise ValueError(
                f"keys にない名前です: {unknown[0]}。{suggest(unknown[0], [*self.keys])}"
            )
        compared = [c.key for c in self.comparisons]
        if len(set(compared)) < len(compared):
            raise ValueError("同じ key の comparisons は1つにしてください")
        names = [d.dataset for d in self.datasets]
        if len(set(names)) < len(names):
            raise ValueError("同じデータセットは1度だけ書いてください")
        return self

    @model_validator(mode="after")
    def _block_on_values(self) -> Self:
        """Points are hardly ever equal: no rule can find pairs by them."""
        rules = [*self.blocking, *(self.estimation.rules if self.estimation else ())]
        points = [key for rule in rules for key in rule if self.keys[key].transform == "point"]
        if points:
            raise ValueError(f"{points[0]} は位置なので、blocking・rules には使えません")
        return self

    @model_validator(mode="after")
    def _have_every_key_on_both_sides(self) -> Self:
        least = min(2, len(self.datasets))
        for name, key in self.keys.items():
            columns = [d.columns[name] for d in self.datasets if name in d.columns]
            if len(columns) < least:
                raise ValueError(f"{name} の列が、比べるデータセットの {least} つ以上に必要です")
            if key.transform == "point" and any(len(c) != _POINT_COLUMNS for c in columns):
                raise ValueError(f"{name} には緯度と経度の2列を、この順に書いてください")
        return self

    @model_validator(mode="after")
    def _never_link_by_name_alone(self) -> Self:
        if all(self.keys[c.key].is_name for c in self.comparisons):
            raise ValueError(
                "名前だけでは結べません。名前でない項目の comparisons を足してください"
            )
        return self

    @model_validator(mode="after")
    def _compare_what_can_be_compared(self) -> Self:
        for comparison in self.comparisons:
            transform = self.keys[comparison.key].transform
            for level in comparison.levels:
                if transform not in _FITS.get(level.level, {transform}):
                    raise ValueError(f"{comparison.key} は {level.level} では比べられません")
                if transform == "point" and level.level not in {"exact", "metres"}:
                    raise ValueError(f"{comparison.key} は {level.level} では比べられません")
        return self

    @model_validator(mode="after")
    def _estimate_what_is_not_declared(self) -> Self:
        declared = [c.is_declared for c in self.comparisons]
        if self.estimation is None and not all(m and u for m, u in declared):
            raise ValueError("m・u を書くか、estimation(推定のしかた)を書いてください")
        for comparison, (m, _) in zip(self.comparisons, declared, strict=True):
            rules = self.estimation.rules if self.estimation else []
            if not m and all(comparison.key in rule for rule in rules):
                raise ValueError(
                    f"{comparison.key} の m を推定できる estimation.rules がありません"
                )
        return self

    @model_validator(mode="after")
    def _join_duplicates_freely(self) -> Self:
        if len(self.datasets) == 1 and self.matching != "many":
            raise ValueError("1つのデータセットの中の重複は matching: many としてください")
        return self

    @model_validator(mode="after")
    def _have_a_basis_for_persons(self) -> Self:
        if self.subject == "person" and not self.legal_basis:
            raise ValueError("個人のデータを結びつけるには legal_basis(根拠となる法令)が必要です")
        return self
