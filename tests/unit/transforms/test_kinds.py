import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.catalogue import RULES
from transforms.kinds import KINDS, Setting, judge_kind
from transforms.verdict import LEVELS

MY_NUMBER = "123456789018"
TEXTS = [
    None,
    "",
    " ",
    "令和5年2月1日",
    "中桜塚3-1-1",
    "06-6858-2525",
    "千円",
    "ｶﾅ",
    "髙",
    "a\nb",
    MY_NUMBER,
]


def rows(kind, texts, context=None, **setting):
    frame = pl.DataFrame(
        {"text": texts, "context": [context] * len(texts)},
        schema=dict.fromkeys(("text", "context"), pl.String),
    )
    judged = judge_kind(pl.col("text"), kind, context=pl.col("context"), setting=Setting(**setting))
    answer = frame.lazy().select(judged.alias("judged")).collect(engine="streaming")
    return answer["judged"].to_list()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_its_parts_and_declared_rules(kind):
    for text, row in zip(TEXTS, rows(kind, TEXTS), strict=True):
        assert [*row][:3] == ["value", "verdict", "rule"]
        assert set(KINDS[kind].parts) == {*row} - {"value", "verdict", "rule"}
        assert row["verdict"] == RULES[row["rule"]].verdict
        assert row["value"] is None or row["verdict"] in {"ok", "repaired"}
        if text is None or not text.strip():
            assert (row["value"], row["verdict"], row["rule"]) == (None, "ok", "blank")


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_column_stays_empty(kind):
    assert rows(kind, []) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("context", [None, "kind=digits", "kind=resident_id", "kind=lg"])
@pytest.mark.parametrize("text", [MY_NUMBER, "１２３４ ５６７８ ９０１８", f"7 {MY_NUMBER}"])
def test_a_my_number_is_never_given_back(kind, context, text):
    (row,) = rows(kind, [text], context)
    said = "".join(str(value) for value in row.values())
    assert MY_NUMBER not in said
    assert "1234 5678 9018" not in said
    assert "１２３４" not in said


def test_twelve_digits_that_are_declared_a_sum_are_one():
    assert rows("number", [MY_NUMBER], "unit=円")[0]["value"] == MY_NUMBER
    assert rows("number", ["123,456,789,018"])[0]["value"] == MY_NUMBER
    assert rows("number", [MY_NUMBER])[0]["rule"] == "my_number.blocked"


@given(st.lists(st.text(), max_size=8), st.text(max_size=20), st.sampled_from(sorted(KINDS)))
@settings(max_examples=80)
def test_any_text_and_context_is_judged(texts, context, kind):
    for policy in ("strict", "lenient"):
        judged = rows(kind, texts, context, policy=policy)
        assert len(judged) == len(texts)
        for row in judged:
            assert row["verdict"] in LEVELS
            assert row["verdict"] != "refused" or row["value"] is None
