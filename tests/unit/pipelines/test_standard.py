"""`machikane standard` on the command line: list, show, check, convert, and their exit codes."""

import json

import pytest
from typer.testing import CliRunner

from pipelines.commands.standard import find_standard
from pipelines.commands.standard_app import app
from warehouse.refusal import Refusal

HEAD = "NO,都道府県名,市区町村名,都道府県コード又は市区町村コード,名称,名称_カナ,住所,設置位置,開始時間,小児対応設備の有無"
ROW = "01,架空県,架空市,99999,会館,カイカン,架空市1-1,1階,9:00,有"


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_list_holds_31_current_and_14_older_layouts():
    listed = json.loads(run("list", "--json").output)
    assert [one["number"] for one in listed if one["number"]][:31] == list(range(1, 32))
    assert sum(one["name"].startswith("older/") for one in listed) == 14
    assert "公衆トイレ一覧" in run("list").output


def test_a_layout_is_found_by_name_or_number():
    for name in ("13", "public_toilet"):
        assert json.loads(run("show", name, "--json").output)["slug"] == "public_toilet"
    assert json.loads(run("show", "older/aed", "--json").output)["family"] == "推奨データセット"
    assert "バリアフリートイレ数" in run("show", "13").output
    with pytest.raises(Refusal, match="public_toilet"):
        find_standard("public_toilets")


def test_a_missing_file_is_refused():
    assert isinstance(run("check", "nowhere.csv").exception, Refusal)


@pytest.mark.slow
def test_check_tells_differences_and_ends_by_them(tmp_path):
    path = tmp_path / "999993_aed.csv"
    path.write_text(f"{HEAD}\n{ROW}\n", "utf-8")
    done = run("check", path, "--json", "--report", tmp_path / "r.html")
    assert done.exit_code == 1
    (told,) = json.loads(done.output)
    (table,) = told["tables"]
    assert (table["dataset"], table["edition"]) == ("aed", "旧・推奨データセット")
    time = next(d for d in table["differences"] if d["rule"] == "time.form")
    assert (time["row"], time["value"], time["repaired"]) == (2, "9:00", "09:00")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "時刻の書き方が hh:mm ではありません" in page
    assert "<script" not in page
    assert "http" not in page


@pytest.mark.slow
def test_convert_writes_what_passes_the_check(tmp_path):
    path, out = tmp_path / "999993_aed.csv", tmp_path / "999993_aed_new.csv"
    path.write_bytes(f"{HEAD}\r\n{ROW}\r\n".encode("cp932"))
    done = run("convert", path, "--out", out, "--json")
    assert done.exit_code == 0
    account = json.loads(done.output)
    assert account["errors_left"] == 0
    assert {one["made"] for one in account["targets"]} >= {"写した", "変換した", "作れない"}
    assert all(one["targets"] for one in account["sources"])
    assert run("check", out).exit_code == 0


@pytest.mark.slow
def test_what_is_no_standard_dataset_fails(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("日付,件数\n2026-01-01,3\n2026-01-02,5\n", "utf-8")
    done = run("check", path)
    assert done.exit_code == 1
    assert "標準データセットではありません" in done.output
