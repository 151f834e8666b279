"""What is true of a file: types, blanks, lists and keys are told only when every row keeps to them."""

import pytest

from assets.standard import Standard, StandardColumn
from tests.unit.warehouse.catalogue.small_public import PLACES, layout, make_public
from warehouse.catalogue.facts import facts_of, read_facts
from warehouse.refusal import Refusal


def look(tmp_path, content, **column):
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode("utf-8"))
    spec = StandardColumn.model_validate({"name": "列", **column})
    standard = Standard.model_validate(
        {"title": "試", "slug": "a", "edition": "試", "column_order": "official", "credit": "なし"}
    ).model_copy(update={"columns": [spec]})
    return read_facts(path, standard)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", "-12", "012"),
        ("number", "0.50", "1e3"),
        ("latitude", "34.78", "北緯34"),
        ("date", "2026-02-28", "2026-02-30"),
        ("time", "09:00", "24:00"),
        ("flag", "1", "0"),
        ("url", "https://a.example.jp/b?c=1", "https://例え.jp/"),
        ("email", "a@b.lg.jp", "a@b"),
        ("postal_code", "0600001", "060-0001"),
        ("municipality_code", "011002", "11002"),
        ("corporate_number", "1234567891012", "12"),
    ],
)
def test_a_type_is_told_only_when_every_value_is_written_so(tmp_path, kind, good, bad):
    assert look(tmp_path, f'列\r\n{good}\r\n""\r\n', type=kind).columns[0].type == kind
    assert look(tmp_path, f"列\r\n{good}\r\n{bad}\r\n", type=kind).columns[0].type == "text"


def test_required_needs_the_layout_and_no_blank(tmp_path):
    assert look(tmp_path, "列\na\n", required=True).columns[0].is_required
    assert not look(tmp_path, '列\na\n""\n', required=True).columns[0].is_required
    assert not look(tmp_path, "列\na\n").columns[0].is_required


def test_a_list_is_told_only_when_it_is_closed_and_kept(tmp_path):
    assert look(tmp_path, "列\n有\n", values=["有", "無"]).columns[0].keeps_list
    assert not look(tmp_path, "列\n不明\n", values=["有", "無"]).columns[0].keeps_list
    assert not look(tmp_path, "列\n有\n", values=["有", "無"], closed=False).columns[0].keeps_list
    assert (
        not look(tmp_path, "列\n有;無\n", values=["有", "無"], separated=True).columns[0].keeps_list
    )


def test_a_key_names_each_row(tmp_path):
    assert look(tmp_path, "列\n1\n2\n", unique=True).key == "列"
    assert look(tmp_path, "列\n1\n1\n", unique=True).key is None
    assert look(tmp_path, '列\n1\n""\n', unique=True).key is None
    assert look(tmp_path, "列\n1\n2\n").key is None


def test_a_byte_order_mark_is_seen_and_is_no_part_of_the_heading(tmp_path):
    facts = look(tmp_path, "\ufeff列\r\na\r\n")
    assert facts.has_bom
    assert [column.name for column in facts.columns] == ["列"]
    assert not look(tmp_path, "列\r\na\r\n").has_bom


def test_a_column_the_layout_does_not_name_is_text(tmp_path):
    facts = look(tmp_path, "他\n001\n", type="integer")
    assert (facts.columns[0].name, facts.columns[0].type) == ("他", "text")


def test_a_unit_stands_in_the_description(tmp_path):
    column = look(tmp_path, "列\n1\n", unit="人", description="人数。").columns[0]
    assert column.description == "人数。単位: 人"


def test_all_csv_files_of_a_version_are_looked_at(catalogue, public):
    entry = catalogue.entries[0]
    facts = facts_of(entry, entry.latest, public)
    assert facts.data.rows == len(PLACES)
    assert [c.name for c in facts.data.columns] == [
        c.name for c in layout("public_facility").columns
    ]
    assert set(facts.documents) == {
        "272999_public_facility_definition.csv",
        "272999_public_facility_codes.csv",
    }


def test_a_missing_file_is_refused(tmp_path):
    catalogue = make_public(tmp_path)
    entry = catalogue.entries[0]
    (tmp_path / entry.latest.file("CSV").path).unlink()
    with pytest.raises(Refusal) as caught:
        facts_of(entry, entry.latest, tmp_path)
    assert caught.value.rule == "catalogue.file_missing"
    assert caught.value.where == "datasets/public_facility/v1/272999_public_facility.csv"
