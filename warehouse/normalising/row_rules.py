"""The rules a row has to pass beside those of its values, and the words for every rule.

Belongs here: what a rule is called and what to do about it. Must not hold: the tests themselves.
"""

from __future__ import annotations

from transforms.catalogue import RULES

ROW_RULES = {
    "required.blank": ("必須項目が空欄", "必ず要る項目です。原本を確認して値を入れてください。"),
    "range.outside": (
        "範囲外の値",
        "契約の minimum・maximum の外の値です。原本を確認して直してください。",
    ),
    "pattern.mismatch": (
        "決まった形でない値",
        "契約の pattern に合いません。原本を確認して直してください。",
    ),
    "key.duplicate": (
        "キーの重複",
        "同じキーの行が2つ以上あり、どれが正しいか決められません。1行にしてください。",
    ),
    "key.identical": (
        "まったく同じ行",
        "同じ行がもう1つあるので片方だけ取り込みました。出力条件を確かめてください。",
    ),
    "my_number.found": (
        "個人番号らしい値",
        "個人番号(マイナンバー)らしい番号があります。列から除いて提出し直してください。",
    ),
    "row.ragged": (
        "列の数が違う行",
        "列の数が見出しと違います。値の中の区切り文字や改行を確かめてください。",
    ),
    "row.length": (
        "長さの違う記録",
        "記録の長さが契約と違います。元のシステムから出力し直してください。",
    ),
    "row.kind": (
        "種別の分からない記録",
        "先頭の区分が、契約にあるどの種別でもありません。区分を確かめてください。",
    ),
    "row.broken": (
        "文字の壊れた記録",
        "文字が途中で切れているか、別の文字コードです。元のシステムから出力し直してください。",
    ),
}


def rule_title(rule: str) -> str:
    """Name a rule in Japanese."""
    if rule in ROW_RULES:
        return ROW_RULES[rule][0]
    return RULES[rule].title if rule in RULES else rule


def rule_remedy(rule: str) -> str:
    """Say in Japanese what the clerk does about a rule."""
    if rule in ROW_RULES:
        return ROW_RULES[rule][1]
    return RULES[rule].remedy if rule in RULES else ""
