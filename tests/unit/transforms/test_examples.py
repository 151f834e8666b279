"""Every example of a rule, repeated: the documentation prints them."""

from typing import Any

import polars as pl
import pytest

from transforms.catalogue import RULES, TRANSFORMS
from transforms.kinds import KINDS, TYPES_RENAMED, Setting, judge_kind
from transforms.verdict import BLANK

EXAMPLES = [(name, example) for name, rule in RULES.items() for example in rule.examples]


def take_policy(context):
    """Part the mode of the call from the context of the row."""
    pairs = [pair for pair in context.split(";") if pair]
    policy = "lenient" if "policy=lenient" in pairs else "strict"
    return policy, ";".join(pair for pair in pairs if not pair.startswith("policy="))


def read_parameter(name: str, word: str) -> Any:
    """Turn a word of a context into the parameter of a contract type."""
    if name == "era":
        return pl.lit(word)
    if name in {"true", "false", "units"}:
        return tuple(word.split("|"))
    if name == "bounds":
        return tuple(map(float, word.split("|")))
    if word in {"true", "false"}:
        return word == "true"
    return int(word) if name in {"length", "multiplier"} else word


def judge_typed(column, kind, context, policy):
    """Judge by a type of contracts; its parameters stand in the context."""
    pairs = [pair.split("=", 1) for pair in context.split(";") if pair]
    known = TRANSFORMS[TYPES_RENAMED.get(kind, kind)]
    if "labels" in known.parameters:
        return known.function(column, labels=dict(pairs))
    given = {name: read_parameter(name, word) for name, word in pairs}
    if "policy" in known.parameters:
        given["policy"] = policy
    return known.function(column, **given)


def judge(example):
    policy, context = take_policy(example.context)
    column = pl.col("text")
    if example.kind in KINDS:
        setting = Setting(policy=policy)
        given = pl.lit(context) if context else None
        judged = judge_kind(column, example.kind, context=given, setting=setting)
    else:
        judged = judge_typed(column, example.kind, context, policy)
    (row,) = pl.select(text=pl.lit(example.text)).select(judged.alias("row"))["row"].to_list()
    value = "" if row["value"] is None else str(row["value"])
    return row["rule"], value.lower() if isinstance(row["value"], bool) else value


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example_is_true(rule, example):
    assert judge(example) == (rule, example.value)


# A register of numbers is a file of the city: no example can carry one.
@pytest.mark.parametrize("rule", sorted(RULES.keys() - {BLANK, "address.number_unknown"}))
def test_every_rule_shows_an_example(rule):
    assert RULES[rule].examples
