"""`machikane anonymize`: one table by a policy, and a policy proposed for a table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.anonymising.declared_table import read_table
from warehouse.anonymising.run import anonymise
from warehouse.anonymising.source import Source
from warehouse.anonymising.suggest import suggest

if TYPE_CHECKING:
    from rich.console import Console

    from warehouse.anonymising.suggest import Suggestion

_JAPAN = dt.timezone(dt.timedelta(hours=9))
_PARTS = {
    "quasi_identifiers": "準識別子",
    "sensitive": "知られたくない値",
    "identifiers": "出力しない列",
    "insensitive": "そのまま出力する列",
}
_WORDED = "直し方:"

_PROVEN = "これより失う情報の少ない加工はないことを確かめました"
_NOT_PROVEN = "時間内に見つかった中で最も少ないものです(これより少ないものがあるかもしれません)"


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


def suggest_policy(
    console: Console,
    table: str,
    out: Path | None,
    *,
    role: str,
    home: Path | None,
    register: Path | None,
) -> None:
    """Propose a policy for a file, a dataset or a mart, and print what was measured.

    Raises:
        Refusal, RegisterError: in Japanese.
    """
    given = Path(table)
    if given.suffix.lower() in {".csv", ".parquet"} or given.is_file():
        source, said = Source(given), {}
    else:
        source, said = read_table(table, role=role, home=home, register=register)
    folder = out or Path(f"{given.stem if not said else source.path.name}_policy")
    suggestion = suggest(source, said, folder, year=dt.datetime.now(tz=_JAPAN).year)
    for line in _suggested(suggestion):
        _say(console, line)


def _suggested(suggestion: Suggestion) -> list[str]:
    names: dict[str, list[str]] = {}
    for one in suggestion.proposed:
        names.setdefault(one.part, []).append(one.profile.column)
    lines = [
        f"ポリシーの案を書きました: {suggestion.folder / 'policy.yaml'}",
        f"  準識別子だけで1行に決まる行: {suggestion.unique:.1%}",
        *(f"  {_PARTS[part]}: {'、'.join(listed)}" for part, listed in names.items()),
        "リスクと有用性(測った値):",
    ]
    lines += [
        (
            f"  {point.name}: リスク 平均 {point.risk:.2%}・最大 {point.highest:.1%}、"
            f"損失 NCP {point.loss:.4f}・エントロピー {point.entropy:.4f}・"
            f"件数の誤差 {point.query_error:.3f}、秘匿 {point.suppressed:.2%}、"
            f"最も小さい組 {point.smallest}"
        )
        for point in suggestion.points
    ]
    lines += [f"  k={k}: 満たす加工なし。{reason}" for k, reason in suggestion.missing.items()]
    return [
        *lines,
        f"図: {suggestion.folder / 'curve.svg'}    数値: {suggestion.folder / 'suggest.json'}",
        "列の役割・段・下書きの階層ファイルを、データの所管課と確かめてから使ってください。",
    ]


def _lines(told: dict[str, Any], out: Path, report: Path) -> list[str]:
    return [
        *(_found(told, out) if told["feasible"] else _not_found(told)),
        *(f"注意: {warning}" for warning in told["warnings"]),
        f"報告: {report}",
    ]


def _found(told: dict[str, Any], out: Path) -> list[str]:
    risk, utility = told["risk"], told["utility"]
    who = "人" if told["counted"] == "persons" else "行"
    proof = _PROVEN if told["optimal_proven"] else _NOT_PROVEN if told["levels"] else ""
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
