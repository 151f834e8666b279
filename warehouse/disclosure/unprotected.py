"""What the release does not protect, in words that follow from what was measured.

Belongs here: the sentences and when each is true. Must not hold: measuring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anonymize.risk.measure import Risks
    from warehouse.disclosure.report import Report

_CERTAIN_GUESS = 0.9


def say_unprotected(report: Report) -> list[str]:
    """List what remains possible for an outsider."""
    told = list(_of_people(report, report.risks)) if report.risks is not None else []
    if report.differencing is None:
        told.append(
            "過去の公開や、同じ元データのほかの公開と突き合わせる攻撃は行っていません。"
            "組み合わせると、ここに書いた数より多くのことが分かるおそれがあります。"
        )
    elif report.differencing.is_safe:
        told.append(
            "突き合わせたのは、この基盤から公開したものだけです。ほかの機関が出した表は含みません。"
        )
    if report.checklist is None:
        told.append("法のチェックリストは作られていません。公開の根拠は確かめられていません。")
    told.append(
        "数字は、上に挙げた知識を持つ攻撃者についてのものです。将来出てくる情報や、公開した後に"
        "漏れた情報と突き合わされることまでは測れません。"
    )
    return told


def _of_people(report: Report, risks: Risks) -> Iterator[str]:
    known = "・".join(report.known)
    yield (
        f"外部の人が知りうるのは「{known}」までとしています。それより多くを知る人(家族、同僚、"
        "本人が話した相手)には、ここに書いた数より高い割合で見つけられます。"
    )
    after = risks.after
    yield (
        f"見つけられる危険は 0 ではありません。最も危ない行で {after.prosecutor.highest:.1%}、"
        f"平均 {after.prosecutor.mean:.2%} です。"
    )
    for told in after.disclosed:
        if told.certain_persons:
            yield (
                f"「{told.on}」は、{told.certain_persons:,} 人については、どの集まりにいるかが"
                "分かるだけで決まります。"
            )
    for guess in after.inferred:
        yield (
            f"「{guess.on}」は、集まりの中で最も多い値を言えば {guess.guess.value:.1%} 当たります"
            f"(表を見なくても {guess.baseline.value:.1%})。個人を見つけなくても、その集まりの"
            "傾向は分かります。"
        )
    if after.suppressed:
        yield (
            f"抑制した {after.suppressed:,} 行は、人がいたことと、加工していない列の値を"
            "そのまま示しています。"
        )
    if after.uniqueness.method in {"pitman", "zayatz"}:
        yield ("母集団の中で1人だけかどうかは推定です。母集団の表があれば、数えて確かめられます。")
    yield (
        "「*」は1つの値として数えています。「*」を何にでも一致すると数える道具では、"
        "k がこの報告より大きく出ます。"
    )
