"""Every promise of a contract becomes one expectation with a Japanese title."""

from assets.contract import Contract
from assets.expectations import PERIOD, ROWS_IN_PERIOD, expectations
from assets.register import load_register
from tests.unit.assets.declaring import CONTRACT, changed


def _of(**changes):
    return {e.name: e for e in expectations(Contract.model_validate(changed(CONTRACT, **changes)))}


def test_each_promise_gives_its_expectation():
    checks = [
        {"check": "row_count", "minimum": 10, "maximum": 2000},
        {"check": "complete", "column": "town", "share": 0.95},
        {"check": "unique", "columns": ["town", "visit_count"]},
        {"check": "sum_of", "column": "visit_count", "parts": ["visit_count", "visit_count"]},
    ]
    found = _of(
        checks=checks,
        columns__town__pattern="丁目$",
        columns__visit_count__maximum=99.5,
        columns__kind={
            "source": "区分", "title": "区分", "type": "code",
            "labels": {"2": "女", "1": "男"}, "classification": "公開",
        },
    )  # fmt: skip
    assert {name: (e.kind, e.arguments) for name, e in found.items()} == {
        "person_id_not_null": ("ExpectColumnValuesToNotBeNull", {"column": "person_id"}),
        "town_matches_pattern": (
            "ExpectColumnValuesToMatchRegex",
            {"column": "town", "regex": "^(?:丁目$)$"},
        ),
        "visit_count_in_range": (
            "ExpectColumnValuesToBeBetween",
            {"column": "visit_count", "min_value": 0, "max_value": 99.5},
        ),
        "kind_in_code_list": (
            "ExpectColumnValuesToBeInSet",
            {"column": "kind", "value_set": ["1", "2"]},
        ),
        "row_count_in_range": (
            "ExpectColumnValuesToBeBetween",
            {"column": ROWS_IN_PERIOD, "min_value": 10, "max_value": 2000},
        ),
        "town_complete": ("ExpectColumnValuesToNotBeNull", {"column": "town", "mostly": 0.95}),
        "town_visit_count_unique": (
            "ExpectCompoundColumnsToBeUnique",
            {"column_list": [PERIOD, "town", "visit_count"]},
        ),
        "visit_count_equals_sum": (
            "ExpectColumnPairValuesToBeEqual",
            {
                "column_A": "visit_count",
                "column_B": "visit_count__sum_of_parts",
                "ignore_row_if": "either_value_is_missing",
            },
        ),
        "person_id_unique": (
            "ExpectCompoundColumnsToBeUnique",
            {"column_list": [PERIOD, "person_id"]},
        ),
    }
    assert found["visit_count_equals_sum"].derived_sum == (
        "visit_count__sum_of_parts",
        ("visit_count", "visit_count"),
    )
    assert found["row_count_in_range"].title == "1期間の行数は 10 行以上、2,000 行以下"
    assert found["town_complete"].title == "「町名」は 95% 以上の行で埋まっている"


def test_a_required_column_with_marks_may_be_empty():
    assert "town_not_null" in _of(columns__town__required=True)
    assert "town_not_null" not in _of(
        columns__town__required=True, columns__town__marks={"－": "対象外"}
    )


def test_the_key_is_unique_even_when_nobody_says_so_and_only_once():
    assert "person_id_unique" in _of()
    said = _of(checks=[{"check": "unique", "columns": ["person_id"]}])
    assert list(said) == list(_of(checks=[{"check": "unique", "columns": ["person_id"]}]))
    assert sum(name == "person_id_unique" for name in said) == 1


def test_names_of_the_built_in_register_are_ascii_and_distinct():
    for dataset in load_register().datasets.values():
        found = expectations(dataset.contract)
        names = [e.name for e in found]
        assert len(names) == len(set(names))
        assert all(name.isascii() and name.isidentifier() for name in names)
        assert all(e.title.isprintable() and not e.title.isascii() for e in found)
