"""The gate's bar: every planted fault is refused with the right reason, every clean candidate passes.

Each fault is planted in a candidate that passes without it. `because` is the reason the officer must
read; `also` lists what follows from the same fault and may stand beside it; nothing else may.
"""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from anonymize.gate_candidate import Case, LawCase, judge_candidate
from anonymize.gate_cells import judge_intervals, judge_margins
from anonymize.gate_words import Fault
from anonymize.law.facts import ColumnFact
from anonymize.pseudonyms import Scope, pseudonymise_for_release, shuffle_rows
from anonymize.records.models import DistinctL, EqualT, KAnonymity
from anonymize.tables.attack import attack
from anonymize.tables.dimensions import flat
from anonymize.tables.structure import arrange
from tests.unit.anonymize import planted
from tests.unit.anonymize.planted import (
    CELLS,
    KEY,
    QUASI,
    counts,
    declaration,
    facilities,
    facts,
    of_counts,
    of_facilities,
    of_people,
    people,
)

CONTRACT = declaration(
    basis="行政機関等匿名加工情報",
    manner="契約による提供",
    receiver="研究所",
    legal_review=None,
)
SMALL = ("k.too_small", "model.k", "model.l", "model.t", "records.homogeneous")


def _set(table: pl.DataFrame, rows: list[int], **values: object) -> pl.DataFrame:
    at = pl.int_range(pl.len()).is_in(rows)
    return table.with_columns(
        pl.when(at).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    )


def _with(name: str, values: Any, **options: Any) -> Case:
    """Add a column that is declared as open, in neither list of the claims."""
    return of_people(people().with_columns(pl.Series(name, values)), **options)


def _cycle(*values: object) -> list[object]:
    return [values[i % len(values)] for i in range(720)]


def _noise(seed: int = 3) -> np.random.Generator:
    return np.random.default_rng(seed)


def _of_class(table: pl.DataFrame) -> list[int]:
    """Give the rows of one class."""
    first = table.row(0)[:3]
    match = pl.all_horizontal(pl.col(n) == v for n, v in zip(QUASI, first, strict=True))
    return table.select(pl.arg_where(match)).to_series().to_list()


def _homogeneous() -> Case:
    table = people()
    one = _set(table, _of_class(table), job="無職")
    return of_people(one, models=(KAnonymity(5), EqualT(0.9, "job")))


def _narrow_t() -> Case:
    table = people()
    rows = _of_class(table)
    return of_people(_set(_set(table, rows, job="無職"), rows[:3], job="学生"))


def _register_order() -> Case:
    return of_people(people().sort("town", maintain_order=True))


def _tokens(release: str) -> list[str]:
    frame = pl.DataFrame({"id": [f"{n:010d}" for n in range(720)]})
    named = pseudonymise_for_release(
        frame, {"id": "resident"}, key=KEY, scope=Scope("研究", release)
    )
    return named["id"].to_list()


def _same_tokens() -> Case:
    earlier = pl.DataFrame({"番号": _tokens("2024")})
    return _with("token", _tokens("2024"), earlier=[earlier])


def _stars(count: int) -> pl.DataFrame:
    rows = _of_class(people())[:count]
    return _set(people(), rows, **dict.fromkeys(QUASI, "*"))


def _half_stars() -> pl.DataFrame:
    return _set(people(), list(range(0, 720, 2)), **dict.fromkeys(QUASI, "*"))


def _broken_attack() -> list[Fault]:
    raise RuntimeError("ひみつ")


def _hidden_margins() -> Case:
    table = counts().with_columns(pl.all().cast(pl.String))
    shown = _set(_set(table, [2], m0="X"), [5], f0="X", f1="X")
    return of_counts(
        shown,
        count_columns=(),
        rounding_base=None,
        total_column=None,
        minimum_region_total=None,
        sums={},
        attacks={"引き算": lambda: judge_margins(shown, {"total": CELLS})},
    )


