"""Accounts of the other parts, as sections of the report.

Belongs here: the words around numbers that `anonymize.tables` and `anonymize.synthetic` give. Must
not hold: attacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.disclosure.report import Account

if TYPE_CHECKING:
    from anonymize.synthetic.attacks import Interval, Risk
    from anonymize.synthetic.judged import Verdict
    from anonymize.tables.intervals import Account as HiddenCells


def tell_hidden_cells(found: HiddenCells) -> Account:
    """Tell what the linear-programming attacker computes of hidden cells."""
    narrowest = "なし" if found.narrowest is None else f"{found.narrowest:g}"
    rows = (
        ("表のセル", f"{found.cells:,}"),
        ("規則により秘匿したセル", f"{found.primary:,}"),
        ("併せて秘匿したセル", f"{found.secondary:,}"),
        ("値が分かるセル", f"{found.exact:,}"),
        ("必要な幅に満たないセル", f"{found.narrow:,}"),
        ("最も狭い範囲", narrowest),
    )
    is_safe = not found.exact and not found.narrow
    return Account(" ".join(found.words()), rows, is_safe)


def tell_synthetic(verdict: Verdict) -> Account:
    """Tell what attacks on a synthetic table found, with control and intervals."""
    rows = tuple((_name(risk), _result(risk)) for risk in verdict.risks)
    sentence = (
        f"元の {verdict.persons_in:,} 行と、除いておいた {verdict.persons_out:,} 行を攻撃しました。"
        f"偶然を超えて漏れている攻撃: {len(verdict.leaks)}。{''.join(verdict.limits)}"
    )
    return Account(sentence, rows, verdict.is_safe_so_far)


def _name(risk: Risk) -> str:
    return f"{risk.attack}({risk.on})" if risk.on else risk.attack


def _result(risk: Risk) -> str:
    return (
        f"危険 {_span(risk.risk)}、元の人への成功 {_span(risk.success)}、"
        f"除いておいた人への成功 {_span(risk.control)}({risk.attempts:,} 回)"
    )


def _span(share: Interval) -> str:
    return f"{share.estimate:.1%}(95% 区間 {share.low:.1%}〜{share.high:.1%})"
