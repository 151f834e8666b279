"""From a delivered file to a proposal: what waits, why, and what would become of the contract."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.register import load_register
from tests.unit.assets.declaring import CITY, write
from tests.unit.warehouse.small_city import PEOPLE, ParsingHere, deliver
from warehouse.drift.accept import accept, draft_contract
from warehouse.drift.hold import REORDERED
from warehouse.drift.proposals import read_proposals
from warehouse.home import Home
from warehouse.lake import loaded, open_lake
from warehouse.raw import load_raw, open_waits

TOWNS = ("本町", "南町", "北町")
HEADER = ("番号", "氏名", "町名", "回数")
PEOPLE_ROWS = [
    (f"{i:03}", f"山田{chr(0x4E00 + 37 * i)}", TOWNS[i % 3], str(i % 7 + i % 5))
    for i in range(1, 61)
]
NAME = "people"


def _text(header=HEADER, rows=PEOPLE_ROWS):
    return "\n".join(",".join(line) for line in (header, *rows)) + "\n"


class _Town:
    """A home and a register of one dataset; files are delivered and loaded one after the other."""

    def __init__(self, root, con, **changes):
        self.home, self.con, self.parser = Home(root / "home"), con, ParsingHere()
        self.root, self.days = root / "register", 0
        write(self.root, "city.yaml", CITY)
        write(self.root, f"citizens/{NAME}.yaml", {**PEOPLE, **changes})

    @property
    def register(self):
        return load_register(self.root)

    @property
    def dataset(self):
        return self.register.datasets[NAME]

    def bring(self, period, text, name="f.csv"):
        self.days += 1
        deliver(self.home, NAME, period, text, name=f"{self.days}_{name}", day=self.days)
        return self.load()

    def load(self):
        return load_raw(self.con, self.home, self.dataset, self.parser)

    def states(self):
        entries = loaded(self.con, "secure", f"raw/{NAME}").values()
        return {
            (e.account["period"], str(e.account["file"])[0]): e.account["state"] for e in entries
        }

    def proposals(self):
        return read_proposals(self.home, NAME)

    def changes(self):
        return self.proposals()[0].changes

    def accept(self, only=None):
        proposal = self.proposals()[0]
        chosen = [c for c in proposal.changes if c.is_settled] if only is None else only
        draft = draft_contract(self.dataset, proposal, chosen)
        accept(self.home, self.register, self.dataset, proposal, draft)
        return draft


@pytest.fixture
def town(tmp_path):
    with open_lake(Home(tmp_path / "home"), write=["secure"]) as con:
        yield lambda **changes: _Town(tmp_path, con, **changes)


def _headers(**renamed):
    return tuple(renamed.get(name, name) for name in HEADER)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("町丁名", "同じ文字"),
        ("T1_町名", "前に「T1_」"),
        ("居住地", "同じキーの行の 100%"),
        ("町名(漢字)", "かっこ書き"),
    ],
)
def test_a_renamed_column_is_proposed_with_its_evidence_and_dates(town, new, words):
    here = town()
    here.bring("2026-04", _text())
    here.bring("2026-05", _text(_headers(町名=new)))
    assert here.states() == {("2026-04", "1"): "loaded", ("2026-05", "2"): "waiting"}
    [change] = here.changes()
    assert (change.kind, change.column, change.new, change.is_settled) == (
        "renamed",
        "town",
        new,
        True,
    )
    assert any(words in line for line in change.evidence)
    here.accept()
    source = here.dataset.contract.columns["town"].source
    assert [(n.name, n.from_, n.until) for n in source] == [
        ("町名", None, "2026-04"),
        (new, "2026-05", None),
    ]
    outcome = here.load()
    assert set(here.states().values()) == {"loaded"}
    assert outcome.account.rows_out == 2 * len(PEOPLE_ROWS)
    assert here.proposals() == []


def test_a_prefix_of_every_header_is_seen_through(town):
    here = town()
    here.bring("2026-04", _text())
    here.bring("2026-05", _text(tuple(f"ＦＯ－{name}" for name in HEADER)))
    assert {(c.column, c.new) for c in here.changes()} == {
        (name, f"FOー{old}") for name, old in zip(PEOPLE["columns"], HEADER, strict=True)
    }
    here.accept()
    here.load()
    assert set(here.states().values()) == {"loaded"}


def test_two_columns_that_could_both_be_it_are_left_to_a_person(town):
    here = town()
    here.bring("2026-04", _text())
    header = ("番号", "氏名", "町の名", "町名等", "回数")
    rows = [(*row[:3], row[2], row[3]) for row in PEOPLE_ROWS]
    here.bring("2026-05", _text(header, rows))
    assert [(c.kind, c.new, c.is_settled) for c in here.changes()] == [
        ("renamed", "町の名", False),
        ("renamed", "町名等", False),
    ]
    assert here.proposals()[0].diff == ""
    before = here.dataset.path.read_bytes()
    assert here.accept().diff == ""
    assert here.dataset.path.read_bytes() == before
    here.load()
    here.accept(only=[here.changes()[0]])
    here.load()
    assert [(c.kind, c.new) for c in here.changes()] == [("added", "町名等")]


def test_an_added_column_is_blocked_until_it_is_classified(town):
    here = town()
    here.bring("2026-04", _text())
    here.bring("2026-05", _text((*HEADER, "メモ"), [(*row, "x") for row in PEOPLE_ROWS]))
    [change] = here.changes()
    assert (change.kind, change.new) == ("added", "メモ")
    assert 'source: "メモ", title: "メモ", type: text, classification: <' in change.details["draft"]
    here.accept()
    assert "分類を決めるまで" in here.dataset.contract.source.set_aside_columns["メモ"]
    here.load()
    assert {*here.con.sql(f"FROM secure.raw.{NAME}").columns[3:]} == {*PEOPLE["columns"]}


def test_a_dropped_column_ends_with_the_last_period(town):
    here = town()
    here.bring("2026-04", _text())
    here.bring("2026-05", _text(HEADER[:3], [row[:3] for row in PEOPLE_ROWS]))
    [change] = here.changes()
    assert (change.kind, change.column, change.is_settled) == ("dropped", "visit_count", True)
    here.accept()
    here.load()
    filled = here.con.sql(
        f"SELECT _period, count(visit_count) FROM secure.raw.{NAME} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert filled == [("2026-04", len(PEOPLE_ROWS)), ("2026-05", 0)]


def test_without_a_column_that_rows_need_the_file_is_refused(town):
    here = town()
    here.bring("2026-04", _text())
    here.bring("2026-05", _text(HEADER[1:], [row[1:] for row in PEOPLE_ROWS]))
    assert here.states()["2026-05", "2"] == "refused"
    assert here.proposals() == []


def test_a_header_that_moved_down_gets_a_layout_of_its_own(town):
    here = town()
    here.bring("2026-04", _text())
    here.bring("2026-05", "利用者の一覧\n令和8年5月1日現在\n\n" + _text())
    [change] = here.changes()
    assert (change.kind, change.details["header_rows"]) == ("header_moved", [4, 4])
    here.accept()
    here.load()
    assert set(here.states().values()) == {"loaded"}


def test_a_unit_that_grew_is_multiplied_and_not_taken_for_a_name(town):
    columns = {
        **PEOPLE["columns"],
        "visit_count": {**PEOPLE["columns"]["visit_count"], "source": "費用(円)", "unit": "円"},
    }
    here = town(columns=columns)
    yen = [(*row[:3], f"{row[3]}000") for row in PEOPLE_ROWS]
    here.bring("2026-04", _text((*HEADER[:3], "費用(円)"), yen))
    here.bring("2026-05", _text((*HEADER[:3], "費用(千円)")))
    [change] = here.changes()
    assert (change.kind, change.details["multiplier"], change.is_settled) == (
        "unit_changed",
        1000,
        True,
    )
    here.accept()
    then = here.dataset.contract.in_period("2026-05").columns["visit_count"]
    now = here.dataset.contract.in_period("2026-04").columns["visit_count"]
    assert (now.multiplier, then.multiplier) == (1, 1000)
    here.load()
    assert set(here.states().values()) == {"loaded"}


def test_everything_that_changed_at_once_is_one_proposal(town):
    columns = {
        **PEOPLE["columns"],
        "town": {**PEOPLE["columns"]["town"], "type": "code", "labels": dict.fromkeys(TOWNS, "町")},
    }
    here = town(columns=columns)
    here.bring("2026-04", _text())
    rows = [
        (*row[:2], "東町" if n < 5 else row[2], row[3], "x") for n, row in enumerate(PEOPLE_ROWS)
    ]
    here.bring("2026-05", _text(("番号", "氏　名", "町丁名", "回 数", "備考"), rows))
    assert [c.kind for c in here.changes()] == ["renamed", "added", "codes_grown"]
    assert not here.changes()[2].is_settled  # 東町 is not built like a code of persons


def test_an_older_file_that_waits_is_not_forgotten(town):
    here = town()
    here.bring("2026-04", _text())
    here.bring("2026-05", _text(_headers(町名="町丁名")))
    here.bring("2026-06", _text(_headers(町名="町丁名")))
    here.bring("2026-07", _text())
    assert [*here.states().values()].count("waiting") == 2
    entries = loaded(here.con, "secure", f"raw/{NAME}").values()
    assert [e.account["period"] for e in open_waits(entries)] == ["2026-05", "2026-06"]
    assert [p.validity.period for p in here.proposals()] == ["2026-05", "2026-06"]
    here.accept()
    here.load()
    assert here.states()["2026-05", "2"] == "loaded"
    [left] = here.proposals()
    assert (left.validity.period, left.validity.after) == ("2026-06", "2026-07")
    here.accept()
    here.load()
    assert set(here.states().values()) == {"loaded"}


def test_a_late_file_of_an_earlier_period_dates_the_other_way(town):
    here = town()
    here.bring("2026-04", _text())
    here.bring("2026-03", _text(_headers(町名="町丁名")))
    here.accept()
    source = here.dataset.contract.columns["town"].source
    assert [(n.name, n.from_, n.until) for n in source] == [
        ("町名", "2026-04", None),
        ("町丁名", None, "2026-03"),
    ]
    here.load()
    assert set(here.states().values()) == {"loaded"}


@pytest.mark.parametrize("period", ["-", "2026-04"])
def test_where_periods_cannot_part_them_names_stand_side_by_side(town, period):
    here = town()
    here.bring(period, _text())
    here.bring(period, _text(_headers(町名="町丁名"), PEOPLE_ROWS[1:]))
    here.accept()
    names = [n.name for n in here.dataset.contract.columns["town"].source]
    assert names == ["町名", "町丁名"]
    assert all(n.until is None for n in here.dataset.contract.columns["town"].source)
    here.load()
    assert set(here.states().values()) == {"loaded"}


def test_a_consent_lets_a_file_be_loaded_as_it_is(town):
    here = town()
    here.bring("2026-04", _text())
    rows = [(*row[:3], f"{row[3]}回") for row in PEOPLE_ROWS]
    here.bring("2026-05", _text(rows=rows))
    [change] = here.changes()
    assert change.kind == "retyped"
    before = here.dataset.path.read_bytes()
    assert here.accept().diff == ""
    assert here.dataset.path.read_bytes() == before
    here.load()
    assert set(here.states().values()) == {"loaded"}
    assert not here.load().changed


def test_a_proposal_that_was_lost_is_made_again(town):
    here = town()
    here.bring("2026-04", _text())
    here.bring("2026-05", _text(_headers(町名="町丁名")))
    kept = here.proposals()
    for path in (here.home.drift / NAME).glob("*.json"):
        path.unlink()
    here.load()
    assert [p.changes for p in here.proposals()] == [p.changes for p in kept]


def test_no_value_of_a_row_is_in_what_is_kept_or_said(town):
    here = town()
    here.bring("2026-04", _text())
    outcome = here.bring("2026-05", _text(_headers(氏名="お客様", 町名="居住地")))
    kept = here.proposals()[0].as_json() + "".join(outcome.account.notes)
    assert [c.column for c in here.changes()] == ["full_name", "town"]
    assert not [row[1] for row in PEOPLE_ROWS if row[1] in kept]
    assert not re.search("本町|南町|北町", kept)


def test_another_file_of_the_period_before_it_means_a_new_look(town):
    here = town()
    here.bring("2026-04", _text())
    here.bring("2026-06", _text(_headers(町名="町丁名")))
    here.bring("2026-05", _text())
    [proposal] = here.proposals()
    assert proposal.validity.before == "2026-05"
    assert 'until: "2026-05"' in proposal.diff
    assert not here.load().changed


def test_another_order_is_noted_once_when_the_file_is_loaded(town):
    here = town()
    here.bring("2026-04", _text())
    text = _text(HEADER[::-1], [row[::-1] for row in PEOPLE_ROWS])
    assert here.bring("2026-05", text).account.notes == (REORDERED,)
    assert here.load().account.notes == ()


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(range(len(HEADER))))
def test_another_order_is_only_noted(town, order):
    here = town()
    here.bring("2026-04", _text())
    rows = [tuple(row[i] for i in order) for row in PEOPLE_ROWS]
    header = tuple(HEADER[i] for i in order)
    outcome = here.bring("2026-05", _text(header, rows))
    assert set(here.states().values()) == {"loaded"}
    assert set(outcome.account.notes) <= {REORDERED}
    assert here.proposals() == []
