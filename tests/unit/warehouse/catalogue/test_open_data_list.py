"""Dataset 06 of ourselves: every file in the layout's own columns, and what was withdrawn."""

import io
import json
from dataclasses import replace

import polars as pl

from tests.unit.warehouse.catalogue.small_public import SITE, layout
from warehouse.catalogue.facts import read_facts
from warehouse.catalogue.open_data_list import list_files


def rows_of(files):
    return json.loads(files["272999_open_data_list.json"])


def test_columns_are_the_layouts(files, catalogue):
    table = list_files(catalogue, layout("open_data_list"))
    assert table.columns == [column.name for column in layout("open_data_list").columns]
    csv = pl.read_csv(io.BytesIO(files["272999_open_data_list.csv"]), infer_schema=False)
    assert csv.rename({csv.columns[0]: table.columns[0]}).equals(table)
    assert rows_of(files) == table.to_dicts()


def test_every_file_of_the_newest_versions_is_listed_once(files, catalogue):
    offered = [file for entry in catalogue.open_entries for file in entry.latest.files]
    listed = [row for row in rows_of(files) if row["ファイル_ステータス"] == "配信中"]
    assert [row["ファイル_サイズ"] for row in listed] == [str(file.size) for file in offered]
    addresses = [row["ファイル_ダウンロードURL"] for row in listed]
    assert len(set(addresses)) == len(offered) == 12
    assert f"{SITE}datasets/population/latest/272999_population.csv" in addresses


def test_dates_are_japanese_days(files):
    row = next(r for r in rows_of(files) if r["データセット_ID"] == "population")
    assert row["データセット_公開日"] == "2026-04-02"
    assert row["データセット_最終更新日"] == "2026-05-02"
    assert row["データセット_対象期間"] == "2026-05-01/2026-05-31"
    assert row["データセット_更新頻度"] == "毎月"


def test_a_withdrawn_dataset_stays_without_a_file(files):
    (row,) = [r for r in rows_of(files) if r["データセット_ID"] == "aed"]
    assert row["ファイル_ステータス"] == "配信停止中"
    assert row["ファイル_ダウンロードURL"] is None
    assert row["データセット_備考"] == "公開を取り下げました。場所に誤りがあったため。"
    assert row["データセット_連絡先名称"] == "危機管理課"


def test_it_keeps_to_its_own_layout(files, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(files["272999_open_data_list.csv"])
    standard = layout("open_data_list")
    kept = {column.name: column.type for column in read_facts(path, standard).columns}
    assert kept == {
        column.name: "text" if column.separated else column.type for column in standard.columns
    }


def test_without_an_address_nothing_is_made_up(catalogue):
    table = list_files(replace(catalogue, site_url=None), layout("open_data_list"))
    assert table["ファイル_ダウンロードURL"].null_count() == table.height
