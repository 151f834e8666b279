"""Every delivery is parsed once; which of them is current depends on their own time alone."""

import pytest

from tests.unit.warehouse.small_city import deliver, make_dataset, people
from tests.unit.warehouse.stages import table
from warehouse.home import Home
from warehouse.lake import Loaded, loaded, open_lake, snapshot_id
from warehouse.landing import receipts
from warehouse.raw import current_deliveries, load_raw, open_refusals


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("raw"))


@pytest.fixture(scope="module")
def con(home):
    with open_lake(home, write=["secure"]) as opened:
        yield opened


def _entries(con, name):
    return loaded(con, "secure", f"raw/{name}")


def _entry(period, modified_at, *, file="f", delivery="", state="loaded"):
    about = {"period": period, "modified_at": modified_at, "file": file, "state": state}
    return Loaded("raw/x", delivery or f"{period}{modified_at}{file}", "print", about)


def test_rows_are_kept_as_text_with_their_address_and_account(con, home, parser):
    text = people("001,甲,本町,1", "002,乙", "003,丙,南町,x", "")
    receipt = deliver(home, "kept", "2026-04", text, name="利用者_202604.csv")
    outcome = load_raw(con, home, make_dataset("kept"), parser)
    assert (outcome.asset, outcome.changed) == ("raw/kept", True)
    account = outcome.account
    assert (account.rows_in, account.rows_out, account.quarantined) == (5, 2, 1)
    assert account.closes
    assert table(con, "secure.raw.kept").rows() == [
        (receipt.delivery, "2026-04", 2, "001", "甲", "本町", "1"),
        (receipt.delivery, "2026-04", 4, "003", "丙", "南町", "x"),
    ]
    ragged = table(con, "secure.ragged.kept")
    assert ragged.select("_period", "_row", "raw_value", "rule").rows() == [
        ("2026-04", 3, "002,乙", "row.ragged")
    ]
    about = _entries(con, "kept")[receipt.delivery].account
    assert (about["file"], about["encoding"]) == ("利用者_202604.csv", "utf-8")
    assert about["letters"] == {
        "person_id": "A", "full_name": "B", "town": "C", "visit_count": "D",
    }  # fmt: skip
    noted = receipts(home, "kept")[0]
    assert (noted.encoding, noted.delivery) == ("utf-8", receipt.delivery)
    assert "UTF-8" in noted.proof


def test_user_defined_letters_are_kept_and_said(con, home, parser):
    text = people("001,\ue000山,本町,1")
    deliver(home, "gaiji", "2026-04", text, name="利用者_202604.csv")
    account = load_raw(con, home, make_dataset("gaiji"), parser).account
    assert table(con, "secure.raw.gaiji")["full_name"].to_list() == ["\ue000山"]
    assert any("外字が 1 字" in note for note in account.notes)


def test_parsed_rows_do_not_stay_in_the_workplace(con, home, parser):
    home.work.mkdir(exist_ok=True)
    (home.work / "left by a killed run.parquet").write_bytes(b"x")
    deliver(home, "swept", "2026-04", people("001,甲,本町,1"), name="f")
    load_raw(con, home, make_dataset("swept"), parser)
    assert not home.work.exists()


def test_nothing_new_does_nothing(con, home, parser):
    dataset = make_dataset("calm")
    deliver(home, "calm", "2026-04", people("001,甲,本町,1"), name="a")
    first = load_raw(con, home, dataset, parser)
    before = snapshot_id(con, "secure")
    again = load_raw(con, home, dataset, parser)
    deliver(home, "calm", "2026-04", people("001,甲,本町,1"), name="再送")
    resent = load_raw(con, home, dataset, parser)
    assert snapshot_id(con, "secure") == before
    assert parser.parsed == 1
    assert (again.changed, resent.changed) == (False, False)
    assert again.account == first.account == resent.account
    assert again.data_version == first.data_version == resent.data_version


def test_only_new_deliveries_are_parsed(con, home, parser):
    dataset = make_dataset("more")
    for month in ("04", "05"):
        deliver(home, "more", f"2026-{month}", people(f"0{month},甲,本町,1"), name=month)
        assert load_raw(con, home, dataset, parser).changed
    assert parser.parsed == 2
    assert table(con, "secure.raw.more")["person_id"].to_list() in (["004", "005"], ["005", "004"])


def test_a_changed_contract_parses_everything_again(con, home, parser):
    for month in ("04", "05"):
        deliver(home, "again", f"2026-{month}", people(f"0{month},甲,本町,1"), name=month)
    first = load_raw(con, home, make_dataset("again"), parser)
    fewer = make_dataset("again")
    columns = fewer.contract.model_dump(by_alias=True)["columns"]
    del columns["town"]
    source = {
        "file": "f", "format": "csv", "encoding": "utf-8", "set_aside_columns": {"町名": "不要"},
    }  # fmt: skip
    second = load_raw(con, home, make_dataset("again", columns=columns, source=source), parser)
    assert parser.parsed == 4
    assert second.changed
    assert second.data_version != first.data_version
    assert "town" not in table(con, "secure.raw.again").columns
    assert second.account.rows_out == 2


def test_one_file_sent_for_two_months_is_rows_of_both(con, home, parser):
    for month in ("04", "05"):
        deliver(home, "twice", f"2026-{month}", people("001,甲,本町,1"), name=month)
    load_raw(con, home, make_dataset("twice"), parser)
    assert table(con, "secure.raw.twice")["_period"].sort().to_list() == ["2026-04", "2026-05"]


