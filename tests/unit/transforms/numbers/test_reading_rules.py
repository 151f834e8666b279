import polars as pl
import pytest

from tests.unit.transforms.judging import one
from transforms.numbers.figure import figure
from transforms.numbers.number import integer
from transforms.numbers.reading_rules import RULES

CASES = [(rule, example) for rule, words in RULES.items() for example in words.examples]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_every_example_shows_its_rule(rule, example):
    unit = dict(pair.split("=") for pair in example.context.split(";") if pair).get("unit")
    if example.kind == "integer":
        value, _, found = one(integer, example.text)
    else:
        frame = pl.DataFrame({"raw": [example.text]})
        value, _, found, _ = frame.select(figure(pl.col("raw"), unit=pl.lit(unit)))["raw"][
            0
        ].values()
    assert (found, str(value if value is not None else "")) == (rule, example.value)


def test_every_rule_has_an_example():
    assert {rule for rule, _ in CASES} == set(RULES) - {"blank"}
