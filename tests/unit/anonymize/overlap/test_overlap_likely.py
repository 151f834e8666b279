"""The patient attacker: right as often as he says, strong where he must be, weak where we say so."""

import numpy as np
import polars as pl
import pytest

from anonymize.overlap.averaging import (
    LIKELY,
    estimate_rate,
    exact_channel,
    infer_movements,
    noise_channel,
    random_rounding_channel,
)
from anonymize.overlap.likely import is_redrawn, line_up, look_at_series
from anonymize.overlap.released import SEEN, Released, as_rounded

RATE = 0.02


def _live(cells, months, mean, seed=0, rate=RATE):
    """Let cells live: departures and arrivals at one rate."""
    rng = np.random.default_rng(seed)
    usual = rng.gamma(2, mean / 2, cells)
    counts = [rng.poisson(usual)]
    for _ in range(months - 1):
        left = rng.binomial(counts[-1], rate)
        counts.append(counts[-1] - left + rng.poisson(usual * rate))
    return np.array(counts).T


def _round(counts, base, *, sticky, seed=1):
    rng = np.random.default_rng(seed)
    low = counts // base * base
    if sticky:
        draws = rng.random((len(counts), counts.max() + 1))
        draw = np.take_along_axis(draws, counts, axis=1)
    else:
        draw = rng.random(counts.shape)
    return low + base * (draw < (counts - low) / base)


def _infer(series, channel, rate=RATE):
    return infer_movements(series, channel, np.full(len(series), rate))


def test_bare_counts_leave_nothing_to_guess():
    counts = _live(200, 12, 8)
    found = _infer(counts, exact_channel())
    assert (found.best == np.diff(counts, axis=1)).all()
    assert (found.chance.max(axis=2) > LIKELY).all()
    assert (found.level == counts).all()


@pytest.mark.parametrize("repeat", ["fresh", "sticky"])
def test_he_is_right_as_often_as_he_says(repeat):
    counts = _live(1500, 12, 6)
    seen = _round(counts, 3, sticky=repeat == "sticky")
    found = _infer(seen, random_rounding_channel(3, repeat))
    moved = np.diff(counts, axis=1)
    chance = found.chance.max(axis=2)
    for low, high in ((0.5, 0.6), (0.6, 0.7), (0.8, 0.9), (0.9, 1.0)):
        there = (chance >= low) & (chance < high)
        assert there.sum() > 30
        right = (found.best == moved)[there].mean()
        assert low - 0.06 < right < high + 0.06


def test_months_drawn_anew_are_averaged_out_and_sticky_ones_are_not():
    still = np.tile(_live(400, 1, 8), (1, 24))
    known = {}
    for repeat in ("fresh", "sticky"):
        seen = _round(still, 5, sticky=repeat == "sticky")
        found = _infer(seen, random_rounding_channel(5, repeat), 0.001)
        sure = found.level_chance >= LIKELY
        known[repeat] = float((sure & (found.level == still)).mean())
        assert (found.level == still)[sure].mean() > 0.9 if sure.any() else True
    assert known["fresh"] > 0.1
    assert known["sticky"] < 0.01


def test_small_noise_leaks_where_the_extremes_show():
    uniform = noise_channel(dict.fromkeys(range(-2, 3), 0.2), "sticky")
    assert uniform.probability(np.array([0, 0, 3]), np.array([0, 2, 2])) == pytest.approx(
        [0.6, 0.2, 0.2]
    )
    counts = _live(1500, 12, 4)
    rng = np.random.default_rng(2)
    noise = np.take_along_axis(rng.integers(-2, 3, (len(counts), counts.max() + 1)), counts, axis=1)
    found = _infer(np.maximum(counts + noise, 0), uniform)
    small = np.isin(np.abs(np.diff(counts, axis=1)), (1, 2))
    right = found.stated() & (found.best == np.diff(counts, axis=1))
    rounded = _infer(_round(counts, 3, sticky=True), random_rounding_channel(3, "sticky"))
    ours = rounded.stated() & (rounded.best == np.diff(counts, axis=1))
    assert right.sum() > 0.01 * small.sum()
    assert ours.sum() < 0.01 * small.sum()


@pytest.mark.parametrize("repeat", ["fresh", "sticky"])
def test_the_rate_is_learnt_from_what_is_published(repeat):
    counts = _live(500, 12, 10, rate=0.03)
    seen = _round(counts, 5, sticky=repeat == "sticky")
    rate = estimate_rate(seen, random_rounding_channel(5, repeat))[0]
    assert 0.02 < rate < 0.04


def test_a_series_that_no_path_explains_states_nothing():
    found = _infer(np.array([[0, 300, 0]]), random_rounding_channel(3, "fresh"))
    assert not found.stated().any()


def test_arguments_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="系列の形"):
        infer_movements(np.zeros((3, 1), dtype=np.int64), exact_channel(), np.zeros(3))
    with pytest.raises(ValueError, match="系列の形"):
        infer_movements(np.zeros((3, 2), dtype=np.int64), exact_channel(), np.zeros(2))


def _releases(seen, channel, version=1):
    made = []
    for month, column in enumerate(seen.T, start=1):
        cells = pl.DataFrame({"地域": [f"{n}町" for n in range(len(seen))], SEEN: column})
        bounds = cells.with_columns(as_rounded(SEEN, channel.reach + 1))
        made.append(Released("人口", version, f"2026-{month:02}", bounds, channel))
    return made


def test_a_release_drawn_anew_every_month_is_too_much_and_a_sticky_one_is_not():
    counts = _live(600, 12, 5, rate=0.005)
    fresh = _releases(_round(counts, 3, sticky=False), random_rounding_channel(3, "fresh"))
    sticky = _releases(_round(counts, 3, sticky=True), random_rounding_channel(3, "sticky"))
    told, ours = (look_at_series(t[-1], t[:-1]) for t in (fresh, sticky))
    assert told is not None
    assert ours is not None
    assert told.too_many_counts
    assert not ours.too_many_counts
    assert not ours.too_many_movements


def test_one_month_has_no_series_and_other_methods_are_left_out():
    tables = _releases(
        _round(_live(50, 3, 9), 3, sticky=True), random_rounding_channel(3, "sticky")
    )
    other = _releases(_round(_live(50, 3, 9), 5, sticky=True), random_rounding_channel(5, "sticky"))
    assert look_at_series(tables[0], []) is None
    assert look_at_series(tables[-1], other[:-1]) is None
    assert look_at_series(tables[0], tables[1:]) is None  # later months alone


def test_only_cells_that_all_months_show_are_lined_up():
    one, other = _releases(np.array([[3, 6], [9, 9]]), random_rounding_channel(3, "sticky"))
    less = Released("人口", 1, "2026-02", other.cells.head(1), other.channel)
    assert line_up([one, less]).tolist() == [[3, 6]]


def test_a_second_draw_for_one_month_is_noticed_and_a_correction_is_not():
    counts = np.repeat(_live(300, 1, 20), 2, axis=1)
    channel = random_rounding_channel(3, "sticky")
    redrawn = _round(counts, 3, sticky=False)
    first, second = redrawn[:, :1], redrawn[:, 1:]
    out = _releases(first, channel)
    assert is_redrawn(_releases(second, channel, version=2)[0], out)
    corrected = first.copy()
    corrected[:5] += 3
    assert not is_redrawn(_releases(corrected, channel, version=2)[0], out)
    assert not is_redrawn(out[0], [])
