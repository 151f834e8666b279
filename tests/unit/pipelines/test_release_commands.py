"""What an officer is shown: the review, who may approve, and the pages made anew after each act."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.commands import releases
from pipelines.commands.releases import (
    approve_and_show,
    print_candidate,
    review_and_show,
    withdraw_and_show,
)
from tests.unit.warehouse.publishing import facility, make_register, put_places
from warehouse.home import Home
from warehouse.lake import open_lake
from warehouse.refusal import Refusal
from warehouse.release.staging import stage_candidate


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("city"))


@pytest.fixture
def shown(monkeypatch):
    """A console that is read afterwards, and a count of how often the pages were made."""
    pages = []
    monkeypatch.setattr(releases, "publish_portal", lambda *_: pages.append(1))
    out = io.StringIO()
    return SimpleNamespace(console=Console(file=out, width=200), out=out, pages=pages)


def _stage(home, names):
    with open_lake(home, write=["internal", "open"]) as con:
        put_places(con, names)
        stage_candidate(con, home, make_register(), facility())


def test_the_whole_way_of_a_release_as_it_is_typed(city, shown):
    """One way through, because each step opens the lake."""
    register = make_register()
    with pytest.raises(Refusal) as caught:
        review_and_show(shown.console, city, register, "facility")
    assert caught.value.rule == "release.none"
    _stage(city, ["図書館", "公民館"])
    with pytest.raises(Refusal) as caught:
        approve_and_show(shown.console, city, register, "facility", person="他人", note="")
    assert (caught.value.rule, shown.pages) == ("release.not_approver", [])
    approve_and_show(shown.console, city, register, "facility", person="課長", note="")
    _stage(city, ["図書館[本館]", "公民館", "博物館"])
    review_and_show(shown.console, city, register, "facility")
    print_candidate(shown.console, city, register, "facility")
    said = shown.out.getvalue()
    assert "増えた行 1、減った行 0、値が変わった行 1(「ID」で対応)" in said
    assert "図書館[本館]" in said
    assert (city.reports / "review" / "facility.html").is_file()
    with pytest.raises(Refusal) as caught:
        approve_and_show(shown.console, city, register, "facility", person="課長", note=" ")
    assert caught.value.rule == "release.note"
    approve_and_show(shown.console, city, register, "facility", person="部長", note="博物館を追加")
    take = {"person": "部長", "note": "誤り"}
    withdraw_and_show(shown.console, city, register, "facility", **take, version="v2")
    assert "公開中の版: v1" in shown.out.getvalue()
    withdraw_and_show(shown.console, city, register, "facility", **take)
    assert len(shown.pages) == 4
    withdraw_and_show(shown.console, city, register, "facility", **take)
    assert "すでに取り下げています" in shown.out.getvalue()
    assert len(shown.pages) == 5


def test_an_unknown_name_is_told_with_a_suggestion(city, shown):
    for act in (review_and_show, print_candidate):
        with pytest.raises(Refusal) as caught:
            act(shown.console, city, make_register(), "facilty")
        assert caught.value.rule == "release.unknown"
        assert "facility" in caught.value.remedy


@pytest.mark.parametrize("command", ["list", "show", "review", "approve", "withdraw"])
def test_every_command_explains_itself_in_japanese(command):
    done = CliRunner().invoke(app, ["release", command, "--help"])
    assert done.exit_code == 0
    assert "。" in done.output
