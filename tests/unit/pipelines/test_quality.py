"""Great Expectations answers what the contract asks, and its page gives nobody away."""

import logging
import re
import socket

import duckdb
import polars as pl
import pytest

from pipelines.quality import report_path
from pipelines.quality import validate as validate_query
from pipelines.withholding import refuse_empty
from tests.unit.warehouse.small_city import PLACES, make_dataset
from warehouse.home import Home
from warehouse.lake import Loaded
from warehouse.refusal import Refusal
from warehouse.standardise import Staged

PLANTED = ["植木埋蔵之助", "埋蔵町一丁目", "987654321", "99887766"]
CHECKS = [
    {"check": "row_count", "minimum": 1, "maximum": 3},
    {"check": "complete", "column": "town", "share": 0.6},
    {"check": "unique", "columns": ["full_name", "town"]},
    {"check": "sum_of", "column": "visit_count", "parts": ["morning_count", "evening_count"]},
]
COUNT = {"source": "回数", "title": "内訳", "type": "integer", "classification": "庁内"}


def _people(checks=CHECKS):
    columns = make_dataset().contract.model_dump(by_alias=True)["columns"]
    columns["town"]["pattern"] = "町.*"
    columns["morning_count"] = columns["evening_count"] = COUNT
    columns["sex_code"] = {
        "source": "性別", "title": "性別", "type": "code", "labels": {"1": "男", "2": "女"},
        "classification": "個人", "role": "quasi_identifier",
    }  # fmt: skip
    columns["visit_count"]["maximum"] = 99
    return make_dataset("quality_people", columns=columns, checks=checks)


def _rows(*rows):
    schema = {
        "_delivery": pl.String, "_period": pl.String, "_row": pl.Int64, "person_id": pl.String,
        "full_name": pl.String, "town": pl.String, "visit_count": pl.Int64,
        "morning_count": pl.Int64, "evening_count": pl.Int64, "sex_code": pl.String,
    }  # fmt: skip
    made = [("d", period, n, *rest) for n, (period, *rest) in enumerate(rows, start=2)]
    return pl.DataFrame(made, schema=schema, orient="row")


def validate(home, dataset, rows):
    with duckdb.connect() as con:
        con.register("staged", rows)
        return validate_query(home, dataset, con, "FROM staged")


GOOD = _rows(
    ("2026-04", "001", "甲", "町1", 5, 2, 3, "1"),
    ("2026-05", "001", "甲", "町1", 0, 0, 0, "2"),
    ("2026-05", "002", "乙", None, None, 1, 1, None),
)
BAD = _rows(
    ("2026-04", PLANTED[2], PLANTED[0], PLANTED[1], 99887766, 1, 2, "7"),
    ("2026-04", PLANTED[2], PLANTED[0], PLANTED[1], -1, -1, 0, "1"),
    ("2026-04", None, None, None, 3, 1, 2, "1"),
    ("2026-04", "004", "丁", None, 3, 1, 2, "1"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("quality"))


@pytest.fixture(scope="module")
def good(home):
    answers = validate(home, _people(), GOOD)
    return answers, report_path(home, "quality_people").read_text("utf-8")


@pytest.fixture(scope="module")
def bad(home, good):
    assert good
    answers = validate(home, _people(), BAD)
    return answers, report_path(home, "quality_people").read_text("utf-8")


def test_what_the_contract_promises_passes(good):
    answers, _ = good
    assert {a.name: a.passed for a in answers} == dict.fromkeys(
        [
            "person_id_not_null", "town_matches_pattern", "visit_count_in_range",
            "sex_code_in_code_list", "row_count_in_range", "town_complete",
            "full_name_town_unique", "visit_count_equals_sum", "person_id_unique",
        ],
        True,
    )  # fmt: skip


def test_each_broken_promise_fails_and_is_named_in_japanese(bad):
    answers, _ = bad
    assert {a.name for a in answers if not a.passed} == {
        "person_id_not_null", "visit_count_in_range", "sex_code_in_code_list",
        "row_count_in_range", "town_complete", "full_name_town_unique",
        "visit_count_equals_sum", "person_id_unique", "town_matches_pattern",
    }  # fmt: skip
    assert all(re.search("[ぁ-んァ-ヶ一-龠]", a.title) for a in answers)


def test_one_broken_promise_fails_alone(home):
    one = GOOD.with_columns(visit_count=pl.Series([6, 0, None], dtype=pl.Int64))
    answers = validate(home, _people(), one)
    assert [a.name for a in answers if not a.passed] == ["visit_count_equals_sum"]


@pytest.mark.parametrize("which", ["good", "bad"])
def test_the_page_can_be_read_offline_and_runs_nothing(which, request):
    _, page = request.getfixturevalue(which)
    assert "http:" not in page
    assert "https:" not in page
    assert not re.search(r"<(script|link|img|iframe)\b", page, re.IGNORECASE)
    assert not re.search(r"\son\w+\s*=", page)
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", page)
    assert "@import" not in page
    assert '<html lang="ja"' in page
    assert "<title>品質検査: 利用者</title>" in page


def test_the_page_shows_what_was_promised_and_no_value_of_a_row(bad):
    answers, page = bad
    assert all(answer.title in page for answer in answers)
    assert [word for word in PLANTED if word in page] == []


def test_nothing_of_the_rows_is_left_on_disk(home, bad):
    assert bad
    left = [p for p in home.root.rglob("*") if p.is_file()]
    assert [p.name for p in left] == ["quality_people.html"]
    content = b"".join(p.read_bytes() for p in left)
    assert not [word for word in PLANTED if word.encode() in content]


def test_nothing_is_sent_anywhere_or_logged(home, monkeypatch, caplog):
    def no_network(*_args, **_options):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "create_connection", no_network)
    places = make_dataset("quality_places", PLACES)
    rows = pl.DataFrame(
        {
            "_delivery": ["d"], "_period": ["2026"], "_row": [2],
            "place_id": [PLANTED[0]], "place_name": ["x"], "cost_yen": [1],
        }
    )  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        answers = validate(home, places, rows)
    assert all(answer.passed for answer in answers)
    assert PLANTED[0] not in caplog.text


def test_the_row_count_is_of_each_period_not_of_what_is_loaded_together(home):
    people = _people([{"check": "row_count", "minimum": 2, "maximum": 3}])
    assert [a.name for a in validate(home, people, GOOD) if not a.passed] == ["row_count_in_range"]
    assert all(a.passed for a in validate(home, people, GOOD.tail(2)))


def _staged(dataset, rows_out):
    entry = Loaded("common/x", "d", "f", {"file": "住民.csv", "rows_out": rows_out})
    return Staged(
        dataset=dataset, rows=GOOD.lazy(), entries=[entry], removed=[],
        everything=True, is_first=False, data_version="v",
    )  # fmt: skip


def test_a_delivery_without_one_good_row_is_withheld():
    people = _people([{"check": "row_count", "minimum": 1}])
    with pytest.raises(Refusal, match="1行もありません") as refused:
        refuse_empty(people, _staged(people, 0))
    assert refused.value.where == "住民.csv"
    refuse_empty(people, _staged(people, 1))


def test_an_empty_delivery_passes_where_the_contract_allows_it():
    people = _people([{"check": "row_count", "minimum": 0}])
    refuse_empty(people, _staged(people, 0))
