"""The budget refuses when it is spent, is charged before noise is drawn, and pays a question once."""

import contextlib
import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from anonymize.noise.cost import Cost, rho_for
from warehouse.budget import Budget, current_year, draw_once, spendings, spent_epsilon
from warehouse.refusal import Refusal

RESIDENTS = Budget("住民", 1.0, 0.0)
ANSWER = pl.DataFrame({"count": [1, 2]})


def _draw(home, request, *, epsilon=0.4, budget=RESIDENTS, year=2026, draw=ANSWER.clone, cost=None):
    cost = cost or Cost.pure(epsilon)
    return draw_once(home, budget, year=year, purpose="test", request=request, cost=cost, draw=draw)


def _refused(action):
    with pytest.raises(Refusal) as caught:
        action()
    return caught.value


def test_a_spent_budget_refuses_and_says_what_is_left(home):
    _draw(home, "a1")
    _draw(home, "a2")
    drawn = []
    refusal = _refused(lambda: _draw(home, "a3", draw=lambda: drawn.append(1)))
    assert refusal.rule == "budget.spent"
    assert "2026年度の残りは ε = 0.2" in refusal.what
    assert drawn == []
    assert len(spendings(home)) == 2
    assert spent_epsilon(home, RESIDENTS, 2026) == pytest.approx(0.8)
    _draw(home, "a4", epsilon=0.2)


def test_ten_tenths_are_one(home):
    for number in range(10):
        _draw(home, f"{number:02}", epsilon=0.1)
    assert _refused(lambda: _draw(home, "10", epsilon=0.001)).rule == "budget.spent"


def test_other_years_and_other_populations_have_budgets_of_their_own(home):
    _draw(home, "a1", epsilon=1.0)
    _draw(home, "a2", epsilon=1.0, year=2027)
    _draw(home, "a3", epsilon=1.0, budget=Budget("園児", 1.0, 0.0))
    assert [s.population for s in spendings(home)] == ["住民", "住民", "園児"]
    assert _refused(lambda: _draw(home, "a4", epsilon=0.1, year=2027)).rule == "budget.spent"


def test_the_same_question_is_paid_once_and_answered_alike(home):
    first = _draw(home, "a1", epsilon=0.9)
    again = _draw(home, "a1", epsilon=0.9, draw=lambda: pl.DataFrame({"count": [7, 7]}))
    next_year = _draw(home, "a1", epsilon=0.9, year=2027)
    assert first.equals(again)
    assert first.equals(next_year)
    assert len(spendings(home)) == 1


def test_it_is_spent_before_noise_is_drawn(home):
    seen = []

    def stop():
        seen.extend(spendings(home))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _draw(home, "a1", epsilon=0.6, draw=stop)
    assert [s.request for s in seen] == ["a1"]
    assert spent_epsilon(home, RESIDENTS, 2026) == pytest.approx(0.6)
    # Without an answer the question is a new one and has to be paid again.
    assert _refused(lambda: _draw(home, "a1", epsilon=0.6)).rule == "budget.spent"


def test_gaussian_answers_add_up_by_rho(home):
    budget = Budget("住民", 1.0, 1e-9)
    cost = Cost.concentrated(rho_for(1.0, 1e-9) / 4)
    for number in range(4):
        _draw(home, f"{number}", budget=budget, cost=cost)
    assert spent_epsilon(home, budget, 2026) == pytest.approx(1.0)
    assert _refused(lambda: _draw(home, "5", budget=budget, cost=cost)).rule == "budget.spent"
    assert "∞" in _refused(lambda: _draw(home, "6", cost=cost)).what


def test_a_record_that_was_touched_or_taken_away_stops_everything(home):
    _draw(home, "a1")
    path = home.budget / "spendings.jsonl"
    path.write_text(path.read_text("utf-8").replace('"epsilon": 0.4', '"epsilon": 0.0'), "utf-8")
    assert _refused(lambda: _draw(home, "a2")).rule == "budget.broken"
    path.unlink()
    assert _refused(lambda: _draw(home, "a1")).rule == "budget.broken"
    path.with_suffix(".head").unlink()
    assert _refused(lambda: _draw(home, "a2")).rule == "budget.broken"


def test_a_kept_answer_that_is_broken_is_not_drawn_anew(home):
    _draw(home, "a1")
    (home.budget / "drawn" / "a1.parquet").write_bytes(b"PAR1")
    assert _refused(lambda: _draw(home, "a1")).rule == "budget.lost"
    assert len(spendings(home)) == 1


def _spend_many(home, name):
    taken = 0
    for number in range(6):
        with contextlib.suppress(Refusal):
            _draw(home, f"{name}{number}", epsilon=0.1)
            taken += 1
    return taken


def test_several_who_spend_at_once_never_spend_more_than_there_is(home):
    with ThreadPoolExecutor(3) as spenders:
        taken = list(spenders.map(lambda name: _spend_many(home, name), "abc"))
    assert sum(taken) == 10
    assert len(spendings(home)) == 10


@pytest.mark.parametrize(
    ("moment", "year"),
    [("2027-03-31T14:59:59", 2026), ("2027-03-31T15:00:00", 2027), ("2026-12-31T20:00:00", 2026)],
)
def test_a_year_begins_in_april_in_japan(moment, year):
    assert current_year(dt.datetime.fromisoformat(f"{moment}+00:00")) == year
