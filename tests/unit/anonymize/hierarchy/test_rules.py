"""Ladders made by a rule: monotone whatever the values, and what they say of known ones."""

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.hierarchy.faults import HierarchyError
from anonymize.hierarchy.rules_categories import care_levels, known_regions, nationalities
from anonymize.hierarchy.rules_dates import dates
from anonymize.hierarchy.rules_numbers import ages, numbers
from anonymize.hierarchy.rules_places import postal_codes, prefixes, towns

ERAS = [
    ("明治", dt.date(1868, 10, 23)),
    ("大正", dt.date(1912, 7, 30)),
    ("昭和", dt.date(1926, 12, 25)),
    ("平成", dt.date(1989, 1, 8)),
    ("令和", dt.date(2019, 5, 1)),
]
figures = st.decimals(-2000, 2000, places=1).map(str) | st.integers(-2000, 2000).map(str)
days = st.dates(dt.date(1900, 1, 1), dt.date(2026, 12, 31))


def ladder(hierarchy):
    return {
        value: tuple(
            names[codes[at]]
            for names, codes in zip(hierarchy.labels[1:], hierarchy.codes[1:], strict=True)
        )
        for at, value in enumerate(hierarchy.labels[0])
    }


def require_monotone(hierarchy, values):
    """Every value is there, and sharing a label means sharing all higher ones."""
    found = ladder(hierarchy)
    assert set(values) <= set(found)
    for level in range(hierarchy.height - 1):
        above = {labels[level : level + 2] for labels in found.values()}
        assert len(above) == len({label for label, _ in above})
    assert len({labels[-1] for labels in found.values()}) == 1


@settings(max_examples=20)
@given(
    st.lists(st.integers(0, 150).map(str) | st.just(""), min_size=1),
    st.sampled_from([(1,), (5,), (5, 10), (1, 5, 25), (2, 10, 50)]),
    st.none() | st.integers(65, 120),
    st.booleans(),
)
def test_ages_nest(values, bands, top, stages):
    require_monotone(ages("age", values, bands=bands, top=top, stages=stages), values)


@settings(max_examples=20)
@given(
    st.lists(figures, min_size=1, unique=True),
    st.sampled_from([(1,), (0.5, 2), (100, 200, 1000), (3,)]),
    st.sampled_from([0, 1, -7, 0.5]),
    st.none() | st.integers(-500, -400),
    st.none() | st.integers(1100, 1500),
)
def test_intervals_nest(values, widths, origin, bottom, top):
    options: dict[str, Any] = {
        "widths": widths,
        "origin": origin,
        "bottom": bottom,
        "top": top,
        "unit": "万円",
    }
    require_monotone(numbers("income", values, **options), values)


@settings(max_examples=20)
@given(
    st.lists(figures, min_size=1, unique=True),
    st.lists(st.integers(-900, 900), min_size=1, max_size=6, unique=True),
)
def test_intervals_between_given_borders_nest(values, borders):
    fine = sorted(borders)
    require_monotone(numbers("income", values, borders=[fine, fine[::2]]), values)


@settings(max_examples=20)
@given(st.lists(days, min_size=1, unique=True), st.sampled_from(["western", "wareki"]))
def test_dates_nest_in_both_calendars(found, calendar):
    read = {day.isoformat(): day for day in found}
    require_monotone(dates("born", [*read, ""], read, calendar=calendar, eras=ERAS), read)


@settings(max_examples=20)
@given(
    st.lists(st.text(st.sampled_from("01*あ"), min_size=1, max_size=6), min_size=1, unique=True),
    st.sets(st.integers(1, 6), min_size=1),
)
def test_masks_nest(values, keep):
    lengths = sorted(keep, reverse=True)
    kept = [value for value in values if value != "*"] or ["0"]
    require_monotone(prefixes("code", kept, keep=lengths), kept)


@settings(max_examples=20)
@given(st.dictionaries(st.text(min_size=1), st.sampled_from(["南", "北"]), min_size=1))
def test_towns_nest_where_the_table_does(districts):
    named = {town: d for town, d in districts.items() if town != "*"} or {"本町": "南"}
    table = {town: (district, f"{district}部") for town, district in named.items()}
    require_monotone(towns("town", table, table, city="豊中市"), table)


@settings(max_examples=20)
@given(st.lists(st.sampled_from(sorted(known_regions())), min_size=1, unique=True))
def test_countries_nest(values):
    require_monotone(nationalities("nationality", values), values)


