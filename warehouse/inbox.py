"""Which file of an inbox belongs to which dataset and period, told by the file's name alone."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from assets.register import Dataset

NO_PERIOD = "-"
_ERA_BASES = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
_PLACEHOLDERS = {
    "{year}": r"(?P<year>(?:19|20)\d{2})",
    "{month}": r"(?P<month>0[1-9]|1[0-2])",
    "{day}": r"(?P<day>0[1-9]|[12]\d|3[01])",
    "{era_year}": r"(?P<era>令和|平成|昭和|[RHS])(?P<era_year>元|0?[1-9]|[1-9]\d)",
    "{era_month}": r"(?P<month>0?[1-9]|1[0-2])",
    "*": r".*",
    "?": r".",
}
_TEMPORARY = re.compile(r"^(~\$|\.)|\.(tmp|part|crdownload|done)$", re.IGNORECASE)


@dataclass(frozen=True)
class Arrival:
    """One file found in the inbox, and the dataset it names (none when unknown)."""

    path: Path
    dataset: str | None
    period: str


@dataclass(frozen=True)
class Stray:
    """Something in the inbox that is not taken, and why."""

    path: Path
    refusal: Refusal


@lru_cache
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Turn a file pattern with `*`, `?` and `{year}`-like placeholders into a regex.

    Raises:
        ValueError: in Japanese, when a placeholder is not known or says a thing twice.
    """
    parts = re.split(r"(\{[a-z_]+\}|\*|\?)", unicodedata.normalize("NFC", pattern))
    unknown = [part for part in parts if part.startswith("{") and part not in _PLACEHOLDERS]
    if unknown:
        known = "、".join(key for key in _PLACEHOLDERS if key.startswith("{"))
        raise ValueError(
            f"ファイル名の型に知らない置き場所 {unknown[0]} があります(使えるもの: {known})"
        )
    named = [
        name for part in parts for name in re.findall(r"\?P<(\w+)>", _PLACEHOLDERS.get(part, ""))
    ]
    if len(named) != len(set(named)):
        raise ValueError("ファイル名の型に、同じ年・月・日の置き場所が2つあります")
    return re.compile("".join(_PLACEHOLDERS.get(part, re.escape(part)) for part in parts))


def period_of(pattern: str, name: str) -> str | None:
    """Read the delivery period off a file name: `2026`, `2026-04`, `2026-04-30`, `-`, or None.

    File names are compared in NFC, because macOS delivers them decomposed.
    """
    found = compile_pattern(pattern).fullmatch(unicodedata.normalize("NFC", name))
    if found is None:
        return None
    parts = found.groupdict()
    year = parts.get("year") or _western_year(parts.get("era"), parts.get("era_year"))
    if year is None:
        return NO_PERIOD
    month, day = parts.get("month"), parts.get("day")
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def scan_inbox(inbox: Path, datasets: Mapping[str, Dataset]) -> list[Arrival]:
    """List the inbox, oldest first, each file with the dataset whose pattern it fits.

    Files that are still being written under a temporary name, and markers of whole files, are not
    seen; links that lead out of the inbox are not followed (`find_strays`). A file that fits no
    pattern is listed without a dataset, so that the run can say so.
    """
    strays = {stray.path for stray in find_strays(inbox)}
    files = (p for p in _visible(inbox) if p not in strays and p.is_file())
    ordered = sorted(files, key=lambda p: (_modified(p), p.as_posix()))
    return [_recognise(path, datasets) for path in ordered]


def find_strays(inbox: Path) -> list[Stray]:
    """Name what lies in the inbox and is not taken: links that lead out, what cannot be read."""
    found = ((path, _fault(path, inbox)) for path in sorted(_visible(inbox)))
    return [Stray(path, Refusal(*fault)) for path, fault in found if fault is not None]


def _visible(inbox: Path) -> Iterator[Path]:
    return (path for path in inbox.rglob("*") if not _is_temporary(path, inbox))


def _fault(path: Path, inbox: Path) -> tuple[str, str, str, str] | None:
    where = path.relative_to(inbox).as_posix()
    if path.is_symlink() and not _leads_inside(path, inbox):
        return (
            "inbox.link",
            "受付箱の外(または、もうない場所)を指すリンクなので、たどりません。",
            where,
            "リンクではなく、ファイルそのものを受付箱に置いてください。",
        )
    if not path.is_symlink() and not path.is_dir() and not path.is_file():
        return (
            "inbox.special",
            "ふつうのファイルではないので読みません。",
            where,
            "受付箱から取り除いてください。",
        )
    if not os.access(path, os.R_OK):
        return (
            "inbox.unreadable",
            "読み取りの権限がありません。",
            where,
            "このプログラムを動かす人が読めるように、権限を直してください。",
        )
    return None


def _leads_inside(link: Path, inbox: Path) -> bool:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    return target.is_relative_to(inbox.resolve())


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _is_temporary(path: Path, inbox: Path) -> bool:
    return any(_TEMPORARY.search(part) for part in path.relative_to(inbox).parts)


def _recognise(path: Path, datasets: Mapping[str, Dataset]) -> Arrival:
    for name, dataset in datasets.items():
        period = period_of(dataset.contract.source.file, path.name)
        if period is not None:
            return Arrival(path, name, period)
    return Arrival(path, None, NO_PERIOD)


def _western_year(era: str | None, year: str | None) -> str | None:
    if era is None or year is None:
        return None
    return str(_ERA_BASES[era] + (1 if year == "元" else int(year)))
