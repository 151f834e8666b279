"""The demonstration, held against what its city truly is."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from pipelines.city import childcare_files, facility_files, register_files
from pipelines.city.deliveries import DELIVERED_AT
from pipelines.city.faults import (
    BLANK_BIRTH_DATE,
    DUPLICATE_KEY,
    IMPOSSIBLE_DATE,
    UNKNOWN_SEX,
    WRONG_LENGTH,
)
from pipelines.commands.report import STAGES
from warehouse.landing import bytes_of, hash_file, receipts

# kind of fault → the rule and column it must be refused by, and rows a fault
RULES = {
    IMPOSSIBLE_DATE: ("date.impossible", "birth_date", 1),
    BLANK_BIRTH_DATE: ("required.blank", "birth_date", 1),
    UNKNOWN_SEX: ("code.unknown", "sex_code", 1),
    WRONG_LENGTH: ("digits.length", "resident_id", 1),
    DUPLICATE_KEY: ("key.duplicate", "resident_id", 2),
}
SUPERSEDED = {register_files.APRIL}
TRUE_CAPACITY = 2328


@pytest.fixture(scope="module")
def current_files(demo):
    return {name: file for name, file in demo.truth.files.items() if name not in SUPERSEDED}


def test_it_ends_well_and_says_so_in_japanese(demo):
    assert demo.done.returncode == 0, demo.done.stdout + demo.done.stderr
    assert "行の収支: すべて閉じています" in demo.done.stdout
    assert demo.done.stderr == ""


def test_every_stage_is_in_the_summary_with_its_counts(demo, current_files):
    rows = {name: _cells(demo.done.stdout, name) for _, name, _ in STAGES}
    files = len(DELIVERED_AT)
    raw = sum(file.rows for file in demo.truth.files.values())
    bad = sum(_expected_rules(file.faults).total() for file in current_files.values())
    given = sum(file.rows for file in current_files.values())
    assert rows["収集"][1:5] == [f"{files} ファイル", f"{files - 1} ファイル", "0", "1"]
    assert rows["読み取り"][2] == f"{raw:,} 行"
    assert rows["共通の形"][1:4] == [f"{given:,} 行", f"{given - bad:,} 行", f"{bad:,}"]
    assert rows["仮名化"][1:4] == [f"{given - bad:,} 行", f"{given - bad:,} 行", "0"]
    assert all(cells[2] for cells in rows.values())


def test_every_account_closes(demo, steps):
    made = steps(demo.home)
    by_row = [
        s for a, s in made.items() if a.startswith(("landing", "raw/", "common/", "internal/"))
    ]
    assert len(by_row) == 1 + 3 * len({a for a in made if a.startswith("raw/")})
    for step in by_row:
        account = step.account
        aside = sum(account.set_aside.values())
        assert account.rows_in == account.rows_out + account.quarantined + aside, step.asset
    assert {step.status for step in made.values()} <= {"成功", "変更なし"}


def test_rows_pass_from_step_to_step_without_loss(demo, steps, query):
    made = steps(demo.home)
    names = [asset.split("/")[1] for asset in made if asset.startswith("raw/")]
    for name in names:
        taken, passed = made[f"common/{name}"].account, made[f"internal/{name}"].account
        assert passed.rows_in == taken.rows_out == passed.rows_out
        for zone in ("internal", "secure"):
            held = f"{zone}.common.{name}"
            if name == "resident_register":  # kept as intervals: a row counts in every period
                held += (
                    " JOIN internal.meta.periods AS p ON p.dataset = 'resident_register' "
                    "AND _valid_from <= p.day AND p.day < _valid_to"
                )
            assert query(demo.home, f"SELECT count(*) FROM {held}") == [(taken.rows_out,)]


def test_quarantine_is_what_was_spoiled_and_nothing_else(demo, current_files, query):
    found = query(
        demo.home,
        'SELECT file, rule, "column", count(*) FROM secure.quarantine.resident_register GROUP BY ALL',
    )
    expected = {
        (name, *rule): count
        for name, file in current_files.items()
        for rule, count in _expected_rules(file.faults).items()
    }
    assert expected
    assert {(file, rule, column): count for file, rule, column, count in found} == expected


def test_nothing_else_is_quarantined(demo, steps, query):
    names = [a.split("/")[1] for a in steps(demo.home) if a.startswith("raw/")]
    others = [name for name in names if name != "resident_register"]
    with_rows = {
        name
        for name in others
        if steps(demo.home)[f"common/{name}"].account.rows_in
        and query(demo.home, f"SELECT count(*) FROM secure.quarantine.{name}") != [(0,)]
    }
    assert len(others) >= 5
    assert with_rows == set()


def test_every_quarantined_value_names_its_cell_and_the_remedy(demo, query):
    blank = query(
        demo.home,
        "SELECT count(*) FROM secure.quarantine.resident_register "
        "WHERE coalesce(cell, '') = '' OR coalesce(rule_title, '') = '' OR coalesce(remedy, '') = ''",
    )
    assert blank == [(0,)]


def test_full_width_digits_are_right_and_counted(demo, query):
    wide = demo.truth.files[register_files.MAY].wide_digits["resident_id"]
    found = query(
        demo.home,
        "SELECT account FROM secure.meta.loaded WHERE asset = 'common/resident_register' "
        "AND (account->>'period') = '2026-05'",
    )
    assert wide > 0
    assert [json.loads(a)["rules"]["resident_id"]["digits.fullwidth"] for (a,) in found] == [wide]
    told = query(
        demo.home,
        "SELECT count(*) FROM secure.verdict.resident_register WHERE rule = 'digits.fullwidth'",
    )
    assert told == [(0,)]


def test_the_broken_file_is_refused_by_name(demo, query):
    broken = demo.truth.broken[0]
    assert broken == childcare_files.MAY_BROKEN
    lines = demo.done.stdout.splitlines()
    line = next(number for number, text in enumerate(lines) if "壊れて" in text)
    assert lines[line + 1].strip() == f"場所: {broken}"
    assert lines[line + 2].strip().startswith("直し方: ")
    states = query(
        demo.home,
        "SELECT account->>'file', account->>'state', account->'refusal'->>0 FROM secure.meta.loaded "
        "WHERE asset = 'raw/childcare_enrolment' ORDER BY 1",
    )
    assert states == [
        (childcare_files.APRIL, "loaded", None),
        (broken, "refused", "zip.broken"),
    ]


def test_the_second_copy_counts_once(demo, query):
    (copy, original), *rest = demo.truth.same_bytes.items()
    assert rest == []
    assert (demo.inbox / copy).read_bytes() == (demo.inbox / original).read_bytes()
    [receipt] = receipts(demo.home, "public_facilities")
    assert set(receipt.names) == {original, copy}
    assert query(demo.home, "SELECT count(*) FROM secure.raw.public_facilities") == [
        (demo.truth.files[facility_files.FACILITIES].rows,)
    ]


def test_the_correction_supersedes_and_both_stay_readable(demo, query):
    kept = {r.name: r for r in receipts(demo.home, "resident_register")}
    for name in (register_files.APRIL, register_files.APRIL_CORRECTED):
        path = bytes_of(demo.home, kept[name])
        assert path.read_bytes() == (demo.inbox / name).read_bytes()
        assert hash_file(path) == kept[name].sha256
    raw = dict(
        query(demo.home, "SELECT _delivery, count(*) FROM secure.raw.resident_register GROUP BY 1")
    )
    assert raw == {kept[n].delivery: f.rows for n, f in demo.truth.files.items() if n in kept}
    taken = query(
        demo.home,
        "SELECT period, delivery FROM internal.meta.periods "
        "WHERE dataset = 'resident_register' ORDER BY 1",
    )
    assert taken == [
        ("2026-04", kept[register_files.APRIL_CORRECTED].delivery),
        ("2026-05", kept[register_files.MAY].delivery),
    ]


def test_the_declared_correction_mends_the_capacity(demo, query):
    assert demo.truth.childcare_capacity == TRUE_CAPACITY
    capacity = (
        "SELECT sum(capacity) FROM internal.common.childcare_enrolment WHERE _period = '2026-04'"
    )
    assert query(demo.home, capacity) == [(TRUE_CAPACITY,)]
    as_typed = "SELECT capacity FROM secure.raw.childcare_enrolment WHERE facility_name = '{}'"
    typed = query(demo.home, as_typed.format(childcare_files.MISTYPED_FACILITY))
    assert typed == [(str(childcare_files.MISTYPED_CAPACITY),)]


def test_rows_that_are_not_data_are_set_aside_for_the_reasons_of_the_contract(demo, query):
    told = demo.truth.files[childcare_files.APRIL].set_aside
    [(account,)] = query(
        demo.home,
        "SELECT account FROM secure.meta.loaded WHERE asset = 'raw/childcare_enrolment' "
        'AND account LIKE \'%"state": "loaded"%\'',
    )
    found = json.loads(account)["set_aside"]
    assert {reason: found[reason] for reason in told} == told
    assert set(found) - set(told) == {"表題", "見出し", "単位"}


def test_no_pseudonymised_table_holds_a_direct_identifier(demo, query):
    columns = query(demo.home, "DESCRIBE FROM internal.common.resident_register")
    names = {row[0] for row in columns}
    assert names.isdisjoint({"full_name", "full_name_kana", "block", "phone"})
    shared = query(
        demo.home,
        "SELECT count(*) FROM internal.common.resident_register i JOIN secure.common.resident_register s "
        "ON i.resident_id = s.resident_id OR i.household_id = s.household_id",
    )
    assert shared == [(0,)]


def test_it_runs_where_no_network_exists(demo, closed_network, machikane):
    if not demo.is_closed:
        pytest.skip("このシステムでは unshare -rn が許されていない")
    assert demo.done.returncode == 0
    assert (demo.home.reports / "cases" / "online_procedures.html").is_file()
    assert machikane("check", prefix=closed_network).returncode == 0


def _expected_rules(faults):
    """Count the quarantine entries that a file's faults must give, by rule and column."""
    expected = Counter()
    for kind, count in faults.items():
        rule, column, rows = RULES[kind]
        expected[rule, column] += count * rows
    return expected


def _cells(printed, stage):
    line = next(line for line in printed.splitlines() if line.startswith(f"│ {stage} "))
    return [cell.strip() for cell in line.strip("│").split("│")]
