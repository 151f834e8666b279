"""A whole made-up city goes through the warehouse: its dirt is set aside, nothing else, no cell is lost."""

from __future__ import annotations

import pytest

from assets.register import load_register
from pipelines.settings import register_root
from pipelines.whole_city.dirt.measuring import Findings, load_dataset, look_at, read_truth, score
from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.sources import deliveries
from pipelines.whole_city.writing.inbox import INBOX, write_inbox
from warehouse.home import Home
from warehouse.inbox import scan_inbox
from warehouse.lake import open_lake
from warehouse.landing import collect
from warehouse.readers.child import ParsingChild

# One of every file format.
FEW = {"resident_register", "library_loans", "budget_execution", "seal_registrations", "line_messages"}  # fmt: skip
BAR = 0.99


def load(folder, home, register, names, truth):
    findings = Findings()
    datasets = [dataset for dataset in register.datasets.values() if dataset.name in names]
    for arrival in scan_inbox(folder / INBOX, register.datasets):
        assert arrival.dataset is not None, arrival.path
        collect(home, arrival)
    with open_lake(home, write=["secure"]) as con, ParsingChild() as parser:
        for dataset in datasets:
            load_dataset(con, home, dataset, parser, truth=truth, findings=findings)
        look_at(con, datasets, truth, findings)
    return findings


@pytest.mark.parametrize(
    ("residents", "names"),
    [(1500, FEW), pytest.param(3000, None, marks=pytest.mark.slow)],
    ids=["every format", "every source"],
)
def test_the_quarantine_holds_the_dirt_and_nothing_else(tmp_path, residents, names):
    register = load_register(register_root())
    city = settle(residents, 1, count_months(3))
    wanted = (d for d in deliveries(city) if names is None or d.dataset in names)
    write_inbox(wanted, register_root(), tmp_path / "city", seed=1, share=0.05, processes=1)
    truth = read_truth(tmp_path / "city")
    names = names or set(truth.files["dataset"])
    findings = load(tmp_path / "city", Home(tmp_path / "home"), register, names, truth)
    assert not findings.refused
    assert not findings.open_accounts
    assert [s for s in findings.states if s["state"] != "loaded"] == []
    result = score(truth, findings)
    assert int(result.kinds["faults"].sum()) > 100
    assert result.recall >= BAR, result.kinds
    assert result.precision >= BAR, result.wrong
    assert result.unequal.is_empty(), result.unequal
    assert result.cells_equal == result.cells > 10_000