def test_a_file_that_cannot_be_read_is_on_record_and_the_others_go_on(con, home, parser):
    deliver(home, "bad", "2026-04", people("001,甲,本町,1"), name="good")
    bad = deliver(home, "bad", "2026-05", "氏名,町名\n甲,本町\n", name="bad")
    outcome = load_raw(con, home, make_dataset("bad"), parser)
    about = _entries(con, "bad")[bad.delivery].account
    assert about["state"] == "refused"
    assert about["refusal"][0] == "header.missing"
    assert outcome.account.rows_out == 1
    assert any("番号" in note and "直し方" in note for note in outcome.account.notes)
    assert [e.account["period"] for e in current_deliveries(make_dataset("bad"), _entries(con, "bad").values())] == ["2026-04"]  # fmt: skip
    assert not load_raw(con, home, make_dataset("bad"), parser).changed


def test_a_receipt_taken_back_takes_its_rows_with_it(con, home, parser):
    dataset = make_dataset("back")
    deliver(home, "back", "2026-04", people("001,甲,本町,1", "002"), name="a")
    gone = deliver(home, "back", "2026-05", people("009,乙,南町,1", "008"), name="b")
    load_raw(con, home, dataset, parser)
    next((home.landing / "receipts" / "back" / "2026-05").glob("*.json")).unlink()
    outcome = load_raw(con, home, dataset, parser)
    assert outcome.changed
    assert outcome.account.rows_out == 1
    assert gone.delivery not in _entries(con, "back")
    for name in ("raw", "ragged"):
        assert set(table(con, f"secure.{name}.back")["_period"]) == {"2026-04"}


def test_when_every_receipt_is_gone_no_row_stays(con, home, parser):
    dataset = make_dataset("none")
    deliver(home, "none", "2026-04", people("001,甲,本町,1", "002"), name="a")
    load_raw(con, home, dataset, parser)
    for path in (home.landing / "receipts" / "none").rglob("*.json"):
        path.unlink()
    assert receipts(home, "none") == []
    assert load_raw(con, home, dataset, parser).account.rows_out == 0
    assert table(con, "secure.raw.none").is_empty()
    assert table(con, "secure.ragged.none").is_empty()


def test_a_dataset_nobody_delivered_is_quiet(con, home, parser):
    outcome = load_raw(con, home, make_dataset("quiet"), parser)
    assert (outcome.changed, outcome.account.rows_in) == (False, 0)


def test_the_newest_delivery_of_each_period_is_current():
    entries = [
        _entry("2026-05", "2026-05-01T00:00:00+00:00"),
        _entry("2026-04", "2026-04-09T00:00:00+00:00"),
        _entry("2026-04", "2026-04-09T00:00:00.500000+00:00", file="g"),
        _entry("2026-04", "2026-04-01T00:00:00+00:00"),
    ]
    for order in (entries, entries[::-1]):
        found = current_deliveries(make_dataset(), order)
        assert [(e.account["period"], e.account["file"]) for e in found] == [
            ("2026-04", "g"),
            ("2026-05", "f"),
        ]


def test_a_refused_newest_delivery_keeps_the_older_one_current():
    entries = [_entry("2026-04", "1"), _entry("2026-04", "2", state="refused")]
    assert [e.account["modified_at"] for e in current_deliveries(make_dataset(), entries)] == ["1"]


def test_deliveries_of_one_moment_and_name_are_chosen_by_their_bytes():
    entries = [_entry("2026-04", "1", delivery=d) for d in ("b", "c", "a")]
    for order in (entries, entries[::-1]):
        assert [e.delivery for e in current_deliveries(make_dataset(), order)] == ["c"]


def test_of_a_latest_only_dataset_the_newest_period_is_all_there_is():
    dataset = make_dataset(history="latest_only")
    entries = [_entry("2026-04", "9"), _entry("2026-05", "1"), _entry("2026-05", "2", file="g")]
    found = current_deliveries(dataset, entries)
    assert [(e.account["period"], e.account["modified_at"]) for e in found] == [("2026-05", "2")]
    assert current_deliveries(dataset, []) == []


def test_a_department_can_go_back_to_an_earlier_file_by_sending_it_again(con, home, parser):
    dataset = make_dataset("return")
    first = deliver(home, "return", "2026-04", people("001,甲,本町,1"), name="a", day=1)
    second = deliver(home, "return", "2026-04", people("001,甲,本町,2"), name="b", day=2)
    load_raw(con, home, dataset, parser)
    current = current_deliveries(dataset, _entries(con, "return").values())
    assert [e.delivery for e in current] == [second.delivery]
    deliver(home, "return", "2026-04", people("001,甲,本町,1"), name="a", day=3)
    load_raw(con, home, dataset, parser)
    current = current_deliveries(dataset, _entries(con, "return").values())
    assert [e.delivery for e in current] == [first.delivery]
    assert table(con, "secure.raw.return").height == 2


def test_a_refusal_is_settled_by_a_readable_file_of_its_period_that_is_newer():
    bad_april, bad_may = (
        _entry("2026-04", "2", state="refused"),
        _entry("2026-05", "1", state="refused"),
    )
    assert open_refusals([bad_may, bad_april]) == [bad_may, bad_april]
    older, newer = _entry("2026-04", "1"), _entry("2026-04", "3")
    assert open_refusals([bad_april, older]) == [bad_april]
    assert open_refusals([bad_april, bad_may, newer]) == [bad_may]


def test_the_note_of_a_settled_refusal_is_not_repeated(con, home, parser):
    dataset = make_dataset("settled")
    deliver(home, "settled", "2026-04", "番号\n001\n", name="bad", day=1)
    assert load_raw(con, home, dataset, parser).account.notes
    deliver(home, "settled", "2026-04", people("001,甲,本町,1"), name="good", day=2)
    assert load_raw(con, home, dataset, parser).account.notes == ()
