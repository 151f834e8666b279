"""`machikane anonymize`: one table by a policy, and a policy proposed for a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.anonymising.run import anonymise

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

_WORDED = "直し方:"


def anonymize_file(console: Console, given: Path, policy: Path, out: Path, report: Path) -> int:
    """Anonymise a file and print the account.

    Returns:
        The exit code: 0 written, 1 nothing satisfies the policy, 2 the hierarchies or the models'
        options cannot be used.

    Raises:
        Refusal, RegisterError: in Japanese.
    """
    try:
        told = anonymise(given, policy, out, report)
    except ValueError as error:
        # Those of `anonymize` are worded for people; any other is a fault of ours.
        if _WORDED not in str(error):
            raise
        _say(console, str(error))
        return 2
    for line in _lines(told, out, report):
        _say(console, line)
    return 0 if told["feasible"] else 1


def _lines(told: dict[str, Any], out: Path, report: Path) -> list[str]:
    return [
        *(_found(told, out) if told["feasible"] else _not_found(told)),
        *(f"注意: {warning}" for warning in told["warnings"]),
        f"報告: {report}",
    ]


def _found(told: dict[str, Any], out: Path) -> list[str]:
    risk, utility = told["risk"], told["utility"]
    who = "人" if told["counted"] == "persons" else "行"
    proof = "これより失う情報の少ない加工はないことを確かめました" if told["optimal_proven"] else ""
    rows = told["input"]["rows"]
    levels = "、".join(
        f"{name} {level}/{told['heights'][name]}" for name, level in told["levels"].items()
    )
    return [
        f"匿名加工しました: {out}({rows:,} 行、{told['seconds']:.1f} 秒)",
        f"  失う情報: {told['loss']:.5f}(0 はそのまま、1 はすべて秘匿){proof and '。' + proof}",
        *([f"  一般化の段(段/最後の段): {levels}"] if levels else []),
        (
            f"  秘匿した行: {told['suppressed_rows']:,}({told['suppressed_share']:.2%}、"
            f"上限 {told['suppression_limit']:.2%})"
        ),
        f"  組: {told['classes']:,}、最も小さい組 {told['min_class']:,} {who}",
        (
            f"  再識別のリスク: 最大 {risk['prosecutor_max']:.1%}、平均 {risk['prosecutor_mean']:.2%}"
            f"(加工前の平均 {risk['before']['prosecutor_mean']:.1%})"
        ),
        (
            f"  有用性の損失: NCP {utility['ncp']:.4f}、エントロピー {utility['entropy']:.4f}、"
            f"件数の誤差 {utility['query_error']:.3f}(3つを合わせて見ます)"
        ),
    ]


def _not_found(told: dict[str, Any]) -> list[str]:
    return [
        "ポリシーを満たす加工は見つかりませんでした。ファイルは書いていません。",
        f"  理由: {told['reason']}",
        "  ゆるめるもの(上から順に):",
        *(f"    - {way}" for way in told["relax"]),
    ]


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
