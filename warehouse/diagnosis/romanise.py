"""ASCII names for Japanese words: known words in English, kana in Hepburn, the rest left out.

A name drafted here is a proposal that an engineer may change; it is always a legal identifier.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from assets.names import RESERVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_FILE = Path(__file__).with_name("words.yaml")
_LONGEST = 48
_SYLLABLES = dict(
    zip(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴァィゥェォ",
        [
            "a",
            "i",
            "u",
            "e",
            "o",
            "ka",
            "ki",
            "ku",
            "ke",
            "ko",
            "sa",
            "shi",
            "su",
            "se",
            "so",
            "ta",
            "chi",
            "tsu",
            "te",
            "to",
            "na",
            "ni",
            "nu",
            "ne",
            "no",
            "ha",
            "hi",
            "fu",
            "he",
            "ho",
            "ma",
            "mi",
            "mu",
            "me",
            "mo",
            "ya",
            "yu",
            "yo",
            "ra",
            "ri",
            "ru",
            "re",
            "ro",
            "wa",
            "o",
            "n",
            "ga",
            "gi",
            "gu",
            "ge",
            "go",
            "za",
            "ji",
            "zu",
            "ze",
            "zo",
            "da",
            "ji",
            "zu",
            "de",
            "do",
            "ba",
            "bi",
            "bu",
            "be",
            "bo",
            "pa",
            "pi",
            "pu",
            "pe",
            "po",
            "vu",
            "a",
            "i",
            "u",
            "e",
            "o",
        ],
        strict=True,
    )
)
_GLIDES = {"ャ": "a", "ュ": "u", "ョ": "o"}


def romanise(text: str) -> str:
    """Spell a Japanese word as an identifier; empty when nothing of it is known."""
    folded = unicodedata.normalize("NFKC", text)
    pieces = [piece for piece in _pieces(folded) if piece]
    name = re.sub(r"[^a-z0-9]+", "_", "_".join(pieces).lower()).strip("_")
    name = re.sub(r"\b(\w+)(?:_\1)+\b", r"\1", name)[:_LONGEST].rstrip("_")
    name = re.sub(r"^([0-9]+)_(month|year)(?=_|$)", lambda m: f"{m[2]}_{m[1]:0>2}", name)
    return f"n_{name}" if name[:1].isdigit() else name


def unique_names(wanted: Iterable[Sequence[str]]) -> list[str]:
    """Give each of the wanted names once: the first that is legal and free, else one numbered."""
    given: list[str] = []
    for names in wanted:
        usable = [name for name in names if name and name not in RESERVED]
        free = next((name for name in usable if name not in given), None)
        base, number = usable[-1] if usable else names[-1], 2
        while free is None:
            numbered = f"{base}_{number}"
            free = numbered if numbered not in given else None
            number += 1
        given.append(free)
    return given


def _pieces(text: str) -> Iterator[str]:
    words, longest = _words()
    place = 0
    while place < len(text):
        for size in range(min(longest, len(text) - place), 0, -1):
            if text[place : place + size] in words:
                yield words[text[place : place + size]]
                place += size
                break
        else:
            run = _run(text[place:])
            yield _spell(run)
            place += len(run)


def _run(text: str) -> str:
    """Take the letters that belong together: an ASCII word, a run of kana, or one character."""
    found = re.match(r"[A-Za-z0-9]+|[ァ-ヴー]+|[ぁ-ゔー]+", text)
    return found[0] if found else text[0]


def _spell(run: str) -> str:
    if run.isascii():
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", run)
    katakana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゔ" else c for c in run)
    spelled = ""
    for letter in katakana:
        if letter in _GLIDES and spelled.endswith("i"):
            stem = spelled[:-1]
            spelled = stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + _GLIDES[letter]
        elif letter == "ッ":
            spelled += "っ"
        else:
            spelled += _SYLLABLES.get(letter, "")
    return re.sub(r"っ(.?)", lambda m: m[1] * 2 if m[1] else "", spelled)


@cache
def _words() -> tuple[dict[str, str], int]:
    loaded = yaml.safe_load(_FILE.read_text("utf-8"))["words"]
    words = {unicodedata.normalize("NFKC", word): name for word, name in loaded.items()}
    return words, max(map(len, words))
