"""The shapes of names: of people (a surname and a given name) and of bodies (学校, ㈱, 公園 …).

Surnames are data beside this module. A shape is a suspicion, never a proof.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    import polars as pl

_FILE = Path(__file__).with_name("surnames.yaml")
_LETTER = r"[\p{Han}々〆ヶぁ-んァ-ヴー]"
_PARTED = rf"^\p{{Han}}{_LETTER}{{0,4}}[ \u3000]+{_LETTER}{{1,5}}$"
_KANA_NAME = r"^[ァ-ヴーｦ-ﾟぁ-ん]{1,8}[ \u3000]+[ァ-ヴーｦ-ﾟぁ-ん]{1,8}$"
_BODY = (
    r"株式会社|有限会社|合同会社|合資会社|一般社団|公益|財団|社団|法人|㈱|㈲|\(株\)|（株）|\(有\)|（有）|組合|協会|"
    r"センター|センタ|ステーション|クリニック|病院|医院|診療所|歯科|薬局|学校|学園|大学|幼稚園|保育|こども園|"
    r"公園|広場|緑地|会館|公民館|集会所|図書館|博物館|美術館|体育館|プール|ホール|施設|支所|出張所|市役所|役場|"
    r"事務所|事業所|営業所|店|スーパー|マート|ストア|ドラッグ|ホーム|デイ|クラブ|教室|ルーム|トイレ|便所|駅|"
    r"寺$|神社|寺院|教会|[園館院所場室署局庁課校]$|小$|中$|高$"
)
_PLACE_END = r"[町村区市県郡字里浜島川山丘台]$|丁目"


@cache
def surnames() -> tuple[str, ...]:
    """Read the common surnames, the longest first."""
    names = yaml.safe_load(_FILE.read_text("utf-8"))["surnames"].split()
    return tuple(sorted(names, key=len, reverse=True))


def looks_like_person(text: pl.Expr) -> pl.Expr:
    """Tell whether a text is parted like a name, or starts with a common surname and ends soon."""
    known = rf"^(?:{'|'.join(surnames())})"
    parted = text.str.contains(_PARTED) & (
        text.str.contains(known) | text.str.len_chars().is_between(4, 7)
    )
    joined = text.str.contains(rf"{known}{_LETTER}{{1,3}}$") & ~text.str.contains(_PLACE_END)
    return (parted | joined) & ~looks_like_body(text)


def looks_like_kana_name(text: pl.Expr) -> pl.Expr:
    """Tell whether a text is two words of kana, as readings of names are."""
    return text.str.contains(_KANA_NAME)


def looks_like_body(text: pl.Expr) -> pl.Expr:
    """Tell whether a text names a facility, a company or an office."""
    return text.str.contains(_BODY)
