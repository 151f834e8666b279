"""Rows of persons through the whole line: query, policy, gate, law, report, approval."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from assets.register import MartQuery
from assets.release import Mart
from assets.standard import Standard
from tests.unit.warehouse.publishing import make_register, put_towns, release
from warehouse.home import Home
from warehouse.lake import Loaded, open_lake, record, replace_rows, transaction
from warehouse.refusal import Refusal
from warehouse.release.candidate import folder_of
from warehouse.release.publish import approve
from warehouse.release.staging import stage_candidate

NAMES = ["校区", "年齢", "性別", "職業"]
STANDARD = Standard.model_validate(
    {
        "title": "住民の職業", "number": 900, "slug": "jobs", "edition": "試",
        "column_order": "official", "credit": "なし", "columns": [{"name": n} for n in [*NAMES, "町"]],
    }
)  # fmt: skip
SQL = "SELECT who, town AS 校区, age AS 年齢, sex AS 性別, job AS 職業 FROM mart.persons"
POLICY = {
    "quasi_identifiers": {
        "校区": {"hierarchy": "towns.csv"},
        "年齢": {"rule": "age", "bands": [10, 20], "stages": False},
        "性別": {"hierarchy": "sex.csv"},
    },
    "sensitive": ["職業"],
    "models": [{"k": 5}, {"l_distinct": 2}],
    "suppression_limit": 0.1,
    "person": "who",
}
DECLARATION = {
    "basis": "匿名加工情報", "manner": "公開", "sensitive_columns": [],
    "nature_of_file": "校区は100人以上", "known_to_outsiders": "近所の人は年齢と性別を知りうる",
    "answered_by": "市民課長", "legal_review": "法務課",
}  # fmt: skip
PERSONS = [f"p1_{n:026d}".replace("0", "a").replace("1", "b").replace("8", "c").replace("9", "d")
           for n in range(400)]  # fmt: skip


def _rows(rows=400):
    draw = np.random.default_rng(4)
    return pl.DataFrame(
        {
            "who": PERSONS[:rows],
            "town": np.array(["北", "南"])[np.sort(draw.integers(0, 2, rows))],
            "age": draw.integers(20, 60, rows),
            "sex": np.array(["男", "女"])[draw.integers(0, 2, rows)],
            "job": np.array(["会社員", "自営業", "学生"])[draw.integers(0, 3, rows)],
        }
    )


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    lake = Home(tmp_path_factory.mktemp("lake"))
    with open_lake(lake, write=["internal", "open"]) as opened:
        put_towns(opened)
        with transaction(opened, "internal", "mart/persons"):
            replace_rows(opened, ("internal", "mart", "persons"), _rows(), remove=None)
            about: dict[str, object] = {"file": "people.csv", "period": "2026", "sha256": "ab" * 32}
            record(opened, "internal", [Loaded("mart/persons", "", "x", {**about})])
        yield opened


@pytest.fixture
def made(con, home, tmp_path):
    """Stage a release of persons by a policy; options change its parts."""
    (tmp_path / "towns.csv").write_text("北;市内;*\n南;市内;*\n", "utf-8")
    (tmp_path / "sex.csv").write_text("男;*\n女;*\n", "utf-8")
    columns = {
        name: {"title": name, "classification": "個人", "role": "quasi_identifier"}
        for name in ("who", "town", "age", "sex", "job")
    }
    spec = {"title": "人", "description": "人", "sources": ["common.people"], "columns": columns}
    mart = MartQuery(
        "persons", "", "", Path("p.sql"), Mart.model_validate({**spec, "personal": True})
    )

    def stage(sql=SQL, declaration=DECLARATION, **policy):
        query = release(
            "jobs", sql, STANDARD, ["mart.persons"], declaration=declaration,
            protection={"method": "anonymised_records", "policy": {**POLICY, **policy}},
        )  # fmt: skip
        placed = replace(query, path=tmp_path / "jobs.sql")
        register = make_register()
        register = replace(register, marts={**register.marts, "persons": mart})
        return stage_candidate(con, home, register, placed)[0]

    return stage


def _table(home, candidate):
    path = folder_of(home, "jobs", candidate.id) / candidate.files[0].name
    return pl.read_csv(path, infer_schema=False)


def _rules(candidate):
    return {f["rule"] for f in candidate.findings if f["severity"] == "blocker"}


def test_rows_that_meet_policy_and_law_wait_for_approval(con, home, made):
    candidate = made()
    assert _rules(candidate) == set()
    table = _table(home, candidate)
    assert table.columns == [*NAMES, "町"]
    assert table.height == 400
    sizes = table.filter(pl.col("校区") != "*").group_by(NAMES[:3]).len()["len"]
    assert sizes.to_numpy().min() >= 5
    text = table.write_csv()
    assert not any(token in text for token in PERSONS)
    version = approve(con, home, "jobs", person="総務課長", note="")
    assert version.name == "v1"


def test_the_published_order_is_not_that_of_the_register(home, made):
    table = _table(home, made())
    towns = table.filter(pl.col("校区") != "*")["校区"]
    assert towns.n_unique() == 1 or towns.to_list() != towns.sort().to_list()
    assert table["職業"].to_list() != _rows()["job"].to_list()


def test_the_report_tells_risk_and_law_beside_the_candidate(home, made):
    made()
    folder = home.reports / "disclosure"
    told = json.loads((folder / "jobs.json").read_text("utf-8"))
    assert told["blockers"] == 0
    assert {item["status"] for item in told["checklist"]["items"]} <= {"適合", "該当なし"}
    assert told["risks"]["after"]["prosecutor"]["highest"] <= 0.2
    assert told["differencing"] == {"status": "未実施"}
    assert "検査を通りました" in (folder / "jobs.html").read_text("utf-8")


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_the_method_is_kept_where_nobody_else_reads_it(home, made):
    made()
    path = home.methods / "jobs.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text("utf-8"))["removed_columns"] == ["who"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"declaration": None}, "law.unanswered"),
        ({"declaration": {**DECLARATION, "answered_by": None}}, "law.unanswered"),
        ({"declaration": {**DECLARATION, "basis": "仮名加工情報"}}, "law.failed"),
        ({"declaration": {**DECLARATION, "basis": "行政機関等匿名加工情報"}}, "law.failed"),
        ({"models": [{"k": 5}]}, "records.sensitive_without_model"),
        (
            {"sql": SQL.replace("FROM", ", age AS 町 FROM"), "insensitive": ["町"]},
            "records.column_outside",
        ),
        (
            {"sql": SQL.replace("FROM", ", who AS 町 FROM"), "insensitive": ["町"]},
            "pattern.pseudonym",
        ),
    ],
)
def test_what_the_gate_finds_stops_the_release(con, home, made, change, rule):
    candidate = made(**change)
    assert rule in _rules(candidate)
    with pytest.raises(Refusal) as caught:
        approve(con, home, "jobs", person="総務課長", note="")
    assert caught.value.rule == "release.blocked"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sql": SQL.replace("FROM", ", age AS 町 FROM")}, "役割の決まっていない列"),
        ({"sql": SQL.replace("job AS 職業", "1 AS 町")}, "ポリシーの列がありません"),
        ({"models": [{"k": 5}, {"l_distinct": 9}]}, "満たす加工がありません"),
    ],
)
def test_a_policy_that_does_not_fit_is_refused_in_words(made, change, words):
    with pytest.raises(Refusal) as caught:
        made(**change)
    assert caught.value.rule == "release.records"
    assert words in str(caught.value)
