"""Data Package v2: every file with its size and hash, every column with what is true of it."""

import hashlib
import json

from tests.unit.warehouse.catalogue.small_public import layout


def read(files, path):
    return json.loads(files[path])


def fields_of(package, form):
    resource = next(r for r in package["resources"] if r.get("format") == form)
    return {field["name"]: field for field in resource["schema"]["fields"]}


def test_sizes_and_hashes_are_those_of_the_files(files, public):
    folder = "datasets/public_facility/v1"
    package = read(files, f"{folder}/datapackage.json")
    names = {path.name for path in (public / folder).iterdir()}
    assert {r["path"] for r in package["resources"]} == names
    for resource in package["resources"]:
        content = (public / folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_columns_are_described_as_they_are(files):
    fields = fields_of(read(files, "datasets/public_facility/v1/datapackage.json"), "csv")
    assert fields["ID"]["type"] == "string"
    assert fields["ID"]["constraints"] == {"unique": True}
    assert fields["名称"]["constraints"] == {"required": True}
    assert fields["緯度"]["type"] == "number"
    assert fields["開始時間"]["type"] == "string", "24:00 is no time of day"
    assert fields["郵便番号"]["constraints"] == {"pattern": "^[0-9]{7}$"}
    words = layout("public_facility").column("車椅子可").values
    assert fields["車椅子可"]["constraints"] == {"enum": words}


def test_positions_are_text_where_the_file_holds_text(files):
    package = read(files, "datasets/public_facility/v1/datapackage.json")
    assert fields_of(package, "xlsx")["緯度"]["type"] == "string"
    with_columns = {r["format"] for r in package["resources"] if "schema" in r}
    assert with_columns == {"csv", "xlsx"}


def test_counts_are_whole_numbers_with_their_unit(files):
    fields = fields_of(read(files, "datasets/population/v2/datapackage.json"), "xlsx")
    assert fields["総人口"]["type"] == "integer"
    assert fields["総人口"]["unit"] == "人"
    assert fields["調査年月日"]["type"] == "date"


def test_a_package_says_licence_version_and_whom_to_ask(files):
    package = read(files, "datasets/population/v2/datapackage.json")
    assert package["version"] == "2"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert {"title": "施設課", "roles": ["contact"]} in package["contributors"]
    assert "数は目安です。" in package["description"]


def test_the_whole_holds_the_newest_of_each(files, public):
    package = read(files, "datapackage.json")
    assert [r["path"] for r in package["resources"]] == [
        "datasets/public_facility/v1/272999_public_facility.csv",
        "datasets/population/v2/272999_population.csv",
        "272999_open_data_list.csv",
    ]
    assert all((public / r["path"]).is_file() for r in package["resources"][:2])
    listed = files[package["resources"][2]["path"]]
    assert package["resources"][2]["hash"] == f"sha256:{hashlib.sha256(listed).hexdigest()}"
    names = [r["name"] for r in package["resources"]]
    assert len(set(names)) == len(names) == 3
