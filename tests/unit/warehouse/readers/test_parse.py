import pytest
import xlsxwriter

from assets.register import load_register
from tests.unit.warehouse.small_city import make_contract, people
from warehouse.readers.parse import parse, parse_sample
from warehouse.refusal import Refusal

SAMPLED = [d for d in load_register().datasets.values() if d.sample is not None]


def test_a_text_file_is_read_with_its_encoding_and_delimiter(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(people("001,髙橋,本町,3").replace(",", "\t").encode("cp932"))
    source = {"file": "f.tsv", "format": "tsv", "encoding": "cp932"}
    found = parse(path, make_contract(source=source), "2026-04", "f.tsv")
    assert found.rows.rows() == [(2, "001", "髙橋", "本町", "3")]
    assert (found.encoding, found.rows_in) == ("cp932", 2)


def test_a_workbook_is_read_with_its_sheet(tmp_path):
    path = tmp_path / "f"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("利用")
    for row, line in enumerate(people("001,甲,本町,3").splitlines()):
        sheet.write_row(row, 1, line.split(","))
    book.close()
    source = {"file": "f.xlsx", "format": "workbook", "sheet": "利用"}
    found = parse(path, make_contract(source=source), "2026-04", "f.xlsx")
    assert found.rows.rows() == [(2, "001", "甲", "本町", "3")]
    assert found.letters["person_id"] == "B"
    assert (found.sheet, found.encoding) == ("利用", None)


def test_the_header_row_of_the_period_is_used(tmp_path):
    path = tmp_path / "f"
    path.write_text("題\n\n" + people("001,甲,本町,3"), "utf-8")
    layouts = [{"header_rows": [1, 1], "until": "2025"}, {"header_rows": [3, 3], "from": "2026"}]
    source = {"file": "f.csv", "format": "csv", "encoding": "utf-8", "layouts": layouts}
    contract = make_contract(source=source)
    assert parse(path, contract, "2026-04", "f.csv").rows["_row"].to_list() == [4]
    with pytest.raises(Refusal):
        parse(path, contract, "2025-04", "f.csv")


@pytest.mark.parametrize("dataset", SAMPLED, ids=lambda dataset: dataset.name)
def test_every_built_in_sample_has_the_shape_of_its_contract(dataset):
    found = parse_sample(dataset.sample, dataset.contract)
    assert found.rows.height > 0
    assert found.rows.columns == ["_row", *dataset.contract.columns]


def test_a_sample_shows_the_newest_header(tmp_path):
    path = tmp_path / "s.sample.csv"
    path.write_text("番号,氏名,町丁目,回数\n001,甲,本町,3\n", "utf-8-sig")
    source = [{"name": "町名", "until": "2023"}, {"name": "町丁目", "from": "2024"}]
    contract = make_contract(columns__town__source=source)
    assert parse_sample(path, contract).rows["town"].to_list() == ["本町"]


def test_a_sample_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "s.sample.csv"
    path.write_bytes(people("001,甲,本町,3").encode("cp932"))
    with pytest.raises(Refusal) as caught:
        parse_sample(path, make_contract())
    assert caught.value.rule == "encoding.differs"


def test_an_empty_sample_is_refused(tmp_path):
    path = tmp_path / "s.sample.csv"
    path.touch()
    with pytest.raises(Refusal):
        parse_sample(path, make_contract())
