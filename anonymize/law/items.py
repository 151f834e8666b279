"""One item of the checklist, and its title and source.

Belongs here: what is asked. Must not hold: how it is answered (`checklist`, `basis`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Status = Literal["適合", "不適合", "未回答", "該当なし"]

_LAW, _RULE = "個人情報の保護に関する法律", "個人情報の保護に関する法律施行規則"

TITLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "basis": (
            "公開の法的な整理(統計情報・匿名加工情報・行政機関等匿名加工情報)",
            f"{_LAW} 第2条第5項・第6項、第60条第3項、第73条、第109条",
        ),
        "manner": (
            "公開か、契約による提供か",
            f"{_LAW} 第109条第2項、第111条〜第115条(条番号は要確認)",
        ),
        "rule62.1": ("特定の個人を識別することができる記述等の削除・置換", f"{_RULE} 第62条第1号"),
        "rule62.2": ("個人識別符号の全部の削除・置換", f"{_RULE} 第62条第2号、{_LAW} 第2条第2項"),
        "rule62.3": ("情報を相互に連結する符号の削除・置換", f"{_RULE} 第62条第3号"),
        "rule62.4": ("特異な記述等の削除・置換", f"{_RULE} 第62条第4号"),
        "rule62.5": ("個人情報ファイルの性質を踏まえた措置", f"{_RULE} 第62条第5号"),
        "sensitive": ("要配慮個人情報", f"{_LAW} 第2条第3項、同施行令 第2条"),
        "method": (
            "加工方法等情報と削除情報の管理",
            f"{_LAW} 第109条第4項、第121条(条番号は要確認)",
        ),
        "person": ("判断した人", "市の規程による(要確認)"),
    }
)


@dataclass(frozen=True)
class Item:
    """One item: what it asks, whether it is met, and by what evidence.

    Attributes:
        id: Stable, such as `rule62.3`.
        title: What is asked.
        source: Where the law asks it.
        status: 未回答 is as closed as 不適合.
        evidence: What the run did and measured, or what speaks against it.
    """

    id: str
    title: str
    source: str
    status: Status
    evidence: tuple[str, ...]


def met(name: str, evidence: Sequence[str]) -> Item:
    """Say that an item is met, and why."""
    return _item(name, "適合", evidence)


def failed(name: str, reasons: Sequence[str]) -> Item:
    """Say that an item is not met."""
    return _item(name, "不適合", reasons)


def absent(name: str, reason: str) -> Item:
    """Say that nobody has answered."""
    return _item(name, "未回答", [reason])


def needless(name: str, reason: str) -> Item:
    """Say that an item does not apply."""
    return _item(name, "該当なし", [reason])


def _item(name: str, status: Status, evidence: Sequence[str]) -> Item:
    title, source = TITLES[name]
    return Item(name, title, source, status, tuple(evidence))
