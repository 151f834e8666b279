"""The rule that fits the content of a quasi-identifier, or a drafted hierarchy file.

Here stand the tests of content. A rule is taken when it reads every value there is; a draft is a
file to be completed by somebody who knows the categories.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import floor, log10
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from anonymize.hierarchy.checks import BLANK
from anonymize.hierarchy.faults import HierarchyError
from anonymize.hierarchy.hierarchy import SUPPRESSED
from anonymize.hierarchy.rules_categories import care_levels, nationalities
from anonymize.hierarchy.rules_places import postal_codes
from warehouse.anonymising.ladders import read_days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_AGE = re.compile(r"^(?:満)?年齢$|(?:^|_)age$", re.IGNORECASE)
_UNKNOWN = {"不詳", "不明", "未詳", "その他", "?", "-", "unknown"}
_OTHERS = "その他(まれな値)"
_TOWN_BLOCK = re.compile(r"[0-9０-９一二三四五六七八九十]+丁目$")
_RARE, _TAIL = 0.01, 0.98
_FEW, _INTERVALS, _CODE_LENGTH = 8, 20, 3
_OLDEST, _OLD = 120, 85


@dataclass(frozen=True)
class Choice:
    """What stands in the policy, the rows of a file to be drafted, and what to look at."""

    spec: Mapping[str, Any]
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class _Values:
    """The values of a column that mean something, and those that say "not known"."""

    known: list[str]
    unknown: list[str] = field(default_factory=list)

    @property
    def option(self) -> dict[str, Any]:
        return {"unknown": self.unknown} if self.unknown else {}


def choose_rule(column: pl.Series, title: str, kind: str) -> Choice:
    """Choose for one column of text.

    Args:
        column: the rows.
        title: the header, or the register's title.
        kind: of personal data, as the diagnosis suspects it; empty: none.
    """
    present = column.drop_nulls().unique().sort().to_list()
    values = _Values(
        [value for value in present if value not in {BLANK, *_UNKNOWN}],
        [value for value in present if value in _UNKNOWN],
    )
    for found in _rules(column, values, f"{title}{kind}", kind):
        return found
    return _draft(column)


def _rules(column: pl.Series, values: _Values, title: str, kind: str) -> Iterator[Choice]:
    known = values.known
    if not known:
        return
    if _reads(care_levels, known) and any(not value.isdigit() for value in known):
        yield Choice({"rule": "care_level", **values.option})
    if len(known) > 1 and _reads(nationalities, known):
        # 無国籍・その他 is a nationality the rule knows.
        yield Choice({"rule": "nationality"})
    if _reads(postal_codes, known):
        yield Choice({"rule": "postal_code", **values.option})
    days = read_days(known)
    if all(days[value] for value in known) and any(re.search(r"\D", value) for value in known):
        era = sum(bool(re.match(r"[^\d\s]", value)) for value in known) * 2 > len(known)
        yield Choice({"rule": "date", **({"calendar": "wareki"} if era else {}), **values.option})
    numbers = pl.Series(known).cast(pl.Float64, strict=False)
    if numbers.null_count() or not numbers.is_finite().all():
        return
    whole = bool((numbers == numbers.round(0)).all())
    low, high = np.quantile(numbers.to_numpy(), [0, 1])
    if whole and low >= 0 and high <= _OLDEST and (kind == "年齢" or _AGE.search(title)):
        yield Choice({"rule": "age", **({"top": _OLD} if high >= _OLD else {}), **values.option})
    if any(len(value) > 1 and value.startswith("0") and value.isdigit() for value in known):
        return
    yield _intervals(column, values, whole=whole)


def _intervals(column: pl.Series, values: _Values, *, whole: bool) -> Choice:
    """Choose widths of 1, 2 or 5 times a power of ten, and open the thin upper end."""
    numbers = column.cast(pl.Float64, strict=False).drop_nulls()
    low, tail, high = map(float, np.quantile(numbers.to_numpy(), [0, _TAIL, 1]))
    if whole and numbers.n_unique() <= 2 * _FEW:
        narrow, origin = 1.0, low
        wide = 2.0
    else:
        narrow = _nice(max(tail - low, 1e-9) / _INTERVALS)
        narrow = max(narrow, 1.0) if whole else narrow
        wide, origin = narrow * 5, 0.0
    spec: dict[str, Any] = {"rule": "number", "widths": [_plain(narrow), _plain(wide)]}
    spec |= {"origin": _plain(origin)} if origin else {}
    top = origin + floor((tail - origin) / narrow) * narrow
    if high >= top + narrow and top > low:
        spec["top"] = _plain(top)
    note = "幅と上端は値の広がりから。切りのよい、市で使う区分に直す"
    return Choice({**spec, **values.option}, note=note)


def _draft(column: pl.Series) -> Choice:
    """Draft a file: the value, the rare ones together, `*`; towns by their name without 丁目."""
    counts = column.fill_null("").value_counts(sort=True, name="\0n").rows()
    if _are_codes([value for value, _ in counts if value]):
        length = len(next(value for value, _ in counts if value))
        keep = [n for n in (length - 1, length - 2, 1) if n > 0]
        keep = sorted(set(keep), reverse=True)
        return Choice({"rule": "prefix", "keep": keep}, note="左の桁ほど広い区分のコードなら")
    total = len(column)
    towns = sum(bool(_TOWN_BLOCK.search(value)) for value, _ in counts) * 2 > len(counts)
    rows = []
    for value, count in counts:
        if value in {BLANK, SUPPRESSED}:
            continue
        name = _TOWN_BLOCK.sub("", value) if towns else value
        rare = _OTHERS if count < _RARE * total and not towns else name
        rows.append((value, rare, SUPPRESSED))
    if all(value == label for value, label, _ in rows):
        rows = [(value, SUPPRESSED) for value, *_ in rows]
    note = "下書き。まとめ方(業種 → 大分類 など)を段として書き足す"
    return Choice({}, tuple(rows), note)


def _are_codes(values: list[str]) -> bool:
    lengths = {len(value) for value in values}
    digits = all(value.isascii() and value.isdigit() for value in values)
    return digits and len(lengths) == 1 and lengths.pop() >= _CODE_LENGTH and len(values) > _FEW


def _reads(rule: Callable[..., object], values: list[str]) -> bool:
    try:
        rule("", values)
    except HierarchyError:
        return False
    return True


def _nice(width: float) -> float:
    """The smallest 1, 2 or 5 times a power of ten that is not below a width."""
    power = 10.0 ** floor(log10(width))
    steps = (step * power for step in (1, 2, 5, 10))
    return next(step for step in steps if step >= width * (1 - 1e-9))


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else float(f"{number:.6g}")
