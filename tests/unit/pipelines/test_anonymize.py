"""`machikane anonymize`: both spellings of the command, what it prints and how it ends."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from tests.unit.warehouse.access.role_city import fill_home, write_role_register
from tests.unit.warehouse.anonymising.tables import POLICY, write_case
from warehouse.refusal import Refusal


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return CliRunner().invoke(app, ["anonymize", *map(str, words)])

    return run


FILES = ("--policy", "policy.yaml", "--out", "out.csv", "--report", "report.json")


@pytest.mark.parametrize("words", [("in.csv", *FILES), (*FILES, "in.csv")])
def test_a_file_is_anonymised_in_every_order_of_the_words(call, tmp_path, words):
    write_case(tmp_path)
    ended = call(*words)
    assert ended.exit_code == 0, ended.output
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert f"秘匿した行: {told['suppressed_rows']}" in ended.output
    assert "注意: ポリシーに書かれていない列" in ended.output
    assert (tmp_path / "out.csv").is_file()


def test_a_policy_that_nothing_satisfies_ends_with_one(call, tmp_path):
    write_case(tmp_path, policy=POLICY.replace("k: 5", "k: 500"))
    ended = call("in.csv", *FILES)
    assert ended.exit_code == 1
    assert "見つかりませんでした" in ended.output
    assert "ゆるめるもの" in ended.output
    assert not (tmp_path / "out.csv").exists()


def test_a_hierarchy_that_does_not_cover_the_data_ends_with_two(call, tmp_path):
    write_case(tmp_path)
    (tmp_path / "sex.csv").write_text("M;*\n", "utf-8")
    ended = call("in.csv", *FILES)
    assert ended.exit_code == 2
    assert "「F」" in ended.output
    assert "sex.csv(列「sex」、レベル0)" in ended.output.replace("\n", "")


@pytest.mark.slow
def test_a_policy_is_suggested_for_a_dataset_by_its_register(call, tmp_path):
    register = write_role_register(tmp_path / "register")
    place = fill_home(tmp_path / "city")
    where = ("--home", place.root, "--register", register)
    ended = call("suggest", "users", *where, "--out", "draft")
    assert ended.exit_code == 0, ended.output
    text = (tmp_path / "draft" / "policy.yaml").read_text("utf-8")
    assert "full_name" not in text  # the analysts' role does not see it
    assert "台帳" in text
    refused = call("suggest", "user", *where).exception
    assert isinstance(refused, Refusal)
    assert "「users」の書き間違い" in refused.remedy