def test_ages_by_five_by_ten_by_stage():
    found = ladder(ages("age", ["0", "14歳", "15", "64", "６５", "85", "107", ""], top=85))
    assert found["0"] == ("0～4歳", "0～4歳", "年少(0～14歳)", "*")
    assert found["14歳"] == ("10～14歳", "5～14歳", "年少(0～14歳)", "*")
    assert found["15"] == ("15～19歳", "15～24歳", "生産年齢(15～64歳)", "*")
    assert found["６５"] == ("65～69歳", "65～74歳", "老年(65歳以上)", "*")
    assert found["107"] == found["85"] == ("85歳以上", "85歳以上", "老年(65歳以上)", "*")
    assert found[""] == ("空欄", "空欄", "空欄", "*")


def test_households_of_seven_and_more_are_one():
    found = ladder(
        numbers("size", ["1", "6", "7", "11"], widths=[1, 2], origin=1, top=7, unit="人")
    )
    assert [found[n] for n in ("1", "6", "7", "11")] == [
        ("1人", "1～2人", "*"),
        ("6人", "5～6人", "*"),
        ("7人以上", "7人以上", "*"),
        ("7人以上", "7人以上", "*"),
    ]


def test_a_month_in_which_the_era_changed_has_two_labels():
    read = {"H1.1.8": dt.date(1989, 1, 8), "S64.1.7": dt.date(1989, 1, 7)}
    found = ladder(dates("born", read, read, calendar="wareki", eras=ERAS))
    assert found["H1.1.8"] == ("平成元年1月", "平成元年", "平成", "*")
    assert found["S64.1.7"] == ("昭和64年1月", "昭和64年", "昭和", "*")


def test_levels_of_care_and_postal_codes():
    found = ladder(
        care_levels("care", ["要介護１", "25", "非該当", "要支援2", "不明"], unknown=["不明"])
    )
    assert found["要介護１"] == found["要支援2"] == ("軽度", "認定あり", "*")
    assert found["25"] == ("重度", "認定あり", "*")
    assert found["非該当"] == ("認定なし", "認定なし", "*")
    assert found["不明"] == ("不明", "不明", "*")
    assert ladder(postal_codes("post", ["〒560-0001"]))["〒560-0001"] == (
        "560-00**",
        "560-****",
        "*",
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ages("age", ["39", "三九", "-1"]), "「-1」、「三九」"),
        (lambda: ages("age", ["39.5"]), "「39.5」"),
        (lambda: ages("age", ["1"], bands=[4]), "またぐ"),
        (lambda: ages("age", ["1"], bands=[10, 25]), "入れ子"),
        (lambda: ages("age", ["1"], top=60), "65より小さく"),
        (lambda: numbers("n", ["1"]), "どちらか1つ"),
        (lambda: numbers("n", ["1"], widths=[0]), "入れ子"),
        (lambda: numbers("n", ["1"], widths=[1], bottom=5, top=5), "以上です"),
        (lambda: numbers("n", ["1"], widths=[1, 1000], bottom=100, top=300), "幅 1000"),
        (lambda: numbers("n", ["1"], borders=[[0], [1]]), "境目"),
        (lambda: numbers("n", ["NaN"], widths=[1]), "「NaN」"),
        (lambda: dates("d", ["1860-01-01"], {"1860-01-01": dt.date(1860, 1, 1)}, calendar="wareki", eras=ERAS), "「1860-01-01」"),
        (lambda: towns("t", ["本町"], {"新町": ("南",)}), "「本町」"),
        (lambda: towns("t", "ab", {"a": ("南", "東部"), "b": ("南", "西部")}), "食い違って"),
        (lambda: nationalities("n", ["アトランティス"]), "「アトランティス」"),
        (lambda: care_levels("c", ["要介護6"]), "「要介護6」"),
        (lambda: postal_codes("p", ["560-001"]), "「560-001」"),
        (lambda: prefixes("p", ["a"], keep=[2, 3]), "減っていく"),
    ],
)  # fmt: skip
def test_what_a_rule_cannot_use_is_named(make, words):
    with pytest.raises(HierarchyError) as caught:
        make()
    assert words in str(caught.value)
    assert all(len(str(fault).splitlines()) == 3 for fault in caught.value.faults)


def test_every_country_has_one_region():
    regions = known_regions()
    assert regions["vn"] == regions["ベトナム"] == regions["vnm"] == "アジア"
    assert set(itertools.chain(regions.values())) == {
        *(
            "日本",
            "アジア",
            "大洋州",
            "北米",
            "中南米",
            "欧州",
            "中東",
            "アフリカ",
            "無国籍・その他",
        ),
    }
