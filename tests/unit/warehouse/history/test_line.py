"""Files brought in different orders through the real line leave the same tables behind."""

import shutil

import pytest

from tests.unit.warehouse.small_city import ParsingHere, deliver, make_dataset, people
from tests.unit.warehouse.stages import bring_up, table
from warehouse.history import layout
from warehouse.history.as_of import history_macros, state
from warehouse.history.names import day_of
from warehouse.home import Home
from warehouse.lake import open_lake

STATES = {
    "2026-04": ("001,甲,本町,1", "002,乙,本町,2", "003,丙,本町,3"),
    "2026-05": ("001,甲,南町,1", "002,乙山,本町,2", "004,丁,本町,4"),
    "2026-06": ("001,甲,南町,1", "002,乙山,本町,2", "003,丙,本町,3"),
    "2026-07": ("001,甲,本町,1", "002,乙山,本町,2", "003,丙,本町,3", "004,丁,本町,5"),
}
CHANGES = {
    "2026-04": ("001,1,甲,2026-03-01,転入", "002,1,乙,2026-03-15,転入"),
    "2026-05": (
        "001,2,甲,2026-05-10,転出",
        "002,9,乙,2026-04-20,転居",
        "002,10,乙,2026-04-20,転居",
    ),
    "2026-06": ("001,3,甲,2026-06-01,転入", "002,9,乙,2026-04-21,訂正", "003,1,丙,2026-04-02,出生"),
}
HEADER = "番号,履歴番号,氏名,異動日,異動事由"


def change_dataset(name):
    base = make_dataset(name).contract.model_dump(by_alias=True)
    kept = {n: base["columns"][n] for n in ("person_id", "full_name")}
    plain = {"title": "x", "classification": "個人", "role": "attribute"}
    columns = {
        **kept,
        "change_number": {**plain, "source": "履歴番号", "type": "integer", "required": True},
        "change_date": {**plain, "source": "異動日", "type": "date", "required": True},
        "reason": {**plain, "source": "異動事由", "type": "text"},
    }
    history = {
        "kind": "changes", "subject": ["person_id"], "effective": "change_date",
        "number": "change_number", "ends": {"reason": ["転出"]},
    }  # fmt: skip
    key = ["person_id", "change_number"]
    return make_dataset(name, columns=columns, history=history, key=key)


def changes(*rows):
    return "\n".join([HEADER, *rows]) + "\n"


class Line:
    """One home and one dataset: files come, files are taken back, runs are made between."""

    def __init__(self, root, dataset, text, keys=None):
        self.home, self.dataset, self.text = Home(root), dataset, text
        self.brought = 0
        if keys:
            shutil.copytree(keys, self.home.keys)

    def __enter__(self):
        self.opened = open_lake(self.home, write=["secure", "internal"])
        self.con = self.opened.__enter__()
        return self

    def __exit__(self, *error):
        return self.opened.__exit__(*error)

    def bring(self, *files):
        for period, rows in files:
            self.brought += 1
            text, name = self.text(*rows), f"{self.brought}.csv"
            deliver(self.home, self.dataset.name, period, text, name=name, day=self.brought)
        return self.run()

    def lose(self, period, rows):
        folder = self.home.landing / "receipts" / self.dataset.name / period
        size = len(self.text(*rows).encode())
        next(p for p in folder.glob("*.json") if f'"size": {size},' in p.read_text()).unlink()
        return self.run()

    def run(self):
        outcomes = bring_up(self.con, self.home, self.dataset, ParsingHere())
        assert all(outcome.account.closes for outcome in outcomes)
        return outcomes

    def content(self):
        return [
            table(self.con, f"{zone}.{name}").rows()
            for zone in ("secure", "internal")
            for name in (f"common.{self.dataset.name}", "meta.periods", "meta.histories")
        ]


def _in_order(line, told):
    for item in told.items():
        line.bring(item)


def _at_once(line, told):
    line.bring(*told.items())


def _any_which_way(line, told):
    """A file too many, one corrected, one that comes late, one taken back."""
    first, middle, *others = told.items()
    wrong = others[0][1][:1]
    line.bring(("2026-03", wrong), first, *others, ("2026-09", wrong))
    line.lose("2026-03", wrong)
    line.bring((middle[0], wrong))
    line.bring(middle)
    line.lose("2026-09", wrong)


