"""A run does what there is to do, and says what it leaves out."""

from dataclasses import replace
from pathlib import Path

from assets.register import load_register
from pipelines.selection import select_delivered, select_steps
from warehouse.home import Home

REGISTER = load_register()


def _keys(selection):
    return {"/".join(key.path) for key in selection.keys}


def test_what_nobody_delivers_is_no_step_nor_is_what_stands_on_it():
    chosen = select_steps(REGISTER, {"resident_register"})
    keys = _keys(chosen)
    assert {
        f"{layer}/resident_register" for layer in ("landing", "raw", "common", "internal")
    } <= keys
    assert "open/population" in keys
    assert not any("library_users" in key or "public_facilit" in key for key in keys)
    assert REGISTER.datasets["library_users"].contract.title in chosen.absent
    assert REGISTER.datasets["resident_register"].contract.title not in chosen.absent
    assert REGISTER.releases["public_facility"].spec.title in chosen.left_out
    assert REGISTER.linkages["library_users_and_residents"].spec.title in chosen.left_out


def test_all_of_the_register_is_run_when_all_is_delivered():
    chosen = select_steps(REGISTER, set(REGISTER.datasets))
    count = 4 * len(REGISTER.datasets) + len(REGISTER.marts) + len(REGISTER.releases)
    assert len(_keys(chosen)) == count + len(REGISTER.cases) + len(REGISTER.linkages) + 1
    assert chosen.absent == chosen.left_out == []


def test_a_mart_is_left_out_when_a_mart_it_reads_is():
    first = REGISTER.marts["population_by_town"]
    on_it = replace(
        first,
        name="above",
        spec=first.spec.model_copy(update={"sources": ["mart.population_by_town"]}),
    )
    register = replace(REGISTER, marts={"above": on_it, "population_by_town": first})
    assert "mart/above" in _keys(select_steps(register, {"resident_register"}))
    assert "mart/above" not in _keys(select_steps(register, {"library_users"}))


def test_with_nothing_delivered_the_inbox_is_still_read(tmp_path):
    (tmp_path / "謎.csv").write_text("a\n")
    chosen = select_delivered(Home(tmp_path / "home"), tmp_path, REGISTER)
    # Marts without sources are made from the register alone.
    assert {key.split("/")[0] for key in _keys(chosen)} == {"landing", "mart", "portal"}


def test_a_file_in_the_inbox_or_one_received_before_is_a_delivery(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "住民記録_202605.csv").write_text("x\n")
    home = Home(tmp_path / "home")
    place = Path(home.landing / "receipts" / "library_users" / "2026")
    place.mkdir(parents=True)
    (place / "a.json").write_text(
        '{"dataset":"library_users","period":"2026","sha256":"a","names":["a"],"size":1,'
        '"modified_at":"2026","received_at":"2026","received_by":"x"}'
    )
    keys = _keys(select_delivered(home, inbox, REGISTER))
    assert {"raw/library_users", "raw/resident_register"} <= keys
    assert "raw/emergency_shelters" not in keys


def test_a_mart_that_may_miss_sources_needs_one_of_them():
    none = _keys(select_steps(REGISTER, {"public_facilities"}))
    one = _keys(select_steps(REGISTER, {"public_facilities", "library_loans"}))
    assert "mart/service_use" not in none
    assert {"mart/service_use", "mart/service_use_by_month"} <= set(one)
    assert "mart/persons" not in one
