"""A delivery comes out of every file format as it went in, at the rows the truth names."""

import polars as pl
import pytest

from pipelines.whole_city.writing.delivery import write_delivery
from pipelines.whole_city.writing.fingerprints import hash_columns
from tests.unit.pipelines.whole_city.every_type import (
    PERIOD,
    make_dataset,
    make_delivery,
    make_rows,
)
from warehouse.normalising.part import PartJudge
from warehouse.readers.grid import ROW
from warehouse.readers.parse import parse

FIELDS = [
    ("宛名番号", 10),
    ("履歴番号", 3),
    ("氏名", 30),
    ("氏名カナ", 40),
    ("異動日", 7),
    ("性別", 1),
]
FIXED_COLUMNS = ["resident_id", "history_number", "full_name", "full_name_kana", "change_date", "sex_code"]  # fmt: skip


def lay_out():
    fields, at = [], 2
    for name, size in FIELDS:
        fields.append({"name": name, "start": at, "bytes": size})
        at += size
    kinds = {
        "header": {"at": 1, "value": "1"},
        "data": {"at": 1, "value": "2"},
        "trailer": {"at": 1, "value": "8", "count": {"start": 2, "bytes": 6}},
        "end": {"at": 1, "value": "9"},
    }
    return {"records": {"length": at - 1, "separator": "crlf", "kinds": kinds}, "fields": fields}


FORMATS = {
    "utf-8": {},
    "cp932": {"encoding": "cp932"},
    "utf-16": {"encoding": "utf-16"},
    "euc": {"encoding": "euc_jp", "columns": [*FIXED_COLUMNS[:2], "birth_date", "note"]},
    "tsv": {"file": "全項目_{year}{month}.tsv", "format": "tsv", "encoding": "auto"},
    "titled": {
        "layouts": [{"header_rows": [3, 3], "unit_row": 4}],
        "set_aside_columns": {"処理端末": "使わない"},
        "set_aside_rows": [{"reason": "合計", "source": "宛名番号", "values": ["合計"]}],
    },
    "workbook": {
        "file": "全項目_{year}{month}.xlsx",
        "format": "workbook",
        "encoding": None,
        "sheet": "一覧",
        "layouts": [{"header_rows": [2, 2]}],
    },
    "json": {"file": "全項目_{year}{month}.json", "format": "json", "encoding": None},
    "parquet": {"file": "全項目_{year}{month}.parquet", "format": "parquet", "encoding": None},
    "fixed_width": {
        "file": "全項目_{year}{month}.dat",
        "format": "fixed_width",
        "encoding": "cp932",
        "columns": FIXED_COLUMNS,
        **lay_out(),
    },
}


def write(tmp_path, source, rows, name="everything", **more):
    dataset = make_dataset(name, **source)
    return dataset, write_delivery(make_delivery(rows), dataset, tmp_path, seed=1, **more)


def judge(dataset, path):
    contract = dataset.contract.in_period(PERIOD)
    found = parse(path, contract, PERIOD, path.name)
    return found, PartJudge(contract).judge(found.rows)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("system", ["everything", "system_2", "system_5"])
def test_a_clean_file_is_read_as_it_was(tmp_path, name, system):
    dataset, written = write(tmp_path, dict(FORMATS[name]), make_rows(200), system, share=0.0)
    found, judged = judge(dataset, written.path)
    assert found.quarantine.is_empty()
    assert judged.faults.is_empty(), judged.faults.head()
    assert judged.typed.select(written.clean.columns).equals(written.clean)
    assert written.hashes == hash_columns(judged.typed.select(written.clean.columns))
    assert written.rows == found.rows.height == 200


def test_the_file_is_as_old_as_its_delivery(tmp_path):
    _, written = write(tmp_path, {}, make_rows(3), share=0.0)
    assert written.path.stat().st_mtime == make_delivery(make_rows(1)).delivered_at.timestamp()
    assert written.size == written.path.stat().st_size


def test_two_files_of_one_name_are_refused(tmp_path):
    write(tmp_path, {}, make_rows(3), share=0.0)
    with pytest.raises(FileExistsError):
        write(tmp_path, {}, make_rows(3), share=0.0)


def test_a_correction_no_name_can_tell_stands_in_a_folder_of_its_own(tmp_path):
    dataset = make_dataset(file="全項目_{year}{month}.csv")
    paths = [
        write_delivery(make_delivery(make_rows(3), label=label), dataset, tmp_path, seed=1, share=0)
        for label in ("", "_訂正")
    ]
    assert [p.path.relative_to(tmp_path).as_posix() for p in paths] == [
        "office/全項目_202504.csv",
        "office/訂正/全項目_202504.csv",
    ]


def test_the_header_is_that_of_the_period(tmp_path):
    dataset = make_dataset(columns=["resident_id", "full_name"])
    for period, header in (("2025-03", "旧氏名"), ("2025-04", "氏名")):
        delivery = make_delivery(make_rows(2), period)
        written = write_delivery(delivery, dataset, tmp_path, seed=1, share=0.0)
        assert header in written.path.read_text("utf-8-sig").splitlines()[0].replace('"', "").split(
            ","
        )


def test_a_letter_the_encoding_lacks_stops_the_writing(tmp_path):
    rows = make_rows(3).with_columns(full_name=pl.lit("𠮷田"))
    with pytest.raises(UnicodeEncodeError):
        write(tmp_path, {"encoding": "cp932"}, rows, share=0.0)


def test_a_value_too_long_for_its_field_stops_the_writing(tmp_path):
    rows = make_rows(3).with_columns(full_name=pl.lit("長" * 40))
    with pytest.raises(ValueError, match="入りきらない"):
        write(tmp_path, dict(FORMATS["fixed_width"]), rows, share=0.0)


def test_the_hash_of_a_column_notices_one_value_and_two_that_change_places():
    rows = make_rows(50).insert_column(0, pl.int_range(50, eager=True).alias(ROW))
    swapped = rows.with_columns(note=pl.Series(["a", "b"] + ["c"] * 48))
    back = rows.with_columns(note=pl.Series(["b", "a"] + ["c"] * 48))
    assert hash_columns(swapped)["note"] != hash_columns(back)["note"]
    assert hash_columns(rows) == hash_columns(rows.reverse())
