"""Planted names, addresses and numbers: after a run they are in the vault and nowhere else.

They stand in a good row, in faulty rows, in files that are refused, in a dataset that is withheld
and in one whose step stops with an error that echoes the value.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.city import register_files
from pipelines.city.deliveries import write_inbox
from warehouse.home import Home

HEADER = "宛名番号,世帯番号,氏名,氏名カナ,生年月日,性別,続柄,町名,番地,住民となった日,異動事由コード,電話番号"
# Sorted last or first in their columns, so that the smallest and largest values are among them.
GOOD = "9977123401,9977123499,龠金糸雀 渡,ﾜﾝｶﾅﾘﾔ,1980-04-05,1,世帯主,本町三丁目,999番98号,2020-04-01,10,090-9977-9182"
FAULTS = (
    "9977123402,9977123499,亜十姉妹 一,ｱｼﾞｭｳｼﾏﾂ,カナリア暦弐年,1,世帯主,本町三丁目,999番97号,2020-04-01,10,090-9977-9183",
    "9977123403,9977123499,文鳥 二,ﾌﾞﾝﾁｮｳ,1980-04-05,紅雀,世帯主,本町三丁目,999番96号,2020-04-01,10,090-9977-9184",
    "9977123404,9977123499,錦華鳥 三,ｷﾝｶﾁｮｳ,1980-04-05,1,世帯主,本町三丁目,999番95号,2020-04-01,10,090-9977-9185,余った胡錦鳥",
    "9977123405,9977123499,鸚哥 四,ｲﾝｺ,1980-04-05,1,世帯主,本町三丁目,999番94号,2020-04-01,10,090-9977-9186",
    "9977123405,9977123499,鸚鵡 四,ｵｳﾑ,1980-04-05,1,世帯主,本町三丁目,999番93号,2020-04-01,10,090-9977-9187",
)
BROKEN = '9977123406,9977123499,梟谷 五,ﾌｸﾛｳﾀﾞﾆ,1980-04-05,1,世帯主,本町三丁目,"999番92号,2020-04-01,10,090-9977-9188'
# Without a header row the person stands where the headers are looked for; the number resembles one.
HEADLESS = "9977123407,9977123499,鷽姫 六,ｳｿﾋﾒ,1980-04-05,1,世帯主,本町三丁目,鶯91番4号,2020-04-01,10,090-9977-9189"
WITHHELD = "9977123408,鵲橋 七"
ECHOED = "9977123409,鶺鴒台 八"
MARKS = (
    "99771234", "997712", "金糸雀", "ﾜﾝｶﾅﾘﾔ", "カナリヤ", "999番9", "9977-91",
    "十姉妹", "ｼﾞｭｳｼﾏﾂ", "ジュウシマツ", "カナリア暦", "文鳥", "ﾌﾞﾝﾁｮｳ", "ブンチョウ", "紅雀",
    "錦華鳥", "胡錦鳥", "鸚哥", "鸚鵡", "梟谷", "ﾌｸﾛｳ", "鷽姫", "鶯91番", "鵲橋", "鶺鴒台",
)  # fmt: skip
CONTRACT = """\
title: {title}
description: 検査のための名簿。
owner: {{department: 福祉部 長寿社会政策課, contact: 長寿社会政策課}}
legal_basis: 検査のための架空の根拠
frequency: monthly
retention: {{years: 1, basis: 検査のため}}
source: {{file: "{title}_{{year}}{{month}}.csv", format: csv, encoding: cp932}}
key: [person_id]
history: keep_periods
columns:
  person_id: {{source: 番号, title: 番号, type: digits, length: 10, required: true, classification: 個人, role: identifier}}
  full_name: {{source: 氏名, title: 氏名, type: name, required: true, classification: 個人, role: direct_identifier}}
checks:
  - {{check: row_count, minimum: {minimum}}}
