"""The privacy models a policy may ask for, as plain data.

Belongs here: what each model demands of an equivalence class, with its source. Must not hold: the
measuring (`judging`) and the search (`full_domain`, `local`).

An equivalence class is the rows that share the published values of all quasi-identifiers. Sizes
count distinct persons where a policy names a person column, otherwise rows. `*` is a value of its
own: a suppressed row forms a class with other suppressed rows only and is exempt from the models.
In the formulas p(s) is the share of sensitive value s in a class, q(s) its share in the table.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class KAnonymity:
    """Every class has at least `k` members (Samarati and Sweeney, 1998)."""

    k: int


@dataclass(frozen=True)
class KMap:
    """Every class has at least `k` members in the population table (Sweeney, 2001)."""

    k: int


@dataclass(frozen=True)
class DistinctL:
    """Every class shows at least `l` sensitive values (Machanavajjhala et al., 2007)."""

    l: int  # noqa: E741 - the model's own name
    on: str


@dataclass(frozen=True)
class EntropyL:
    """exp(-Σ p ln p) ≥ `l` in every class (Machanavajjhala et al., 2007)."""

    l: float  # noqa: E741
    on: str


@dataclass(frozen=True)
class RecursiveCL:
    """r₁ < c·(r_l + … + r_m), r sorted counts, in every class (Machanavajjhala et al., 2007)."""

    c: float
    l: int  # noqa: E741
    on: str


@dataclass(frozen=True)
class EqualT:
    """½ Σ |p - q| ≤ `t` in every class: t-closeness, equal distances (Li et al., 2007)."""

    t: float
    on: str


@dataclass(frozen=True)
class OrderedT:
    """Σᵢ |Σⱼ≤ᵢ (p - q)| / (m - 1) ≤ `t`: t-closeness, ordered distances (Li et al., 2007).

    `order` lists the sensitive values from low to high; empty: numbers by value.
    """

    t: float
    on: str
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class AlphaK:
    """At least `k` members and p(s) ≤ `alpha` for every sensitive value (Wong et al., 2006)."""

    alpha: float
    k: int
    on: str


@dataclass(frozen=True)
class BetaLikeness:
    """(p - q) / q ≤ `beta` for every value with p > q; enhanced: ≤ min(beta, -ln q).

    Cao and Karras, 2012.
    """

    beta: float
    on: str
    enhanced: bool = False


@dataclass(frozen=True)
class DeltaDisclosure:
    """|ln(p / q)| < `delta` for every sensitive value of the table (Brickell and Shmatikov, 2008).

    A class that lacks a value of the table fails: ln 0 is not finite.
    """

    delta: float
    on: str


Model = (
    KAnonymity
    | KMap
    | DistinctL
    | EntropyL
    | RecursiveCL
    | EqualT
    | OrderedT
    | AlphaK
    | BetaLikeness
    | DeltaDisclosure
)
