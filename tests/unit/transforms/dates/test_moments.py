import csv
import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.dates.test_day import ALPHABET, spellings
from tests.unit.transforms.judging import column_property
from transforms.dates.day import date
from transforms.dates.eras import ERAS
from transforms.dates.moments import RULES, moment

# A blank bound of a kept value is the day of the value; of any other verdict it is none.
WRITTEN = list(csv.DictReader(Path(__file__).with_name("moments.csv").open(encoding="utf-8")))
CONTEXT = ("era", "previous", "excel", "unit")


def read(texts, policy="strict", **context):
    frame = pl.DataFrame(
        {"raw": texts, **context}, schema=dict.fromkeys(("raw", *context), pl.String)
    )
    judged = moment(pl.col("raw"), policy=policy, **{name: pl.col(name) for name in context})
    return frame.lazy().select(judged).collect(engine="streaming")["raw"].to_list()


def words(context):
    return dict(part.split("=", 1) for part in context.split(";") if part)


@pytest.mark.parametrize("policy", ["strict", "lenient"])
def test_every_written_case(policy):
    cases = [c for c in WRITTEN if words(c["context"]).get("policy", "strict") == policy]
    given = {n: [words(c["context"]).get(n) for c in cases] for n in CONTEXT}
    found = read([c["input"] for c in cases], policy, **given)
    wrong = [
        (case["input"], case["context"], expected, got)
        for case, row in zip(cases, found, strict=True)
        if (expected := expect(case)) != (got := tell(row))
    ]
    assert wrong == []


def expect(case):
    kept = case["verdict"] in {"ok", "repaired"} and not case["earliest"]
    bounds = (case["value"],) * 2 if kept else (case["earliest"], case["latest"])
    return (case["value"], case["verdict"], *bounds)


def tell(row):
    return tuple(str(row[n] or "") for n in ("value", "verdict", "earliest", "latest"))


def test_every_rule_gives_its_verdict_in_its_examples():
    for name, rule in RULES.items():
        for example in rule.examples:
            if example.kind != "date":
                continue
            context = words(example.context)
            policy = context.pop("policy", "strict")
            given = {n: [w] for n, w in context.items()}
            row = read([example.text], policy, **given)[0]
            assert (row["value"] or "", row["verdict"], row["rule"]) == (
                example.value,
                rule.verdict,
                name,
            )


ANY_TEXT = st.one_of(
    st.text(),
    st.text(alphabet=ALPHABET),
    st.text(
        alphabet="0123456789令和平成昭明治元年度月日./-~～〜() 自至からまで第四半期上下末頃不詳RSHFYQ'"
    ),
    st.sampled_from([case["input"] for case in WRITTEN]),
    st.tuples(*[st.sampled_from([case["input"] for case in WRITTEN])] * 2).map("".join),
)
OF_CONTEXT = st.fixed_dictionaries(
    {
        "era": st.sampled_from([None, "令和", "S", "西暦"]),
        "previous": st.sampled_from([None, *(case["input"] for case in WRITTEN)]),
        "excel": st.sampled_from([None, "1900", "1904", "x"]),
        "unit": st.sampled_from([None, "day", "month", "year", "fiscal_year", "x"]),
    }
)


@column_property
@given(
    st.lists(ANY_TEXT, min_size=1, max_size=20), OF_CONTEXT, st.sampled_from(["strict", "lenient"])
)
def test_total_and_idempotent(texts, context, policy):
    found = read(texts, policy, **{n: [word] * len(texts) for n, word in context.items()})
    for row in found:
        keeps = row["verdict"] in {"ok", "repaired"} and row["rule"] != "blank"
        assert (row["value"] is not None) == keeps
        assert not keeps or row["earliest"] <= row["latest"]
        assert None in {row["earliest"], row["latest"]} or row["earliest"] <= row["latest"]
    values = [row for row in found if row["value"]]
    again = read([row["value"] for row in values])
    assert [(a["value"], a["verdict"], a["earliest"], a["latest"]) for a in again] == [
        (v["value"], "ok", v["earliest"], v["latest"]) for v in values
    ]


@column_property
@given(st.lists(ANY_TEXT, min_size=1, max_size=20), st.sampled_from(["strict", "lenient"]))
def test_date_and_moment_never_disagree(texts, policy):
    frame = pl.DataFrame({"raw": texts})
    days = frame.select(date(pl.col("raw"), policy=policy))["raw"].to_list()
    for day, row in zip(days, read(texts, policy), strict=True):
        if day["value"] is not None:
            assert row["value"] == day["value"].isoformat()
        elif row["value"] and row["verdict"] == "ok":
            assert len(row["value"]) != len("2023-02-01")


@column_property
@given(st.dates(dt.date(1873, 1, 1), dt.date(2099, 12, 31)))
def test_every_spelling_of_a_day_is_that_day(day):
    rare = [
        f"{text}{suffix}"
        for text in (f"{day.year}年{day.month}月{day.day}日", *of_eras(day))
        for suffix in ("", "現在", "付け", f"（{'月火水木金土日'[day.weekday()]}）", " 24:00")
    ]
    found = read([*spellings(day), *rare])
    assert {row["value"] for row in found} == {day.isoformat()}
    assert {row["verdict"] for row in found} <= {"ok", "repaired"}


def of_eras(day):
    """Give the day under every name that law gives it: two on a day of change."""
    return [
        f"{era.name}{'元' if day.year == era.base + 1 else day.year - era.base}年{day.month}月{day.day}日"
        for era in ERAS
        if era.first <= day <= era.last
    ]


@column_property
@given(st.dates(dt.date(1873, 1, 1), dt.date(2099, 12, 31)))
def test_a_day_is_read_in_no_era_but_its_own(day):
    wrong = [
        f"{era.letter}{day.year - era.base}.{day.month}.{day.day}"
        for era in ERAS
        if not era.first <= day <= era.last and 0 < day.year - era.base < 99
    ]
    assert [row["value"] for row in read(wrong)] == [None] * len(wrong)
    assert {row["value"] for row in read(wrong, "lenient")} <= {day.isoformat()}
