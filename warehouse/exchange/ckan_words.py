"""The words a CKAN portal knows: names of licences, tags, frequencies; and its rules for headings.

Sources: names of packages `<6桁コード>_<英語名>` and the licence id `cc-by-40-intl` are those seen on
data.bodik.jp; the tags are those of the page «BODIK API» (自治体標準ODS and the name without 一覧, told
there for AED設置箇所, 介護サービス事業所, 医療機関, 文化財; the same is assumed for the others). Licence
ids of CKAN: `licenses_default.json`. Tags: `tag_name_validator` (letters, digits, space, `-_.`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assets.standard import Standard

STANDARD_TAG = "自治体標準ODS"
# Licence to the ids portals use for it, the one of CKAN itself first.
_LICENCES = {
    "CC BY 4.0": ("CC-BY-4.0", "cc-by-4.0", "cc-by-40-intl", "cc-by-40", "cc-by"),
    "CC0 1.0": ("CC0-1.0", "cc0-1.0", "cc0-10", "cc-zero", "cc0"),
    "PDL1.0": ("PDL-1.0", "pdl-1.0", "pdl1.0", "pdl10", "other-at"),
}
# Those that BODIK API says it reads; https://www.bodik.jp/project/bodik-api/bodik-api-info/
_READ_BY_BODIK = frozenset({"CC BY 4.0", "CC0 1.0"})
_FREQUENCIES = {
    "daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "yearly": "ANNUAL",
    "irregular": "IRREG",
}  # fmt: skip
_NO_TAG = re.compile(r"[^\w \-.]")
_SHORTEST_TAG, _LONGEST_TAG = 2, 100
# PostgreSQL cuts names after this many bytes; the DataStore's columns are named by the headings.
_LONGEST_HEADING_BYTES = 63


def licence_id(licence: str, offered: Iterable[str]) -> str | None:
    """Choose the portal's id of a licence; None when it has none."""
    known = set(offered)
    return next((name for name in _LICENCES[licence] if name in known), None)


def is_read_by_bodik(licence: str) -> bool:
    """Tell whether the licence is one of those that BODIK API reads."""
    return licence in _READ_BY_BODIK


def frequency_uri(frequency: str) -> str:
    """Give the EU vocabulary's address of a frequency, as DCAT-AP writes it."""
    code = _FREQUENCIES[frequency]
    return f"http://publications.europa.eu/resource/authority/frequency/{code}"


def theme_uri(theme: str) -> str:
    """Give the EU vocabulary's address of a theme."""
    return f"http://publications.europa.eu/resource/authority/data-theme/{theme}"


def tags_of(standard: Standard, keywords: Sequence[str]) -> list[str]:
    """List the tags of a release, sorted: those BODIK looks for, and its keywords.

    Characters that no tag may hold (such as `・`) are taken out.
    """
    found = {_NO_TAG.sub("", keyword).strip() for keyword in keywords}
    if standard.family == "自治体標準オープンデータセット":
        name = standard.title.removesuffix("一覧")
        found |= {STANDARD_TAG, _NO_TAG.sub("", name)}
    return sorted(tag for tag in found if _SHORTEST_TAG <= len(tag) <= _LONGEST_TAG)


def heading_faults(headings: Sequence[str]) -> list[str]:
    """Tell which headings CKAN's DataStore would not take as names of columns, in Japanese."""
    twice = {name for name, count in Counter(headings).items() if count > 1}
    faults = []
    for name in dict.fromkeys(headings):
        if not name.strip():
            faults.append("空の見出しがあります")
        if name.startswith("_"):
            faults.append(f"「{name}」が _ で始まっています")
        if '"' in name:
            faults.append(f'「{name}」に " があります')
        if any(unicodedata.category(character).startswith("C") for character in name):
            faults.append("改行やタブなどの制御文字がある見出しがあります")
        if name != name.strip():
            faults.append(f"「{name}」の前か後ろに空白があります")
        if len(name.encode()) > _LONGEST_HEADING_BYTES:
            faults.append(f"「{name}」が {_LONGEST_HEADING_BYTES} バイトより長いです")
        if name in twice:
            faults.append(f"「{name}」が2回あります")
    return faults
