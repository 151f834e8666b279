"""Likeness and attacks together, on persons the synthesis saw and persons it did not."""

import os
from pathlib import Path

import polars as pl
import pytest

import anonymize
from anonymize.synthetic import judged
from anonymize.synthetic.judged import synthesise_judged
from anonymize.synthetic.quality import Quality, measure_quality
from anonymize.synthetic.schema import schema_of
from anonymize.synthetic.synthesise import Marginals, Trees, synthesise
from tests.unit.anonymize.synthetic.made_up import register

# SDMetrics 0.25 of SDV 1.32's GaussianCopula on the same 30,162 rows.
COPULA_QUALITY = 0.9385


def test_the_synthesis_sees_a_half_and_the_other_half_is_the_control(monkeypatch):
    frame = register(601).with_row_index("n")
    seen = {}

    def keep(original, *_):
        seen["original"] = original
        return Quality(1.0, 1.0, 1.0, {}, {}, "")

    def attack(original, control, *_, seed):
        assert original is seen["original"]
        seen["control"] = control
        return seed

    monkeypatch.setattr(judged, "measure_quality", keep)
    monkeypatch.setattr(judged, "attack", attack)
    result = synthesise_judged(frame, schema_of(frame), Trees(), 50, 3)
    numbers = [set(seen[side]["n"]) for side in ("original", "control")]
    assert not numbers[0] & numbers[1]
    assert [len(n) for n in numbers] == [300, 301]
    assert result.synthesis.account.rows_in == 300


def test_too_few_rows_to_attack_are_refused():
    frame = register(39)
    with pytest.raises(ValueError, match="40行以上"):
        synthesise_judged(frame, schema_of(frame), Trees(), 10, 1)


@pytest.mark.slow
def test_a_whole_judgement_of_every_kind_of_column():
    frame = register(2000)
    result = synthesise_judged(frame, schema_of(frame), Trees(), 1000, 1)
    assert result.quality.overall > 0.8
    assert set(result.quality.by_column) == set(frame.columns)
    assert all(0 <= score <= 1 for score in result.quality.by_pair.values())
    assert result.verdict.is_safe_so_far
    assert "SDMetrics" in result.quality.measured_with


@pytest.fixture(scope="module")
def adult():
    project = Path(anonymize.__path__[0]).resolve().parent
    named = os.environ.get("MACHIKANE_REFERENCE", project.parent / "shared" / "reference")
    path = Path(named) / "anon" / "adult" / "data.csv"
    if not path.is_file():
        pytest.skip("参照データがない")
    return pl.read_csv(path)


@pytest.mark.slow
@pytest.mark.parametrize("method", [Trees(), Marginals()], ids=str)
def test_adult_is_made_better_than_by_a_copula_in_five_seconds(adult, method):
    made = synthesise(adult, schema_of(adult), method, adult.height, 1)
    assert made.account.seconds < 5
    assert measure_quality(adult, made.frame, schema_of(adult)).overall > COPULA_QUALITY


@pytest.mark.slow
def test_of_adult_a_copy_is_found_out_and_ours_are_not(adult):
    mixed = adult.sample(fraction=1, shuffle=True, seed=5)
    seen, control = mixed[:15081], mixed[15081:]
    assert not judged.attack(seen, control, seen, seed=3).is_safe_so_far
    for method in (Trees(), Marginals()):
        made = synthesise(seen, schema_of(seen), method, seen.height, 1).frame
        assert judged.attack(seen, control, made, seed=3).is_safe_so_far
