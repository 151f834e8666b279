from dataclasses import replace

from anonymize.synthetic.attacks import Interval, Risk
from anonymize.synthetic.judged import Verdict
from anonymize.tables.intervals import Account as HiddenCells
from tests.unit.warehouse.disclosure.test_disclosure_report import EMPTY
from warehouse.disclosure.accounts import tell_hidden_cells, tell_synthetic
from warehouse.disclosure.write import render

SHARE = Interval(0.5, 0.4, 0.6)
NONE = Interval(0.0, 0.0, 0.01)
RISK = Risk("推測", "職業", 100, SHARE, SHARE, 0.3, NONE)


def test_hidden_cells_that_are_computed_do_not_pass():
    good = tell_hidden_cells(HiddenCells(100, 10, 7, 0, 0, 5.0))
    assert good.is_safe
    assert not tell_hidden_cells(HiddenCells(100, 10, 7, 1, 0, 0.0)).is_safe
    assert not tell_hidden_cells(HiddenCells(100, 10, 7, 0, 2, 3.0)).is_safe
    assert ("最も狭い範囲", "なし") in tell_hidden_cells(HiddenCells(9, 0, 0, 0, 0, None)).rows
    page = render(replace(EMPTY, hidden_cells=good))
    assert "併せて秘匿したセル" in page
    assert "伏せたセルへの攻撃(集計表でないか" not in page


def test_an_attack_that_leaks_speaks_against_a_synthetic_table():
    quiet = tell_synthetic(Verdict((RISK,), (), 50, 50))
    assert quiet.is_safe
    loud = tell_synthetic(Verdict((RISK,), (RISK,), 50, 50))
    assert loud.is_safe is False
    page = render(replace(EMPTY, synthetic=loud))
    assert "推測(職業)" in page
    assert "40.0%〜60.0%" in page
    assert "安全の証明ではありません" in page
