"""A made-up table like a given one, by one of several methods, with an account of how.

Belongs here: the choice of the method and the account. Must not hold: the methods (`trees`,
`marginals`, `sdv`), the judgement of the result (`judged`).

A synthetic row belongs to nobody, but a table of them may still repeat what is true of one person:
only `Marginals` with ε proves how little, the others have to be attacked (`attacks`).
"""

import time
from dataclasses import dataclass

import numpy as np
import polars as pl

from anonymize.complaint import complaint
from anonymize.noise.cost import Cost, epsilon_at
from anonymize.synthetic import marginals, trees
from anonymize.synthetic.account import Account, Synthesis
from anonymize.synthetic.coding import RARE, Coding, declare, decode, encode, learn
from anonymize.synthetic.schema import Column, Schema, require_schema

_OURS = "本ソフトウェア(scikit-learn の決定木を使用、BSD-3-Clause)"
_NEVER_PROVEN = "元データの最も近い行との距離は、安全の証明になりません。攻撃(単独特定・連結・推定)で確かめてください。"


@dataclass(frozen=True)
class Trees:
    """Column by column with decision trees, in the order of the columns.

    Attributes:
        minimum_leaf: Rows of persons that every drawn value is chosen from, at least 2.
        smallest: Rows that a category or class of numbers needs to be told at all.
    """

    minimum_leaf: int = 200
    smallest: int = 10


@dataclass(frozen=True)
class Marginals:
    """From a tree of pairs of columns; with ε differentially private.

    Attributes:
        epsilon: None for exact pairs; else ε of the whole synthesis. Then categories and ranges
            have to be declared, each row is one person, and a seed does not fix the result.
        delta: 0 for discrete Laplace noise, else discrete Gaussian at this δ.
        smallest: Without ε: rows that a category, class or pair of values needs to be told.
    """

    epsilon: float | None = None
    delta: float = 0.0
    smallest: int = 10


@dataclass(frozen=True)
class Sdv:
    """A model of the SDV library, only where somebody has installed it: see `sdv`.

    Attributes:
        model: `copula` (GaussianCopula) or `ctgan` (needs torch).
    """

    model: str = "copula"


Method = Trees | Marginals | Sdv


def synthesise(
    frame: pl.DataFrame, schema: Schema, method: Method, rows: int, seed: int
) -> Synthesis:
    """Make a table like `frame`, with the same columns and types.

    Args:
        frame: One row a person; leave out identifiers, they would be copied as categories.
        schema: Kind of every column, in the order of the columns.
        method: How.
        rows: Rows to make, at least 1.
        seed: Same seed, same table (not with ε).

    Raises:
        ValueError: Table and schema do not fit, a column of identifiers, undeclared ranges with ε,
            SDV asked for and absent, or a number out of range.
    """
    require_schema(frame, schema)
    if rows < 1:
        raise complaint("作る行数が1未満です", "引数 rows", "1以上にしてください。")
    begun = time.process_time()
    if isinstance(method, Sdv):
        from anonymize.synthetic.sdv import synthesise_by_sdv  # noqa: PLC0415 - only when asked

        return synthesise_by_sdv(frame, schema, method.model, rows, seed)
    _require_smallest(method)
    made, rare, cost = _make(frame, schema, method, rows, np.random.default_rng(seed))
    epsilon = epsilon_at([cost], method.delta) if cost and isinstance(method, Marginals) else None
    return Synthesis(
        made.select(frame.columns),
        Account(
            method=str(method),
            library=_OURS,
            # The exact number would tell whether one person more was there.
            rows_in=None if cost else frame.height,
            rows_out=rows,
            seed=seed,
            repeatable=cost is None,
            cost=cost,
            epsilon=epsilon,
            delta=method.delta if isinstance(method, Marginals) else 0.0,
            rare_values=rare,
            seconds=time.process_time() - begun,
            caveats=_caveats(epsilon),
        ),
    )


def _make(
    frame: pl.DataFrame,
    schema: Schema,
    method: Trees | Marginals,
    rows: int,
    rng: np.random.Generator,
) -> tuple[pl.DataFrame, dict[str, int], Cost | None]:
    is_private = isinstance(method, Marginals) and method.epsilon is not None
    codings = {
        name: declare(frame[name], column)
        if is_private
        else _learnt(frame[name], column, method.smallest)
        for name, column in schema.items()
    }
    codes = np.column_stack([encode(frame[name], coding) for name, coding in codings.items()])
    rare = dict(zip(codings, (codes == RARE).sum(axis=0).tolist(), strict=True))
    blurring = None
    if isinstance(method, Trees):
        drawn = trees.draw_rows(
            codes, [*codings.values()], rows, minimum_leaf=method.minimum_leaf, rng=rng
        )
    else:
        if method.epsilon is not None:
            _require_declared(rare)
            blurring = marginals.plan_noise(len(codings), method.epsilon, method.delta)
        sizes = [coding.size for coding in codings.values()]
        drawn = marginals.draw_rows(
            codes, sizes, rows, smallest=method.smallest, blurring=blurring, rng=rng
        )
    columns = [
        decode(name, drawn[:, at], coding, rng) for at, (name, coding) in enumerate(codings.items())
    ]
    told = {name: count for name, count in rare.items() if count}
    return pl.DataFrame(columns), told, blurring.cost if blurring else None


def _learnt(values: pl.Series, column: Column, smallest: int) -> Coding:
    coding = learn(values, column, smallest)
    # A register's number, a name or a free text: no value is shared, so none may be told.
    if not coding.size and values.null_count() < values.len():
        raise complaint(
            f"どの値も {smallest} 行に満たない列です(番号・氏名・自由記述など)",
            f"列「{values.name}」",
            "列を除くか、値を区分にまとめてから渡してください。",
        )
    return coding


def _require_smallest(method: Trees | Marginals) -> None:
    least = 2
    leaf = method.minimum_leaf if isinstance(method, Trees) else least
    if method.smallest < least or leaf < least:
        raise complaint(
            "1つの値を決める行数が2未満で、1人の値がそのまま出ます",
            "smallest・minimum_leaf",
            "10 以上にしてください。",
        )


def _require_declared(rare: dict[str, int]) -> None:
    if undeclared := [name for name, count in rare.items() if count]:
        raise complaint(
            "宣言した区分にない値か、宣言にない空の値があります",
            f"列「{'、'.join(undeclared)}」",
            "categories に足すか、may_be_null を true にするか、元の値を直してください。",
        )


def _caveats(epsilon: float | None) -> tuple[str, ...]:
    if epsilon is None:
        return (
            "差分プライバシーではありません。1人の影響に数学的な上限はありません。",
            _NEVER_PROVEN,
        )
    return (
        f"1人の有無の影響は ε = {epsilon:.3g} で抑えられています(区分と範囲は宣言したもの)。",
        "世帯などn人まとめての保護は ε の n 倍まで弱まります。",
        "この ε もプライバシー予算に数えてください。",
    )
