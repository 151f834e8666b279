"""Every delivery's account is printed in rows and in cells, and says when it does not close."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from pipelines.commands.balance import print_account
from warehouse.account import Account, Cells
from warehouse.lake import Loaded
from warehouse.raw import LOADED, REFUSED

ABOUT = {"file": "人口.csv", "period": "2026-04", "modified_at": "2026-04-01", "state": LOADED}
READ = Account(12, 9, 1, {"見出し": 1, "空行": 1}, cells=Cells(48, 36, 4, {"見出し": 4, "空欄": 4}))
DONE = Account(10, 7, 3, {}, cells=Cells(40, 28, 12, {}))


def _printed(raw, common):
    out = io.StringIO()
    dataset: Any = SimpleNamespace(contract=SimpleNamespace(title="人口"))
    entry = Loaded("raw/p", "d", "f", {**ABOUT, **raw.as_json()})
    after = {"d": Loaded("common/p", "d", "f", common.as_json())} if common else {}
    print_account(Console(file=out, width=160), dataset, {"d": entry}, after)
    return out.getvalue()


def test_rows_and_cells_are_printed_with_the_reasons():
    text = _printed(READ, DONE)
    assert "行の収支: 人口" in text
    assert "セルの収支: 人口" in text
    assert "見出し 1、空行 1" in text
    assert "見出し 4、空欄 4" in text
    assert text.count("○ 合う") == 2
    assert "×" not in text


@pytest.mark.parametrize(
    "short",
    [Account(10, 6, 3, cells=DONE.cells), Account(10, 7, 3, cells=Cells(40, 27, 12))],
)
def test_a_row_or_a_cell_that_went_missing_is_shown(short):
    assert _printed(READ, short).count("× 合わない") == 1


def test_a_delivery_that_was_replaced_has_no_end():
    assert _printed(READ, None).count("差替え済か見送り") == 2


def test_a_refused_delivery_has_no_account():
    out = io.StringIO()
    entry = Loaded("raw/p", "d", "f", {**ABOUT, "state": REFUSED})
    dataset: Any = SimpleNamespace(contract=SimpleNamespace(title="人口"))
    print_account(Console(file=out, width=160), dataset, {"d": entry}, {})
    assert out.getvalue().count("読めない") == 2
