"""What a contract may say: nothing personal by accident, nothing that cannot run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assets.column import SourceName
from assets.contract import Contract, Layout, SetAsideRows
from tests.unit.assets.declaring import CONTRACT, changed

months = st.builds("{}-{:02}".format, st.integers(2000, 2030), st.integers(1, 12))


def _made(**changes):
    return Contract.model_validate(changed(CONTRACT, **changes))


def _said(error):
    return "".join(str(e.get("ctx", {}).get("error", "")) for e in error.value.errors())


def test_a_contract_cannot_be_changed_after_it_was_read():
    contract = _made()
    with pytest.raises(ValidationError):
        contract.title = "別の題"
    with pytest.raises(ValidationError):
        contract.columns["town"].classification = "公開"


@pytest.mark.parametrize("classification", ["個人", "特定個人"])
def test_a_personal_column_must_say_its_role(classification):
    with pytest.raises(ValidationError) as caught:
        _made(columns__town__classification=classification)
    assert "role" in _said(caught)


def test_a_specific_personal_number_can_only_be_a_direct_identifier():
    with pytest.raises(ValidationError) as caught:
        _made(columns__town__classification="特定個人", columns__town__role="attribute")
    assert "direct_identifier" in _said(caught)
    assert _made(
        columns__town__classification="特定個人", columns__town__role="direct_identifier"
    ).is_personal


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"columns__town__type": "code"}, "labels"),
        ({"columns__town__type": "boolean"}, "true"),
        ({"columns__town__minimum": 1}, "minimum"),
        ({"columns__town__pattern": "(丁目"}, "正規表現"),
        ({"columns__town__pattern": "^(?!仮)"}, "先読み"),
        ({"columns__town__pattern": r"^(.)\1$"}, "後方参照"),
        ({"source__encoding": ...}, "encoding"),
        ({"key": ["nobody"]}, "nobody"),
        ({"checks__0": {"check": "complete", "column": "nobody", "share": 0.5}}, "nobody"),
        ({"checks__0": {"check": "unique", "columns": ["nobody"]}}, "nobody"),
        (
            {
                "checks__0": {
                    "check": "sum_of",
                    "column": "visit_count",
                    "parts": ["visit_count", "gone"],
                }
            },
            "gone",
        ),
    ],
)
def test_what_cannot_work_is_refused_with_the_word_at_fault(changes, word):
    base = changed(CONTRACT)
    for path, value in changes.items():
        if path.startswith("checks"):
            base["checks"] = [value]
        else:
            base = changed(base, **{path: value})
    with pytest.raises(ValidationError) as caught:
        Contract.model_validate(base)
    assert word in _said(caught)


@pytest.mark.parametrize("name", ["町名", "Town", "1st", "town-name", "order", "select", "town\n"])
def test_a_column_name_must_stand_in_sql_as_it_is(name):
    columns = {**CONTRACT["columns"], name: CONTRACT["columns"]["town"]}
    with pytest.raises(ValidationError) as caught:
        Contract.model_validate({**CONTRACT, "columns": columns})
    assert name.strip() in _said(caught)


@pytest.mark.parametrize("rule", [{}, {"values": ["合計"], "pattern": "計$"}, {"pattern": "("}])
def test_rows_are_set_aside_by_one_test_that_runs(rule):
    with pytest.raises(ValidationError):
        SetAsideRows.model_validate({"reason": "合計", "source": "町名", **rule})


@pytest.mark.parametrize(
    ("period", "start", "end", "covered"),
    [
        ("2021", "2021", "2021", True),
        ("2020", "2021", None, False),
        ("2022", None, "2021", False),
        ("2021-04", "2021-04", "2021-04", True),
        ("2021-03", "2021-04", None, False),
        ("2021-05", None, "2021-04", False),
        ("2021-12", "2021", "2021", True),
        ("2022-01", "2021", "2021", False),
        ("2021", "2021-04", None, True),
        ("2021", None, "2021-04", True),
        ("2021-04-30", "2021-04", "2021-04", True),
        ("2021-03-31", "2021-04", None, False),
        ("-", None, None, True),
    ],
)
def test_a_header_is_valid_for_the_periods_it_names(period, start, end, covered):
    name = SourceName.model_validate({"name": "町名", "from": start, "until": end})
    assert name.covers(period) is covered
    assert Layout.model_validate(
        {"header_rows": [1, 1], "from": start, "until": end}
    ).covers(period) is covered  # fmt: skip


@given(months, months, months)
def test_months_are_covered_exactly_from_the_first_to_the_last(period, start, end):
    name = SourceName.model_validate({"name": "町名", "from": start, "until": end})
    assert name.covers(period) is (start <= period <= end)


@pytest.mark.parametrize("period", ["2021/4", "2021-4", "令和3年", "2021-04-01"])
def test_a_validity_that_cannot_be_compared_is_refused(period):
    with pytest.raises(ValidationError):
        SourceName.model_validate({"name": "町名", "from": period})


def test_the_header_of_the_period_is_taken_and_one_text_is_one_header():
    two = [{"name": "町名", "until": "2023"}, {"name": "町丁目", "from": "2024"}]
    contract = _made(columns__town__source=two)
    assert contract.columns["town"].headers("2023-12") == ["町名"]
    assert contract.columns["town"].headers("2024-01") == ["町丁目"]
    assert contract.columns["person_id"].headers("2024-01") == ["番号"]


def test_the_layout_of_the_period_is_taken():
    layouts = [{"header_rows": [1, 1], "until": "2023"}, {"header_rows": [2, 3], "from": "2024"}]
    source = _made(source__layouts=layouts).source
    assert source.layout("2023-01").header_rows == (1, 1)
    assert source.layout("2024-01").header_rows == (2, 3)
    assert _made(source__layouts=layouts[1:]).source.layout("2023-01") is None


def _dated(**fields):
    names = [
        {"name": "数", "until": "2025", "source_unit": "人"},
        {
            "name": "数(千人)",
            "from": "2026",
            "until": "2027",
            "source_unit": "千人",
            "multiplier": 1000,
        },
    ]
    column = {"source": names, "title": "数", "type": "integer", "classification": "公開", **fields}
    key = {"source": "ID", "title": "ID", "type": "text", "classification": "公開"}
    columns = {"key_id": key, "people_count": column}
    checks = [{"check": "row_count", "minimum": 1}]
    return Contract.model_validate(
        {**CONTRACT, "columns": columns, "key": ["key_id"], "checks": checks}
    )


def test_a_column_that_rows_can_do_without_may_be_undelivered_for_a_time():
    assert _dated().expected("2025") == {"key_id": ["ID"], "people_count": ["数"]}
    assert _dated().expected("2028") == {"key_id": ["ID"]}
    assert _dated(required=True).expected("2028") == {"key_id": ["ID"], "people_count": []}


def test_the_unit_of_the_period_goes_with_its_header():
    def unit(period):
        column = _dated().in_period(period).columns["people_count"]
        return column.source_unit, column.multiplier

    assert unit("2025") == ("人", 1)
    assert unit("2026-04") == ("千人", 1000)
    assert unit("2028") == (None, 1)
