import polars as pl
import pytest

from transforms.rules import BLANK_RULE, Rule
from transforms.verdict import BLANK, VERDICT, decide, judged, trim

RULES = {
    BLANK: BLANK_RULE,
    "a": Rule("ok", "甲"),
    "b": Rule("repaired", "乙"),
    "c": Rule("uncertain", "丙", "直してください。"),
    "d": Rule("refused", "丁", "直してください。"),
}


def test_every_level_of_a_rule_reaches_the_verdict_and_decides_the_value():
    x = pl.col("x")
    cases = [(x == k, k) for k in ("blank", "c", "a", "b")]
    frame = pl.DataFrame({"x": ["blank", "a", "b", "c", "d", None]})
    out = frame.select(decide(x, RULES, cases, "d", name="x"))["x"]
    assert out.struct.field("verdict").dtype == VERDICT
    assert [tuple(r.values()) for r in out] == [
        (None, "ok", "blank"),
        ("a", "ok", "a"),
        ("b", "repaired", "b"),
        (None, "uncertain", "c"),
        (None, "refused", "d"),
        (None, "refused", "d"),
    ]


@pytest.mark.parametrize("rules", [["a"], ["d"], ["b", "c"], ["blank", "d"]])
def test_any_subset_of_levels_works(rules):
    cases = [(pl.lit(value=False), r) for r in rules[1:]]
    out = pl.select(decide(pl.lit(1), RULES, cases, rules[0])).to_series()[0]
    assert (out["rule"], out["verdict"]) == (rules[0], RULES[rules[0]].verdict)


def test_an_undeclared_rule_is_a_programming_error():
    with pytest.raises(KeyError):
        decide(pl.lit(1), RULES, [], "nowhere")


def test_judged_has_the_three_fields():
    out = pl.select(judged(pl.lit(1), "ok", "a"))
    assert out.schema["value"] == pl.Struct(
        {"value": pl.Int32, "verdict": VERDICT, "rule": pl.String}
    )


def test_trim_takes_outer_spaces_of_every_width():
    assert pl.select(trim(pl.lit(" \u3000\ufeff a b\u3000\t"))).item() == "a b"
