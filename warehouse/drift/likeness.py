"""How alike two headers are, as a number and in words: the part of the evidence that names give.

The values have their say in `profile`; who is matched with whom is decided in `assign`.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.drift.folding import STEPS, fold_sound, fold_width
from warehouse.drift.spellings import OPPOSITES, UNIT_SCALES, UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable

_DIFFERENT = 0.35
_NUMBER = re.compile(r"[0-9]+|[〇一二三四五六七八九十百]+")
_BRACKET = re.compile(r"^(.+?)[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]$")
# What a vendor's system puts before or behind every header: `FO-`, `T001_`, `01.`, `_A1`.
_BEFORE = re.compile(r"^([0-9A-Za-z]{1,8}[_ー.:・|]+)(?=.)")
_BEHIND = re.compile(r"(?<=.)([_ー.:・|]+[0-9A-Za-z]{1,8})$")
_YEAR = re.compile(r"(令和|平成|昭和|[RHS])?([0-9]+|元)(年度?)?([0-9]+月([0-9]+日)?)?(現在)?")
_MANY = 3


@dataclass(frozen=True)
class Likeness:
    """A share from 0 (nothing in common) to 1 (the same), and the words that say why."""

    score: float
    words: str = ""


@dataclass(frozen=True)
class Unit:
    """A unit written in a header: its base (`円`) and how many of it one counts (`千円`: 1000)."""

    base: str
    scale: int
    text: str


def compare_names(old: str, new: str, headers: Iterable[str] = ()) -> Likeness:
    """Compare two header paths; `headers` are all of the new file, for what they share."""
    found = [_compare_folds(old, new), _compare_affixes(old, new, tuple(headers))]
    found += [_compare_bases(old, new), _compare_brackets(old, new)]
    found += [_compare_levels(old, new), _compare_letters(old, new)]
    return max(found, key=lambda likeness: likeness.score)


def generalise(header: str, olds: Iterable[str]) -> str:
    """Write the years of a header as `*`, where the contract has written them so before."""
    if not any("*" in old for old in olds):
        return header
    return "/".join("*" if _YEAR.fullmatch(level) else level for level in header.split("/"))


def split_unit(name: str) -> tuple[str, Unit | None]:
    """Take the unit off a header: `費用(千円)`, `費用/千円` → `費用`, 千円."""
    *levels, last = fold_width(name).split("/")
    if levels and (unit := read_unit(last)):
        return "/".join(levels), unit
    bracket = _BRACKET.match(last)
    unit = read_unit(bracket[2]) if bracket else None
    return ("/".join([*levels, bracket[1]]), unit) if bracket and unit else (name, None)


def read_unit(text: str) -> Unit | None:
    """Read a unit such as `千円`, `(単位:千円)`; None when it is none we know."""
    word = re.sub(r"^単位:?", "", fold_width(text).strip("()[]").strip(":ー"))
    for base in UNITS:
        if word.casefold().endswith(base):
            scale = UNIT_SCALES.get(word[: len(word) - len(base)])
            if scale is not None:
                return Unit(base, scale, word)
    return None


def _compare_folds(old: str, new: str) -> Likeness:
    for fold, score, words in STEPS:
        if fold(old) and fold(old) == fold(new):
            return Likeness(score, words)
    return Likeness(0)


def _compare_affixes(old: str, new: str, headers: tuple[str, ...]) -> Likeness:
    """Look behind what a system puts before or behind every header, or what it has left off."""
    for pattern, place in ((_BEFORE, "前"), (_BEHIND, "後ろ")):
        for longer, shorter, verb in ((new, old, "付いた"), (old, new, "なくなった")):
            found = pattern.search(fold_width(longer))
            if found is None:
                continue
            rest = pattern.sub("", fold_width(longer))
            same = _compare_folds(shorter, rest)
            if same.score:
                shared = _count_alike(found[1], pattern, headers)
                score = same.score - (0.0 if shared >= _MANY else 0.08)
                words = f"{place}に「{found[1]}」が{verb}だけ"
                words += f"(同じ形の見出しが {shared} 列)" if shared >= _MANY else ""
                return Likeness(score, words)
    return Likeness(0)


def _count_alike(affix: str, pattern: re.Pattern[str], headers: tuple[str, ...]) -> int:
    """Count the headers with an affix of the same shape: `T001_` and `T002_` are one."""
    found = (pattern.search(fold_width(header)) for header in headers)
    shapes = Counter(re.sub("[0-9]", "9", hit[1]) for hit in found if hit)
    return shapes[re.sub("[0-9]", "9", affix)]


def _compare_bases(old: str, new: str) -> Likeness:
    """Names that differ only by the unit they name."""
    (one, first), (other, second) = split_unit(old), split_unit(new)
    is_same = bool(first or second) and bool(_compare_folds(one, other).score)
    return Likeness(0.9, "単位のほかは名前が同じ") if is_same else Likeness(0)


def _compare_brackets(old: str, new: str) -> Likeness:
    """Names that differ only by a word in brackets at the end: `氏名` and `氏名(漢字)`."""
    pieces = [_BRACKET.match(fold_width(name)) for name in (old, new)]
    bare = [p[1] if p else fold_width(n) for p, n in zip(pieces, (old, new), strict=True)]
    if not any(pieces) or not _compare_folds(*bare).score:
        return Likeness(0)
    if all(pieces):
        return Likeness(0.5, "かっこの中だけが違う")
    return Likeness(0.85, "かっこ書きだけが違う")


def _compare_levels(old: str, new: str) -> Likeness:
    """Paths that are the same but for years, units and levels above: sheets date their headers."""
    one, other = _naming_levels(old), _naming_levels(new)
    if not one or not other:
        return Likeness(0)
    if one == other:
        return Likeness(0.85, "年・単位の段のほかは同じ")
    short, long = sorted((one, other), key=len)
    ends = [long[i : i + len(short)] for i in range(len(long) - len(short) + 1)]
    return Likeness(0.75, "見出しの段数だけが違う") if short in ends else Likeness(0)


def _naming_levels(name: str) -> list[str]:
    """Give the levels that name the column, folded: no stars, years or units."""
    levels = fold_width(name).split("/")
    kept = [v for v in levels if not _YEAR.fullmatch(v) and v.strip("*") and not read_unit(v)]
    return [fold_sound(level) for level in kept]


def _compare_letters(old: str, new: str) -> Likeness:
    one, other = fold_sound(old), fold_sound(new)
    ratio = difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
    if _mean_two_things(old, new):
        return Likeness(min(0.8 * ratio, _DIFFERENT))
    return Likeness(0.85 * ratio, f"名前の {ratio:.0%} が同じ文字") if ratio >= 0.5 else Likeness(0)  # noqa: PLR2004


def _mean_two_things(old: str, new: str) -> bool:
    """Tell whether numbers or opposite words part the names: 0歳児 is not 1歳児, 男 is not 女."""
    one, other = fold_width(old), fold_width(new)
    if _NUMBER.findall(one) != _NUMBER.findall(other):
        return True
    only_one, only_other = _left_over(one, other), _left_over(other, one)
    pairs = (*OPPOSITES, *((b, a) for a, b in OPPOSITES))
    return any(a in only_one and b in only_other for a, b in pairs)


def _left_over(name: str, other: str) -> str:
    matcher = difflib.SequenceMatcher(None, name, other, autojunk=False)
    return " ".join(name[a:b] for tag, a, b, _, _ in matcher.get_opcodes() if tag != "equal")