@pytest.fixture(scope="module", params=["snapshots", "changes"])
def expected(request, tmp_path_factory):
    """The tables after files that came in order, one run each."""
    made = {
        "snapshots": (make_dataset("people", history="snapshots"), people, STATES),
        "changes": (change_dataset("people"), changes, CHANGES),
    }
    dataset, text, told = made[request.param]
    with Line(tmp_path_factory.mktemp("in_order"), dataset, text) as line:
        _in_order(line, told)
        yield line, told, line.content()


@pytest.mark.parametrize("bring", [_at_once, _any_which_way])
def test_the_order_of_arrival_leaves_no_trace(bring, expected, tmp_path):
    first, told, content = expected
    with Line(tmp_path / "home", first.dataset, first.text, first.home.keys) as line:
        bring(line, told)
        assert line.content() == content


def test_intervals_say_what_was_true_when(expected):
    line, told, _ = expected
    if told is STATES:
        for period, rows in told.items():
            found = state(line.con, "secure.people", day_of(period)).fetchall()
            assert sorted((r[3], r[4], r[5]) for r in found) == sorted(
                tuple(row.split(",")[:3]) for row in rows
            )
        assert len(table(line.con, "secure.common.people")) == 9
        # A name is not in the internal zone, so that its change leaves one row.
        assert len(table(line.con, "internal.common.people")) == 8
        return
    columns = "person_id", "change_number", "_valid_from", "_valid_to"
    rows = table(line.con, "secure.common.people").select(columns).sort(columns).rows()
    assert [(a, b, str(c), str(d)) for a, b, c, d in rows] == [
        ("001", 1, "2026-03-01", "2026-05-10"),
        ("001", 2, "2026-05-10", "2026-05-10"),
        ("001", 3, "2026-06-01", "9999-12-31"),
        ("002", 1, "2026-03-15", "2026-04-20"),
        ("002", 9, "2026-04-20", "2026-04-20"),
        ("002", 9, "2026-04-21", "9999-12-31"),
        ("002", 10, "2026-04-20", "2026-04-21"),
        ("003", 1, "2026-04-02", "9999-12-31"),
    ]


def test_changes_between_two_days_are_told(expected):
    line, told, _ = expected
    for statement in history_macros(line.con, "secure"):
        line.con.sql(statement)
    changed = "FROM changes_of_people('2026-04-01', '2026-05-01')"
    if told is STATES:
        found = line.con.sql(
            f"SELECT _change, person_id, town, _before.town {changed} ORDER BY ALL"
        )
        assert found.fetchall() == [
            ("began", "004", "本町", None),
            ("changed", "001", "南町", "本町"),
            ("changed", "002", "本町", "本町"),
            ("ended", "003", "本町", None),
        ]
    else:
        found = line.con.sql(
            f"SELECT _change, person_id, reason, _before.reason {changed} ORDER BY ALL"
        )
        assert found.fetchall() == [
            ("began", "003", "出生", None),
            ("changed", "002", "訂正", "転入"),
        ]
    count = "SELECT count(*) FROM as_of_people('2026-05-20')"
    assert line.con.sql(count).fetchall() == [(3 if told is STATES else 2,)]


def test_a_month_adds_no_row_for_what_stays(tmp_path):
    dataset = make_dataset("people", history="snapshots")
    rows = tuple(f"{n:03},甲,本町,{n}" for n in range(1, 30))
    later = (*rows[1:], "090,乙,本町,1")
    with Line(tmp_path / "home", dataset, people) as line:
        line.bring(("2026-04", rows))
        *_, common, internal = line.bring(("2026-05", rows), ("2026-06", later))
        assert common.account.rows_out == internal.account.rows_out == 29 * 3
        for zone in ("secure", "internal"):
            assert len(table(line.con, f"{zone}.common.people")) == 30


@pytest.mark.slow
@pytest.mark.parametrize(("files", "small", "removed"), [(0, 2.0, 9.0), (99, 0.0, 0.0)])
def test_files_written_anew_hold_the_same_rows(
    *, expected, tmp_path, monkeypatch, files, small, removed
):
    first, told, content = expected
    for name, value in (("_FILES", files), ("_SMALL", small), ("_REMOVED", removed)):
        monkeypatch.setattr(f"warehouse.history.layout.{name}", value)
    written = []
    write = layout._write_anew
    monkeypatch.setattr(
        layout, "_write_anew", lambda con, *which: (written.append(which), write(con, *which))
    )
    with Line(tmp_path / "home", first.dataset, first.text, first.home.keys) as line:
        _in_order(line, told)
        assert line.content() == content
    # In the few changes every row of the first file is replaced: no file keeps removed rows.
    if told is STATES or files == 0:
        tables = {table for table, _ in written}
        assert tables == {"secure.common.people", "internal.common.people"}
