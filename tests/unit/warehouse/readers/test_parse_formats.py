"""Deliveries of every format through their contract; another format is refused by its name."""

import pytest
import yaml

from assets.contract import Contract
from tests.unit.warehouse.readers.test_archive import pack
from tests.unit.warehouse.readers.test_opening import DBF, JSON, LINES, parquet_bytes, workbook
from tests.unit.warehouse.small_city import PEOPLE, make_contract, people
from warehouse.normalise import normalise
from warehouse.readers.parse import parse, parse_sample
from warehouse.refusal import Refusal

CSV = people("001,甲,本町,3").encode("cp932")
FIXED_WIDTH = """
title: 住民基本台帳
description: ホストから出力した住民の一覧(1行が1人)
owner: {department: 市民課, contact: 記録係}
legal_basis: 住民基本台帳法
frequency: monthly
retention: {years: 5, basis: 文書管理規程}
source:
  file: "住民_{year}{month}.dat"
  format: fixed_width
  encoding: cp932
  records:
    length: 50
    separator: crlf
    kinds:
      header: {at: 1, value: "1"}
      data: {at: 1, value: "2"}
      trailer: {at: 1, value: "9", count: {start: 2, bytes: 8}}
  fields:
    - {name: 宛名番号, start: 2, bytes: 10}
    - {name: 氏名, start: 12, bytes: 14}
    - {name: カナ, start: 26, bytes: 10}
    - {name: 生年月日, start: 36, bytes: 8}
    - {name: 更新端末, start: 44, bytes: 3}
    - {name: 予備, start: 47, bytes: 4, filler: true}
  set_aside_columns: {更新端末: 業務では使わない}
key: [resident_id]
history: keep_periods
columns:
  resident_id: {source: 宛名番号, title: 宛名番号, type: digits, length: 10, required: true, classification: 個人, role: identifier}
  full_name: {source: 氏名, title: 氏名, type: name, classification: 個人, role: direct_identifier}
  full_name_kana: {source: カナ, title: カナ, type: kana, classification: 個人, role: direct_identifier}
  birth_date: {source: 生年月日, title: 生年月日, type: date, classification: 個人, role: quasi_identifier}
checks:
  - {check: row_count, minimum: 1}
"""


def _line(*parts):
    assert sum(width for _, width in parts) == 50
    made = [text.encode("cp932").ljust(width) for text, width in parts]
    assert all(len(data) == width for data, (_, width) in zip(made, parts, strict=True))
    return b"".join(made) + b"\r\n"


def _person(number, name, kana, born, spare=""):
    return _line(("2", 1), (number, 10), (name, 14), (kana, 10), (born, 8), ("T01", 3), (spare, 4))


@pytest.fixture
def put(tmp_path):
    def write(data):
        (tmp_path / "f").write_bytes(data)
        return tmp_path / "f"

    return write


def test_a_fixed_width_file_goes_through_its_contract_and_every_record_is_told(put):
    contract = Contract.model_validate(yaml.safe_load(FIXED_WIDTH))
    path = put(
        _line(("1JUKI20260401", 50))
        + _person("0000000001", "髙橋　一郎", "ﾀｶﾊｼ ｲﾁ", "19800101")
        + _person("0000000002", "\ue000田　花子", "ﾔﾏﾀﾞ ﾊﾅ", "20010228", "X")
        + _person("0000000003", "短い", "", "")[:-4] + b"\r\n"
        + _person("0000000004", "日付が変", "ﾋﾂﾞｹ", "20010230")
        + _line(("900000004", 50))
    )  # fmt: skip
    found = parse(path, contract, "2026-04", "住民_202604.dat")
    assert found.rows.rows() == [
        (2, "0000000001", "髙橋　一郎", "ﾀｶﾊｼ ｲﾁ", "19800101"),
        (3, "0000000002", "\ue000田　花子", "ﾔﾏﾀﾞ ﾊﾅ", "20010228"),
        (5, "0000000004", "日付が変", "ﾋﾂﾞｹ", "20010230"),
    ]
    assert found.quarantine.select("_row", "rule").rows() == [(4, "row.length")]
    assert found.set_aside == {"トレーラーレコード": 1, "ヘッダーレコード": 1}
    assert found.rows_in == 6 == found.rows.height + found.quarantine.height + 2
    assert found.cells.closes
    assert found.cells.set_aside["使わない列"] == 4
    assert any("「予備」" in note for note in found.notes)
    judged = normalise(found.rows, contract)
    assert judged.rows["full_name_kana"].to_list() == ["タカハシ　イチ", "ヤマダ　ハナ"]
    assert judged.quarantine.select("_row", "column").rows() == [(5, "birth_date")]


