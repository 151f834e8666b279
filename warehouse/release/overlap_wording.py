"""What a release officer reads when a candidate, with what is out already, tells too much.

Belongs here: findings in Japanese from what the attacks state: counts of statements and published
labels. Must not hold: a derived number of persons; that stands in the guarded detail alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anonymize.gate import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anonymize.overlap.attack import Exact
    from anonymize.overlap.likely import Likely
    from warehouse.refusal import Refusal

_HOW = {
    "differencing": "どちらの時点の数も公表されている",
    "filled": "伏せた数が、合計と公表値の引き算で埋まる",
    "sibling": "ほかの公開データと組み合わせると埋まる",
    "nested": "区分の切り方が違う表や、広い区域と狭い区域の引き算で求まる",
    "complement": "全体から、公表された部分を引くと求まる",
    "program": "すべての表を連立すると(線形計画法)1つに決まる",
}
_REMEDY = {
    "differencing": "丸め(random_rounding)を使うか、公開の間隔を空け、区分を粗くしてください。",
    "filled": "合計を丸めた値の和にするか、同じ行と列でもう1つずつ伏せて、前の版と同じセルを伏せてください。",
    "sibling": "もう一方の公開データと区分・秘匿の方法をそろえ、同じ鍵で丸めてください。",
    "nested": "区分の切り方を前の版やほかの公開データとそろえてください。",
    "complement": "残りの人が少ない区分をまとめるか、全体の数を丸めてください。",
    "program": "伏せるセルを増やすか、合計を減らしてください(二次秘匿)。",
}


def word_exact(exact: Exact) -> Iterator[Finding]:
    """Word what is certain, one finding per reason."""
    for reason, rows in _by_reason(exact.changes):
        others = rows["other_period"].unique().sort().to_list()
        span = others[0] if len(others) == 1 else f"{others[0]} など{len(others)}時点"
        message = f"公開済みの {span} の数と比べると、1〜2人の増減が{rows.height:,}件、正確に分かります({_HOW[reason]})"
        yield Finding(f"overlap.change.{reason}", "blocker", _where(rows), message, _REMEDY[reason])
    for reason, rows in _by_reason(exact.sizes):
        message = f"伏せた数か、表にない1〜2人の集まりが{rows.height:,}件、正確に分かります({_HOW[reason]})"
        yield Finding(f"overlap.size.{reason}", "blocker", _where(rows), message, _REMEDY[reason])
    if exact.undecided:
        yield Finding(
            "overlap.undecided",
            "blocker",
            "表全体",
            f"1つの値に決まるかどうかを、時間内に確かめられなかったセルが{exact.undecided:,}件あります",
            "公開する合計を減らすか、丸め(random_rounding)を使ってください。",
        )
    if exact.contradictions:
        yield Finding(
            "overlap.contradiction",
            "warning",
            "、".join(exact.contradictions),
            "同じ時点・同じ集団の公開データどうしで、数が食い違っています",
            "同じ抽出から作り直せないか確かめてください。食い違いは、間に動いた人の手がかりになります。",
        )


def word_likely(likely: Likely | None) -> Iterator[Finding]:
    """Word what the series makes likely."""
    if likely is None:
        return
    if likely.too_many_movements:
        yield Finding(
            "overlap.likely",
            "blocker",
            "公開済みの各月との並び",
            f"月ごとの並びから、1〜2人の増減が{likely.movements:,}件、確率95%以上で言い当てられます",
            "丸めの単位を大きくするか、小さい地域をまとめてください(minimum_region_total)。",
        )
    if likely.too_many_counts:
        yield Finding(
            "overlap.averaged",
            "blocker",
            "公開済みの各月との並び",
            f"月ごとの値をならすと、丸める前の数が{likely.counts:,}件、確率95%以上で言い当てられます",
            "変わらない数は毎回同じ値になる方法(鍵による丸め)にしてください。",
        )


def word_redrawn() -> Finding:
    """Word a second draw for one period."""
    return Finding(
        "overlap.redrawn",
        "blocker",
        "同じ時点の公開済みの版",
        "同じ時点の表を、前とは別の乱数で丸め直しています。並べてならすと丸める前の数が分かります",
        "前と同じ鍵(keys/release.key)と同じ列名・地域名で作り直してください。",
    )


def word_withdrawn(count: int) -> Finding:
    """Word what cannot be looked at any more."""
    return Finding(
        "overlap.withdrawn",
        "warning",
        "取り下げた版",
        f"同じ集団を数えた版が{count}件取り下げられていて、照合できませんでした",
        "取り下げた版を手元に残している人がいても困らないか、承認者が確かめてください。",
    )


def word_undeclared(why: str) -> Finding:
    """Word a release that may count persons and does not say which."""
    return Finding(
        "overlap.undeclared",
        "blocker",
        "公開データの YAML の overlaps",
        f"何の人数か宣言されていないので、ほかの公開データと照合できません({why})",
        "overlaps に counts: persons と、集団・区分・列を書いてください。"
        "人を数えていなければ、counts: nobody とその理由を書いてください。",
    )


def word_refusal(refusal: Refusal) -> Finding:
    """Word a table that cannot be held against the others."""
    return Finding(refusal.rule, "blocker", refusal.where, refusal.what, refusal.remedy)


def word_contradiction() -> Finding:
    """Word a table that cannot be true as it is declared."""
    return Finding(
        "overlap.untrue",
        "blocker",
        "公開データの YAML の overlaps",
        "1つの表の中で、合計と内訳が宣言された区分と食い違うので、ほかの公開データと照合できません",
        "区分の内訳(groups)・rest・exhaustive と、合計の計算を確かめてください。",
    )


def word_failure(kind: str) -> Finding:
    """Word an attack that could not be carried out."""
    return Finding(
        "overlap.failed",
        "blocker",
        f"ほかの公開データとの照合({kind})",
        "照合を実行できなかったため、公開できません",
        "公開を止めたまま、データ基盤の担当者に知らせてください。",
    )


def _by_reason(statements: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for reason in _HOW:
        rows = statements.filter(pl.col("reason") == reason)
        if rows.height:
            yield reason, rows


def _where(rows: pl.DataFrame) -> str:
    first = rows["cell"].sort()[0]
    more = rows["cell"].n_unique() - 1
    return f"{first} ほか{more:,}か所" if more else first