"""
TIDY = '''\
"""Fails the way careless code fails: with the row in the message, and on top of another error."""


def tidy(frame):
    try:
        return frame.with_columns(full_name=int(frame["full_name"][0]))
    except ValueError as error:
        raise RuntimeError(f"bad row {frame.rows()[0]}") from error
'''


@pytest.fixture(scope="module")
def run(tmp_path_factory, copy_register, machikane):
    """Run over the planted files and ask every command; give the home and everything printed."""
    root = tmp_path_factory.mktemp("canaries")
    register = copy_register(
        root / "register",
        (
            "city.yaml",
            "standards/*",
            "residents/*",
            "marts/population_by_town.*",
            "open_data/population.*",
        ),
    )
    _declare(register / "welfare", "care_recipients", "介護名簿", minimum=50)
    _declare(register / "welfare", "tax_payers", "納税名簿", minimum=1)
    (register / "welfare" / "tax_payers.py").write_text(TIDY, "utf-8")
    inbox = root / "inbox"
    _plant(root / "city", inbox)
    home, temporary = Home(root / "home"), root / "tmp"
    temporary.mkdir()
    options = ("--home", home.root, "--register", register)
    commands = (
        ("status", "--account", *options),
        ("quarantine", *options),
        ("release", "show", "population", *options),
    )
    approve = ("release", "approve", "population", "--approver", "市民課長", *options)
    done = [machikane(*c, TMPDIR=temporary) for c in (("run", "--inbox", inbox, *options), approve)]
    with ThreadPoolExecutor(len(commands)) as pool:
        done += pool.map(lambda command: machikane(*command, TMPDIR=temporary), commands)
    assert [d.returncode for d in done] == [1, 0, 0, 0, 0], [d.stdout + d.stderr for d in done]
    return home, temporary, "\n".join(item.stdout + item.stderr for item in done)


def test_every_planted_case_was_reached(run, query):
    """What follows proves nothing unless each file and row went the way it was planted for."""
    home, _, printed = run
    rules = query(home, "SELECT DISTINCT rule FROM secure.quarantine.resident_register")
    planted = {"row.ragged", "key.duplicate", "code.unknown"}
    assert planted <= {rule for (rule,) in rules}
    assert any(rule.startswith("date.") for (rule,) in rules)
    accounts = [
        json.loads(a)
        for (a,) in query(
            home, "SELECT account FROM secure.meta.loaded WHERE asset = 'raw/resident_register'"
        )
    ]
    refused = {a["refusal"][0] for a in accounts if a["state"] == "refused"}
    assert refused == {"encoding.broken", "header.missing"}
    unclosed = (
        "SELECT count(*) FROM secure.quarantine.resident_register WHERE contains(raw_value, '梟谷')"
    )
    assert query(home, unclosed) == [(1,)]
    assert "見送り 介護名簿" in printed
    assert "失敗 納税名簿" in printed
    assert "(RuntimeError)" in printed
    assert query(
        home,
        "SELECT count(*) FROM internal.common.resident_register WHERE birth_date = '1980-04-05'",
    ) != [(0,)]


def test_the_search_can_find_them(run, query):
    home, _, _ = run
    assert set(MARKS) - {"カナリヤ", "ジュウシマツ", "ブンチョウ"} == _found(
        home.landing / "objects"
    )
    in_vault = "SELECT count(*) FROM secure.common.resident_register t WHERE contains(t::VARCHAR, '龠金糸雀')"
    assert query(home, in_vault) == [(1,)]


def test_no_file_of_the_home_holds_one(run):
    home, temporary, _ = run
    skipped = {home.landing / "objects", home.keys}
    folders = [p for p in home.root.iterdir() if p not in skipped and p != home.landing]
    names = {p.name for p in folders}
    assert {"dagster", "reports", "portal", "candidates", "releases", "lake"} <= names
    hits = {
        folder.name: _hits(folder) for folder in [*folders, home.landing / "receipts", temporary]
    }
    assert {name: found for name, found in hits.items() if found} == {}
    assert _marks_in((home.landing / "unregistered.json").read_bytes()) == set()


def test_nothing_printed_holds_one(run):
    _, _, printed = run
    assert _marks_in(printed.encode()) == set()


def test_no_table_outside_the_vault_holds_one(run, query):
    home, _, _ = run
    tables = query(
        home,
        "SELECT database_name || '.' || schema_name || '.' || table_name FROM duckdb_tables() "
        "WHERE database_name IN ('internal', 'open')",
    )
    assert len(tables) >= 5
    for (table,) in tables:
        tests = " OR ".join(f"contains(t::VARCHAR, '{mark}')" for mark in MARKS)
        assert query(home, f"SELECT count(*) FROM {table} t WHERE {tests}") == [(0,)], table


def _declare(folder, name, title, *, minimum):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(CONTRACT.format(title=title, minimum=minimum), "utf-8")


def _plant(city, inbox):
    write_inbox(city, residents=300)
    inbox.mkdir()
    april = (city / register_files.APRIL_CORRECTED).read_bytes()
    files = {
        "住民記録_202604.csv": april + _lines(GOOD, *FAULTS),
        "住民記録_202605.csv": _lines(HEADER, BROKEN.replace('"', "")) + b"\x81\xff\r\n",
        "住民記録_202606.csv": april + _lines(BROKEN),
        "住民記録_202607.csv": _lines(HEADLESS, GOOD),
        "介護名簿_202604.csv": _lines("番号,氏名", WITHHELD),
        "納税名簿_202604.csv": _lines("番号,氏名", ECHOED),
    }
    for name, content in files.items():
        (inbox / name).write_bytes(content)


def _lines(*lines):
    return "".join(f"{line}\r\n" for line in lines).encode("cp932")


def _hits(folder):
    """Give every file under a folder that holds a mark, with the marks."""
    files = [Path(top) / name for top, _, names in os.walk(folder) for name in names]
    found = {path.relative_to(folder).as_posix(): _marks_in(path.read_bytes()) for path in files}
    return {name: marks for name, marks in found.items() if marks}


def _found(folder):
    return {mark for marks in _hits(folder).values() for mark in marks}


def _marks_in(content):
    """Find marks in bytes: as text in any of three encodings, or escaped as JSON and HTML do."""
    return {mark for mark in MARKS if any(form in content for form in _forms(mark))}


def _forms(mark):
    escaped = json.dumps(mark)[1:-1]
    return {
        *(mark.encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be", "cp932")),
        escaped.encode(),
        escaped.replace("\\", "\\\\").encode(),
        mark.encode("ascii", "xmlcharrefreplace"),
    }
