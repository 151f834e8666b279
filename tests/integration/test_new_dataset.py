"""A new dataset is one YAML: dropped into the register it is collected, checked, loaded and shown."""

from __future__ import annotations

import dagster as dg
import pytest

from assets.expectations import expectations
from assets.register import load_register

pytestmark = pytest.mark.slow  # a minute or more of whole runs

CONTRACT = """\
title: 道路占用許可
description: 市道の占用を許可した件数(月ごと、種類ごと)。
owner: {department: 都市基盤部 基盤管理課, contact: 占用係}
legal_basis: 道路法(昭和27年法律第180号)第32条
frequency: monthly
retention: {years: 5, basis: 文書の保存期間を定める市の規程(年数は要確認)}
source:
  file: "道路占用許可_{year}{month}.csv"
  format: csv
  encoding: cp932
key: [permit_category]
history: keep_periods
columns:
  permit_category: {source: 占用の種類, title: 占用の種類, type: text, required: true, classification: 公開}
  permit_count: {source: 許可件数, title: 許可件数, type: integer, unit: 件, minimum: 0, required: true, classification: 公開}
  fee_yen: {source: 占用料, title: 占用料, type: integer, unit: 円, minimum: 0, classification: 庁内}
checks:
  - {check: row_count, minimum: 1, maximum: 100}
  - {check: unique, columns: [permit_category]}
"""
FILE = '占用の種類,許可件数,占用料\r\n①看板,１２,"34,500"\r\n電柱,7,2100\r\n㈱工事足場,3,900\r\n'
ROWS = [("(株)工事足場", 3, 900), ("電柱", 7, 2100), ("①看板", 12, 34500)]


@pytest.fixture(scope="module")
def register(tmp_path_factory, copy_register):
    root = copy_register(tmp_path_factory.mktemp("register"))
    (root / "roads").mkdir()
    (root / "roads" / "road_permits.yaml").write_text(CONTRACT, "utf-8")
    return root


def test_it_runs_from_collection_to_portal(
    *, demo, copy_home, register, tmp_path, machikane, query, steps, dagster_of
):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "道路占用許可_202604.csv").write_bytes(FILE.encode("cp932"))
    home = copy_home(demo.home)
    done = machikane("run", "--inbox", inbox, "--home", home.root, "--register", register)
    assert done.returncode == 0, done.stdout + done.stderr

    rows = query(
        home, "SELECT * EXCLUDE (_delivery) FROM internal.common.road_permits ORDER BY permit_count"
    )
    assert [row[0:2] for row in rows] == [("2026-04", 4), ("2026-04", 3), ("2026-04", 2)]
    assert [row[3:] for row in rows] == [row[1:] for row in ROWS]
    assert {row[2] for row in rows} >= {"電柱"}
    page = (home.portal / "datasets" / "road_permits.html").read_text("utf-8")
    assert "道路占用許可" in page
    assert "占用の種類" in page
    assert "34,500" not in page
    assert "34500" not in page
    made = steps(home)
    assert made["common/road_permits"].status == "成功"
    others = {
        s.status
        for a, s in made.items()
        if a.startswith("common/") and not a.endswith("road_permits")
    }
    assert others == {"変更なし"}

    with dagster_of(home) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["common", "road_permits"]))
        assert event is not None
        checks = instance.event_log_storage.get_asset_check_summary_records(
            [
                dg.AssetCheckKey(dg.AssetKey(["common", "road_permits"]), name)
                for name in _check_names(register)
            ]
        )
        evaluated = [r.last_check_execution_record for r in checks.values()]
    assert len(evaluated) >= 5
    assert all(record is not None and record.status.value == "SUCCEEDED" for record in evaluated)


def test_the_register_is_found_sound(register, machikane):
    done = machikane("check", "--register", register)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "誤りはありません" in done.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "nearest"),
    [
        ("classification: 庁内", "clasification: 庁内", "「classification」の書き間違い"),
        ("type: integer, unit: 円", "type: intger, unit: 円", "「integer」の書き間違い"),
        ("check: row_count", "check: row_cuont", "「row_count」の書き間違い"),
        ("frequency: monthly", "frequency: montly", "「monthly」の書き間違い"),
    ],
)
def test_a_typo_is_answered_with_the_nearest_right_word(
    *, tmp_path, copy_register, machikane, right, wrong, nearest
):
    register = copy_register(tmp_path / "register")
    (register / "roads").mkdir()
    text = CONTRACT.replace(right, wrong, 1)
    assert text != CONTRACT
    (register / "roads" / "road_permits.yaml").write_text(text, "utf-8")
    done = machikane("check", "--register", register)
    assert done.returncode == 2
    assert nearest in done.stdout
    assert "road_permits.yaml" in done.stdout
    assert "直し方: " in done.stdout
    assert done.stderr == ""


def _check_names(register):
    contract = load_register(register).datasets["road_permits"].contract
    return ["account_closes", *(e.name for e in expectations(contract))]
