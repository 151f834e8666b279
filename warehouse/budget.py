"""The privacy budget: what noisy answers about each population have cost, year by year.

Belongs here: the append-only record of spendings, the refusal when a year's budget is spent, and the
answers already drawn, so that the same question is neither paid twice nor answered with new noise.
Must not hold: noise and the adding up of costs (`anonymize.noise`), what a release asks for.

A spending is on disk before its noise is drawn. When the power goes in between, it is spent and
there is no answer: too much was counted, never too little.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import polars as pl
from filelock import FileLock, Timeout

from anonymize.noise.cost import Cost, epsilon_at
from warehouse.atomic import write_atomically
from warehouse.chained import ChainBrokenError, append_chain, read_chain
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from warehouse.home import Home

_PATIENT_SECONDS = 600
_TOKYO = dt.timezone(dt.timedelta(hours=9))
_FIRST_MONTH = 4
# A sum of ten times 0.1 is not over 1.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Budget:
    """What may be spent on one population within a year (4月から翌年3月).

    Attributes:
        population: Those of whom the answers speak; every table about them draws on one budget.
        yearly_epsilon: The most that all answers of one year may cost together, as ε at `delta`.
        delta: δ; 0 admits pure ε only.
    """

    population: str
    yearly_epsilon: float
    delta: float


@dataclass(frozen=True)
class Spending:
    """One answer that was paid for; `epsilon` is null where only `rho` bounds it."""

    population: str
    year: int
    purpose: str
    request: str
    epsilon: float | None
    rho: float
    at: str

    @property
    def cost(self) -> Cost:
        """Give it as what adds up."""
        return Cost(math.inf if self.epsilon is None else self.epsilon, self.rho)


def current_year(now: dt.datetime | None = None) -> int:
    """Give the 年度 of a moment, by default this one, in Japan."""
    local = (now or dt.datetime.now(dt.UTC)).astimezone(_TOKYO)
    return local.year - (local.month < _FIRST_MONTH)


def spendings(home: Home, population: str | None = None) -> list[Spending]:
    """Read what was spent, in its order.

    Raises:
        Refusal: `budget.broken` when a line was changed, removed or cut, or the record is gone
            while answers drawn under it are there.
    """
    path = _path(home)
    try:
        found = read_chain(path, Spending)
    except ChainBrokenError as broken:
        raise _broken(path, broken.number) from None
    if not found and any(_drawn(home).glob("*.parquet")):
        raise _broken(path, 1)
    return [s for s in found if population in {None, s.population}]


def spent_epsilon(home: Home, budget: Budget, year: int) -> float:
    """Say what one year's answers about a population have cost together, as ε at its δ."""
    return epsilon_at(_costs_of_year(home, budget, year), budget.delta)


def draw_once(
    home: Home,
    budget: Budget,
    *,
    year: int,
    purpose: str,
    request: str,
    cost: Cost,
    draw: Callable[[], pl.DataFrame],
) -> pl.DataFrame:
    """Answer a question with noise, or give the answer that was drawn for it before.

    Args:
        home: Where the record lies.
        budget: Of the population asked about.
        year: 年度 whose budget pays, `current_year()`.
        purpose: For whoever reads the record, such as `release:population`.
        request: Keyed hash, in hexadecimal, of all the answer depends on: data, question, noise.
        cost: Of the answer.
        draw: Draws it; called at most once, after the spending is on disk.

    Returns:
        The noisy answer; the same one whenever the same request is asked again, also next year.

    Raises:
        Refusal: `budget.spent` with what is left, `budget.broken`, `budget.busy`, `budget.lost`.
    """
    with _one_spender(home):
        kept = _drawn(home) / f"{request}.parquet"
        is_known = any(s.request == request for s in spendings(home))
        if is_known and kept.is_file():
            return _read(kept)
        _require_left(home, budget, year, cost)
        epsilon = cost.epsilon if math.isfinite(cost.epsilon) else None
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        spending = Spending(budget.population, year, purpose, request, epsilon, cost.rho, now)
        append_chain(_path(home), asdict(spending))
        answer = draw()
        content = io.BytesIO()
        answer.write_parquet(content)
        write_atomically(kept, content.getvalue())
        return answer


def _costs_of_year(home: Home, budget: Budget, year: int) -> list[Cost]:
    return [s.cost for s in spendings(home, budget.population) if s.year == year]


def _require_left(home: Home, budget: Budget, year: int, cost: Cost) -> None:
    before = _costs_of_year(home, budget, year)
    wanted = epsilon_at([*before, cost], budget.delta)
    if wanted <= budget.yearly_epsilon + _ROUNDING:
        return
    spent = epsilon_at(before, budget.delta)
    left = max(budget.yearly_epsilon - spent, 0.0)
    raise Refusal(
        "budget.spent",
        f"プライバシー予算が足りません。{year}年度の残りは ε = {_short(left)} です"
        f"(年間 {_short(budget.yearly_epsilon)}、使用済み {_short(spent)}、"
        f"今回を足すと {_short(wanted)})。",
        f"privacy_budgets の「{budget.population}」",
        "公開の回数を減らすか ε を小さくする、来年度まで待つ、"
        "または責任者が年間の予算を見直してください。",
    )


def _short(epsilon: float) -> str:
    return "∞" if math.isinf(epsilon) else f"{epsilon:.3g}"


@contextmanager
def _one_spender(home: Home) -> Generator[None]:
    """Hold the right to spend: two who read the same rest would both think it enough."""
    home.budget.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(home.budget / ".spending.lock", mode=0o600)
    try:
        lock.acquire(timeout=_PATIENT_SECONDS)
    except Timeout:
        raise Refusal(
            "budget.busy",
            "ほかの処理がプライバシー予算を10分以上使い続けています。",
            str(home.budget),
            "止まっている machikane の処理がないかを確かめてから、やり直してください。",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _read(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        raise Refusal(
            "budget.lost",
            "前に引いたノイズつきの答えが壊れていて読めません。",
            str(path),
            "控えから戻してください。消すと、次の実行でもう一度予算を使います。",
        ) from None


def _path(home: Home) -> Path:
    return home.budget / "spendings.jsonl"


def _drawn(home: Home) -> Path:
    return home.budget / "drawn"


def _broken(path: Path, number: int) -> Refusal:
    return Refusal(
        "budget.broken",
        "プライバシー予算の記録が書き換えられているか、欠けています。ノイズつきの公開を止めました。",
        f"{path.name} の {number}行目",
        "控えと見比べ、情報管理の責任者に知らせてください。",
    )
