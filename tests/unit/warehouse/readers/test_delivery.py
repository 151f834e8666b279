"""A delivery's rows are put down part by part, and the account is that of the whole file."""

import tempfile
import zipfile

import polars as pl
import pytest

from tests.unit.warehouse.small_city import make_contract, people
from warehouse.readers import archive
from warehouse.readers.delivery import store_delivery
from warehouse.readers.parse import parse
from warehouse.readers.text import decoder
from warehouse.refusal import Refusal

ROWS = [f"{number:03},甲{number},本町,{number % 9}" for number in range(400)]


@pytest.mark.parametrize("size", [64, 1 << 20])
def test_the_parts_make_up_the_whole(tmp_path, monkeypatch, size):
    monkeypatch.setattr(decoder, "PART_BYTES", size)
    monkeypatch.setattr(decoder.Decoder.parts, "__defaults__", (size,))
    path, into = tmp_path / "f.csv", tmp_path / "rows.parquet"
    path.write_text(people(*ROWS, "400,乙", "", "401,丙,南町,x"), "utf-8")
    stored = store_delivery(path, make_contract(), "2026-04", "f.csv", into)
    whole = parse(path, make_contract(), "2026-04", "f.csv")
    assert pl.read_parquet(stored.rows).equals(whole.rows)
    assert stored.account == whole.account
    assert stored.account.closes
    assert stored.quarantine["_row"].to_list() == [402]
    assert (stored.encoding, stored.headers) == ("utf-8", whole.headers)


def test_no_name_of_a_person_stands_in_the_footer(tmp_path):
    path, into = tmp_path / "f.csv", tmp_path / "rows.parquet"
    path.write_text(people("001,龠金糸雀,本町,1"), "utf-8")
    store_delivery(path, make_contract(), "2026-04", "f.csv", into)
    assert into.read_bytes().count("龠金糸雀".encode()) <= 1


def test_an_archive_is_unfolded_where_the_rows_go(tmp_path, monkeypatch):
    work, seen = tmp_path / "work", []
    work.mkdir()
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("f.csv", people("001,甲,本町,1"))
    unfold = archive.tempfile.TemporaryDirectory
    monkeypatch.setattr(
        archive.tempfile,
        "TemporaryDirectory",
        lambda **options: seen.append(tempfile.gettempdir()) or unfold(**options),
    )
    before = tempfile.tempdir
    stored = store_delivery(path, make_contract(), "2026-04", "f.zip", work / "rows.parquet")
    assert stored.account.rows_out == 1
    assert seen == [str(work)]
    assert tempfile.tempdir == before


def test_a_refused_file_gives_the_temporary_folder_back(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("番号,氏名,町名\n", "utf-8")
    before = tempfile.tempdir
    with pytest.raises(Refusal):
        store_delivery(path, make_contract(), "2026-04", "f.csv", tmp_path / "rows.parquet")
    assert tempfile.tempdir == before
