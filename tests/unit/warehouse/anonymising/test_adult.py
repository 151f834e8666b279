"""The set of Adult from file to file: levels, loss and suppressed rows of the proven optimum."""

from pathlib import Path

import pytest

import warehouse
from warehouse.anonymising.run import anonymise

ADULT = Path(warehouse.__file__).resolve().parents[2] / "shared" / "reference" / "anon" / "adult"
COLUMNS = (
    *("sex", "age", "race", "marital-status", "education", "native-country", "workclass"),
    *("occupation", "salary-class"),
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not ADULT.is_dir(), reason="the reference data are not here"),
]


def run(folder, ending):
    lines = "".join(
        f"  {name}: {{hierarchy: {ADULT}/hierarchies/{name}.csv}}\n" for name in COLUMNS
    )
    policy = folder / "policy.yaml"
    policy.write_text(f"quasi_identifiers:\n{lines}models: [{{k: 5}}]\n{ending}", "utf-8")
    return anonymise(ADULT / "data.csv", policy, folder / "out.csv", folder / "report.json")


@pytest.mark.parametrize(
    ("limit", "loss", "rows"), [(0.02, 0.35748, 506), (0.05, 0.26963, 1346), (0, 0.63554, 0)]
)
def test_full_domain_is_the_proven_optimum(tmp_path, limit, loss, rows):
    told = run(tmp_path, f"suppression_limit: {limit}\n")
    assert told["optimal_proven"]
    assert told["loss"] == pytest.approx(loss, abs=5e-6)
    assert told["suppressed_rows"] == rows
    if rows == 506:
        assert dict(zip(COLUMNS, (0, 3, 0, 2, 2, 1, 1, 2, 0), strict=True)) == told["levels"]


def test_local_recoding_loses_little_and_no_row(tmp_path):
    told = run(tmp_path, "recoding: local\n")
    assert told["suppressed_rows"] == 0
    assert told["utility"]["ncp"] <= 0.0525
    assert told["utility"]["entropy"] <= 0.205
    assert told["utility"]["query_error"] <= 0.22
