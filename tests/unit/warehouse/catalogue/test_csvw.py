"""CSV on the Web: one description beside each CSV, with headings and types that are true."""

import csv
import json


def read(files, path):
    return json.loads(files[path])


def columns_of(described):
    return {column["titles"]: column for column in described["tableSchema"]["columns"]}


def test_every_csv_has_its_description(files, public):
    csvs = {str(path.relative_to(public)) for path in public.glob("datasets/*/v*/*.csv")}
    described = {
        p.removesuffix("-metadata.json") for p in files if p.endswith(".csv-metadata.json")
    }
    assert described == {*csvs, "272999_open_data_list.csv"}
    assert len(csvs) == 7


def test_headings_are_those_of_the_file_in_its_order(files, public):
    for path in (p for p in files if p.startswith("datasets/") and p.endswith("csv-metadata.json")):
        described = read(files, path)
        titles = [column["titles"] for column in described["tableSchema"]["columns"]]
        file = public / path.removesuffix("-metadata.json")
        with file.open(encoding="utf-8-sig", newline="") as opened:
            assert next(csv.reader(opened)) == titles


def test_names_are_ascii_and_one_of_a_kind(files):
    described = read(files, "datasets/public_facility/v1/272999_public_facility.csv-metadata.json")
    names = [column["name"] for column in described["tableSchema"]["columns"]]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and name.isidentifier() for name in names)


def test_the_byte_order_mark_is_told(files):
    with_mark = read(files, "datasets/public_facility/v1/272999_public_facility.csv-metadata.json")
    without = read(files, "datasets/population/v1/272999_population.csv-metadata.json")
    assert with_mark["dialect"]["encoding"] == "utf-8-sig"
    assert without["dialect"]["encoding"] == "utf-8"


def test_types_and_required_are_what_is_true(files):
    columns = columns_of(
        read(files, "datasets/public_facility/v1/272999_public_facility.csv-metadata.json")
    )
    assert columns["ID"]["datatype"] == "string"
    assert columns["緯度"]["datatype"] == "decimal"
    assert columns["名称"]["required"] is True
    assert "required" not in columns["緯度"]
    assert all("propertyUrl" not in column for column in columns.values())
    people = columns_of(read(files, "datasets/population/v1/272999_population.csv-metadata.json"))
    assert people["総人口"]["datatype"] == "integer"
    assert people["調査年月日"]["datatype"] == {"base": "date", "format": "yyyy-MM-dd"}