def _hidden_square(counts: list[int]) -> list[Fault]:
    """Attack a table of three towns and two sexes in which the first two towns are hidden."""
    cells = pl.DataFrame({"town": list("aabbcc"), "sex": list("mfmfmf"), "n": [*counts, 40, 50]})
    table = arrange(cells, [flat("town", ["a", "b", "c"]), flat("sex", ["m", "f"])], "n")
    shown = table.cells["town"].is_in(["a", "b"]) & table.cells["sex"].is_in(["m", "f"])
    return list(judge_intervals(attack(table, shown.to_numpy()), 5))


def _harmless_alone() -> Case:
    """Split each class of 40 by 4, by 5, and so by 20 together."""
    place = pl.int_range(pl.len()).over(QUASI)
    wider = people().with_columns(
        place.mod(4).cast(pl.String).alias("種別"),
        (place // 4).mod(5).cast(pl.String).alias("区分"),
    )
    return of_people(wider.sample(fraction=1, shuffle=True, seed=2))


def _classes(**change: str) -> Case:
    names = people().columns
    return of_people(column_classes={**dict.fromkeys(names, "公開"), **change})


@dataclass(frozen=True)
class Planted:
    """One fault: the candidate, the reason that must be read, and what else may be."""

    case: Any
    because: str
    also: tuple[str, ...] = field(default=())


FAULTS = {
    # Persons who stand out.
    "unique person": Planted(
        lambda: of_people(_set(people(), [7], town="西校区", age_band="65+")),
        "records.unique",
        (*SMALL, "rare.value"),
    ),
    "class of three": Planted(
        lambda: of_people(
            _set(people(), [7, 8, 9], town="西校区", age_band="65+", sex="男", job="無職")
        ),
        "k.too_small",
        (*SMALL, "rare.value"),
    ),
    "rare occupation": Planted(
        lambda: of_people(_set(people(), [5, 50, 500], job="市長")), "rare.value"
    ),
    "rare nationality": Planted(
        lambda: _with("国籍", ["日本"] * 718 + ["ツバル"] * 2),
        "rare.value",
        ("records.column_outside",),
    ),
    "small town": Planted(
        lambda: of_counts(_set(counts(), [3], **dict.fromkeys(CELLS, 5), total=20)),
        "totals.too_small",
    ),
    "age 107": Planted(
        lambda: _with("年齢", [*_cycle(*range(20, 60))[:-1], 107]),
        "extreme.age",
        ("rare.value", "records.column_outside"),
    ),
    "household of 11": Planted(
        lambda: _with("世帯人数", _cycle(1, 2, 3)[:-6] + [11] * 6),
        "extreme.household",
        ("records.column_outside",),
    ),
    # What a class tells.
    "narrow t": Planted(_narrow_t, "model.t"),
    "homogeneous class": Planted(_homogeneous, "records.homogeneous"),
    "sensitive column without a model": Planted(
        lambda: of_people(models=(KAnonymity(5),)), "records.sensitive_without_model"
    ),
    "l not met": Planted(lambda: of_people(models=(KAnonymity(5), DistinctL(5, "job"))), "model.l"),
    "claimed k differs from the measured": Planted(
        lambda: of_people(claimed_k=60), "records.claim_differs"
    ),
    "suppressed rows below k": Planted(lambda: of_people(_stars(3)), "records.star_class_small"),
    "too many rows suppressed": Planted(
        lambda: of_people(_half_stars()), "records.suppression_over"
    ),
    # Columns.
    "undeclared column": Planted(
        lambda: of_people(
            people().with_columns(pl.lit("x").alias("memo")), declared_columns=(*planted.COLUMNS,)
        ),
        "columns.undeclared",
        ("class.missing",),
    ),
    "unclassified column": Planted(lambda: _classes(job="未定"), "class.missing"),
    "column classified 個人": Planted(lambda: _classes(job="個人"), "class.not_open"),
    "linkable dates": Planted(
        lambda: of_people(
            people().with_columns(
                pl.Series("転入年月", [f"20{n:02d}-{m:02d}" for n, m in _months()]),
                pl.Series("誕生月", [str(m) for m in _noise(5).integers(1, 13, 720)]),
            )
        ),
        "records.column_outside",
        ("rare.value",),
    ),
    "columns harmless one by one": Planted(_harmless_alone, "records.column_outside"),
    # Content.
    "free text with a name": Planted(
        lambda: of_facilities(_set(facilities(), [1], 備考="田中太郎様のご寄附で建てられました")),
        "pattern.person_name",
    ),
    "name in rows of persons": Planted(
        lambda: _with("備考", _cycle("山田 花子", "なし")), "pattern.person_name"
    ),
    "address in free text": Planted(
        lambda: of_facilities(
            _set(facilities(), [1], 備考="鍵は中桜塚3丁目1番1号の自宅で預かります")
        ),
        "pattern.personal_address",
    ),
    "long free text": Planted(
        lambda: of_facilities(_set(facilities(), [1], 備考="苦情があった。何度も来た。話を聞いた")),
        "text.free",
    ),
    "mobile phone": Planted(
        lambda: of_facilities(_set(facilities(), [1], 電話番号="090-1234-5678")),
        "pattern.mobile_phone",
    ),
    "phone in rows of persons": Planted(
        lambda: _with("連絡", _cycle("06-6858-2525", "")), "pattern.phone"
    ),
    "mail in rows of persons": Planted(
        lambda: _with("連絡", _cycle("a@example.com", "")), "pattern.mail", ()
    ),
    "My Number": Planted(
        lambda: of_facilities(_set(facilities(), [1], 備考="123456789018")), "pattern.my_number"
    ),
    "pension number": Planted(
        lambda: of_facilities(_set(facilities(), [1], 備考="基礎年金番号 1234-567890")),
        "pattern.identity_code",
    ),
    "pension numbers in rows of persons": Planted(
        lambda: _with("番号", _cycle("1234-567890", "")), "pattern.identity_code"
    ),
    "exact birth date": Planted(
        lambda: of_facilities(_set(facilities(), [1], 備考="昭和50年4月1日生")),
        "pattern.birth_date",
    ),
    "exact dates in rows of persons": Planted(
        lambda: _with("異動日", _cycle("令和5年4月1日", "2023-04-02")), "records.exact_date"
    ),
    "coordinates of homes": Planted(
        lambda: _with("北緯", _cycle("34.78123", "34.77120")), "records.coordinates"
    ),
    "heading of an identifier": Planted(
        lambda: of_facilities(facilities().rename({"備考": "生年月日"})), "columns.personal_name"
    ),
    # Codes that link.
    "order of the register": Planted(_register_order, "order.not_shuffled"),
    "number of the row": Planted(
        lambda: _with("連番", range(720)),
        "records.row_number",
        ("rare.value", "records.column_outside"),
    ),
    "unsalted hash": Planted(
        lambda: _with("id", [hashlib.sha256(f"{n:010d}".encode()).hexdigest() for n in range(720)]),
        "pattern.hash",
        # Some of many hash values hold twelve digits that look like a 個人番号.
        ("rare.value", "records.column_outside", "pattern.my_number"),
    ),
    "pseudonym": Planted(
        lambda: _with("token", _tokens("2024")),
        "pattern.pseudonym",
        ("rare.value", "records.column_outside"),
    ),
    "same pseudonyms as an earlier release": Planted(
        _same_tokens,
        "tokens.repeated",
        ("pattern.pseudonym", "rare.value", "records.column_outside"),
    ),
    # Tables.
    "not a multiple of the base": Planted(
        lambda: of_counts(_set(counts(), [3], m0=43)), "counts.not_rounded", ("sums.unequal",)
    ),
    "sums unequal": Planted(lambda: of_counts(_set(counts(), [3], total=995)), "sums.unequal"),
    "margins that give back a cell": Planted(_hidden_margins, "margins.give_back"),
    "hidden cells recoverable": Planted(
        lambda: of_counts(attacks={"線形計画": lambda: _hidden_square([1, 0, 0, 1])}),
        "cells.recoverable",
    ),
    "attack that crashes": Planted(
        lambda: of_counts(attacks={"前月との差分": _broken_attack}),
        "gate.failed",
        ("law.unanswered",),
    ),
    # The law.
    "pseudonymised information declared open": Planted(
        lambda: of_people(said=declaration(basis="仮名加工情報")), "law.failed"
    ),
    "rows of persons called statistics": Planted(
        lambda: of_people(said=declaration(basis="統計情報")), "law.failed"
    ),
    "contract data to be posted": Planted(
        lambda: of_people(said=declaration(basis="行政機関等匿名加工情報")), "law.failed"
    ),
    "contract data on the way to the portal": Planted(
        lambda: of_people(said=CONTRACT), "law.contract_only"
    ),
    "missing item of the checklist": Planted(
        lambda: of_people(said=declaration(nature_of_file=None)), "law.unanswered"
    ),
    "no declaration for rows of persons": Planted(
        lambda: replace(of_people(), law=None), "law.unfilled"
    ),
    "sensitive information not named": Planted(
        lambda: of_people(
            columns=facts(ColumnFact("d", "病名", "個人", "attribute", "text", "そのまま"))
        ),
        "law.failed",
    ),
    "method information outside secure": Planted(lambda: of_people(zone="open"), "law.failed"),
    "table attacked by nothing": Planted(lambda: of_counts(attacks={}), "law.unanswered"),
}


def _months() -> list[tuple[int, int]]:
    draw = _noise()
    return list(zip(draw.integers(0, 24, 720), draw.integers(1, 13, 720), strict=True))


def test_there_are_at_least_thirty_faults():
    assert len(FAULTS) >= 30


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_refused_for_the_right_reason(name):
    planted_fault = FAULTS[name]
    verdict = judge_candidate(planted_fault.case())
    reasons = {f.rule for f in verdict.findings if f.severity == "blocker"}
    assert planted_fault.because in reasons
    assert reasons <= {planted_fault.because, *planted_fault.also, "law.failed"}
    told = "".join(map(str, verdict.findings))
    assert all(f.message and f.remedy for f in verdict.findings)
    # Never a value of a row: neither a planted one nor the text of an exception.
    assert not any(
        word in told for word in ("ひみつ", "田中太郎", "山田 花子", "ツバル", "1234-5678")
    )


CLEAN = {
    "k-anonymous records": of_people,
    "records shuffled by key": lambda: of_people(shuffle_rows(people(), key=KEY, purpose="公開")),
    "k-anonymous records with enough suppressed": lambda: of_people(_stars(12)),
    "records sorted by content": lambda: of_people(people().sort(pl.all())),
    "records with a constant column": lambda: _with("調査年月日", ["2026-04-01"] * 720),
    "records with a coarse third column": lambda: _with("区分", _cycle("あり", "なし")),
    "records by k and l alone": lambda: of_people(models=(KAnonymity(5), DistinctL(2, "job"))),
    "records under contract, not posted": lambda: of_people(
        law=LawCase(facts(), CONTRACT, "secure", is_posted=False)
    ),
    "rounded table": of_counts,
    "rounded table of another base": lambda: of_counts(counts(base=10), rounding_base=10),
    "table with cells hidden in pairs": lambda: of_counts(
        attacks={
            "引き算": lambda: judge_margins(
                _set(counts().with_columns(pl.all().cast(pl.String)), [5], f0="X", f1="X"),
                {"total": CELLS},
            )
        }
    ),
    "table whose hidden cells stay wide": lambda: of_counts(
        attacks={"線形計画": lambda: _hidden_square([7, 9, 8, 6])}
    ),
    "facilities with phones and offices": of_facilities,
    "facilities with notes": lambda: of_facilities(
        facilities().with_columns(pl.lit("苦情があった。今は落ち着いた。").alias("備考")),
        free_text_columns_allowed=("備考",),
    ),
}


def test_there_are_at_least_ten_clean_candidates():
    assert len(CLEAN) >= 10


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_candidate_passes(name):
    verdict = judge_candidate(CLEAN[name]())
    assert not [str(f) for f in verdict.findings if f.severity == "blocker"]
