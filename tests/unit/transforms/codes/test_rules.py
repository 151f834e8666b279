"""What holds for every code: examples come true, nothing raises, a value read again is the same."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, run
from transforms.codes import (
    code_lists,
    corporate_numbers,
    digits,
    government_codes,
    kinds,
    my_numbers,
    phone_rules,
    phones,
    postal_codes,
    resident_ids,
    school_codes,
    vocabularies,
)

MODULES = [code_lists, corporate_numbers, digits, government_codes, kinds, my_numbers, phones,
           postal_codes, resident_ids, school_codes, vocabularies]  # fmt: skip
EXAMPLES = [
    (name, rule.verdict, example)
    for module in MODULES
    for name, rule in module.RULES.items()
    for example in rule.examples
]
FUNCTIONS = [
    corporate_numbers.corporate_number,
    corporate_numbers.invoice_number,
    digits.digits,
    government_codes.local_government_code,
    my_numbers.my_number,
    phones.phone,
    postal_codes.postal_code,
    resident_ids.resident_id,
    school_codes.school_code,
]


def repeat(example):
    """Judge the text of an example as its kind and context say."""
    pairs = dict(pair.split("=") for pair in example.context.split(";") if pair)
    column = pl.lit(example.text)
    length = int(pairs["length"]) if "length" in pairs else None
    functions = {
        "code": lambda: kinds.code_of_kind(column, pl.lit(pairs.get("kind"), pl.String)),
        "phone": lambda: phones.phone(column),
        "my_number": lambda: my_numbers.my_number(column),
        "digits": lambda: digits.digits(column, length=length),
        "resident_id": lambda: resident_ids.resident_id(
            column, length=length, check_digit=pairs.get("check_digit")
        ),
        "code_list": lambda: code_lists.code(column, labels=pairs),
    }
    return pl.select(functions[example.kind]().alias("judged"))["judged"][0]


@pytest.mark.parametrize(("name", "verdict", "example"), EXAMPLES)
def test_examples_come_true(name, verdict, example):
    judged = repeat(example)
    assert (judged["rule"], judged["verdict"], judged["value"] or "") == (
        name,
        verdict,
        example.value,
    )


@pytest.mark.parametrize("rules", [*(module.RULES for module in MODULES), phone_rules.PHONE_RULES])
def test_every_rule_has_an_example(rules):
    assert [name for name, rule in rules.items() if not rule.examples and name != "blank"] == []


@pytest.mark.parametrize("function", FUNCTIONS)
@column_property
@given(
    st.lists(
        st.one_of(
            st.text(),
            st.text("0123456789-－ー() 〒０９+.TF"),
            st.from_regex(r"\A(TEL |\+81|0)?[0-9]{1,4}[-( ][0-9]{2,4}[-) ][0-9]{4}(\(代\)|内線[0-9]{2})?\Z"),
            st.text("0123456789", min_size=5, max_size=14),
        ),
        min_size=1,
    )
)  # fmt: skip
def test_total_and_idempotent(function, texts):
    first = run(function, texts)
    again = run(function, [value for value, _, _ in first])
    assert [row[0] for row in again] == [row[0] for row in first]
    assert all(row[1] == "ok" for row in again)