def test_fields_padded_with_zero_bytes_are_blank(put):
    contract = Contract.model_validate(yaml.safe_load(FIXED_WIDTH))
    low = b"2" + b"0000000001" + "甲".encode("cp932") + bytes(37) + b"\r\n"
    found = parse(put(low * 2 + _line(("900000002", 50))), contract, "2026-04", "f")
    assert found.rows.rows()[0] == (1, "0000000001", "甲", None, None)


def test_the_sample_of_a_fixed_width_contract_names_the_fields_in_its_first_row(tmp_path):
    contract = Contract.model_validate(yaml.safe_load(FIXED_WIDTH))
    path = tmp_path / "s.sample.csv"
    path.write_text(
        "宛名番号,氏名,カナ,生年月日,更新端末,予備\n0000000001,甲,ｺｳ,19800101,,\n", "utf-8"
    )
    assert parse_sample(path, contract).rows["full_name"].to_list() == ["甲"]


def _contract(form, **more):
    encoding = {"encoding": "cp932"} if form in {"csv", "tsv"} else {}
    source = {"file": "f*", "format": form, **encoding, **more}
    columns = {name: PEOPLE["columns"][name] for name in ("person_id", "full_name")}
    return make_contract(source=source, columns=columns)


STRUCTURED = {"json": JSON, "parquet": parquet_bytes(), "dbf": DBF, "workbook": workbook("表")}


@pytest.mark.parametrize("form", STRUCTURED)
def test_structured_files_are_parsed_under_any_name(put, form):
    found = parse(put(STRUCTURED[form]), _contract(form), "2026-04", "名簿.csv")
    assert found.rows.rows() == [(2, "001", "髙橋")]
    assert found.set_aside == {"見出し": 1}
    assert found.cells.closes


def test_json_lines_and_nested_paths_are_parsed(put):
    assert parse(put(LINES), _contract("json"), "2026-04", "f").rows.height == 2
    contract = _contract("json", sheet="結果/一覧")
    columns = {
        name: {**column.model_dump(by_alias=True), "source": source}
        for (name, column), source in zip(contract.columns.items(), ("本人/番号", "本人/氏名"), strict=True)
    }  # fmt: skip
    nested = make_contract(source=contract.source.model_dump(by_alias=True, exclude_unset=True), columns=columns)  # fmt: skip
    text = '{"結果":{"一覧":[{"本人":{"番号":"007","氏名":"甲"}}],"件数":1}}'
    assert parse(put(text.encode()), nested, "2026-04", "f").rows.rows() == [(2, "007", "甲")]


@pytest.mark.parametrize("form", ["csv", "tsv", *STRUCTURED])
def test_another_format_than_the_contracts_is_refused_with_both_names(put, form):
    for other, data in {"csv": CSV, **STRUCTURED}.items():
        if {form, other} == {"tsv", "csv"} or form == other:
            continue
        with pytest.raises(Refusal) as caught:
            parse(put(data), _contract(form), "2026-04", "名簿.dat")
        assert caught.value.rule == "format.differs"
        assert caught.value.where == "名簿.dat"
        assert f"format を {other}" in caught.value.remedy


def test_html_called_a_workbook_is_refused_as_html(put):
    with pytest.raises(Refusal) as caught:
        parse(put(b"<html><table>"), _contract("workbook"), "2026-04", "名簿.xls")
    assert caught.value.rule == "kind.html"


def test_the_one_file_of_a_zip_is_parsed(put):
    contract = make_contract(source={"file": "f*", "format": "csv", "encoding": "cp932"})
    zipped = put(pack([("名簿.csv", CSV), (".DS_Store", "")]))
    assert parse(zipped, contract, "2026-04", "f.zip").rows.rows() == [
        (2, "001", "甲", "本町", "3")
    ]
    more = pack(
        [("名簿_202604.csv", CSV), ("名簿_202605.csv", people("005,乙,本町,3").encode("cp932"))]
    )
    with pytest.raises(Refusal) as caught:
        parse(put(more), contract, "2026-05", "f.zip")
    assert caught.value.rule == "zip.many_members"
    source = {
        "file": "f*",
        "format": "csv",
        "encoding": "cp932",
        "member": "名簿_{year}{month}.csv",
    }
    found = parse(put(more), make_contract(source=source), "2026-05", "f.zip")
    assert found.rows["person_id"].to_list() == ["005"]


def test_a_fault_inside_a_zip_names_the_zip_and_the_file(put):
    with pytest.raises(Refusal) as caught:
        parse(put(pack([("a.csv", b"%PDF-1.7")])), _contract("csv"), "2026-04", "届いた.zip")
    assert caught.value.where == "届いた.zip の中の「a.csv」"
