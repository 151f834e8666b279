"""The register as its editors meet it: every slip told in Japanese, all of them at once."""

import re

import pytest

from assets.errors import RegisterError
from assets.register import BUILT_IN, fingerprint, load_register
from tests.unit.assets.declaring import (
    CITY,
    CONTRACT,
    MART,
    RELEASE,
    changed,
    fault_of,
    faults_of,
    load_contract_with,
    write,
    write_register,
)

JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
FIX = {
    "action": "override",
    "match": {"town": "本町"},
    "column": "visit_count",
    "expect": {"visit_count": "600"},
    "value": "60",
    "reason": "打ち間違い",
    "reported_to": "市民係",
    "reported_on": "2026-04-16",
}
BLANK_IS_NO = {
    "source": "有無",
    "title": "有無",
    "type": "boolean",
    "vocabulary": "circle_blank",
    "classification": "庁内",
}


def _contract_fault(root, **changes):
    return fault_of(write_register(root, **{"citizens/users.yaml": changed(CONTRACT, **changes)}))


def test_the_built_in_register_loads_whole():
    register = load_register()
    departments = [p for p in BUILT_IN.glob("*/*.yaml") if not p.name.endswith(".corrections.yaml")]
    loaded = [
        *(d.path for d in register.datasets.values()),
        *(q.path.with_suffix(".yaml") for q in register.marts.values()),
        *(q.path.with_suffix(".yaml") for q in register.releases.values()),
        *(linkage.path for linkage in register.linkages.values()),
        *(BUILT_IN / "cases" / f"{name}.yaml" for name in register.cases),
        *(BUILT_IN / "standards" / f"{name}.yaml" for name in register.standards),
        *(BUILT_IN / "roles" / f"{name}.yaml" for name in register.roles),
        *(BUILT_IN / "exchange" / f"{name}.yaml" for name in register.mappings),
    ]
    assert sorted(loaded) == sorted(departments)
    assert register.city.local_government_code == "272035"
    assert register.datasets["childcare_enrolment"].corrections.root


def test_the_small_register_of_these_tests_is_right(tmp_path):
    register = load_register(write_register(tmp_path))
    assert register.datasets["users"].department == "citizens"
    assert register.releases["population"].standard.slug == "population"


@pytest.mark.parametrize(
    ("changes", "path", "near"),
    [
        ({"frequancy": "monthly", "frequency": ...}, "frequancy", "frequency"),
        ({"columns__town__clasification": "庁内"}, "columns.town.clasification", "classification"),
        ({"columns__town__classification": "庁外"}, "columns.town.classification", "庁内"),
        ({"columns__town__type": "towm"}, "columns.town.type", "town"),
        ({"source__format": "xlsx"}, "source.format", "workbook"),
        ({"history": "keep_period"}, "history", "keep_periods"),
        ({"checks": [{"check": "row_counts", "minimum": 1}]}, "checks.0", "row_count"),
        (
            {"checks": [{"check": "row_count", "minimun": 1}]},
            "checks.0.row_count.minimun",
            "minimum",
        ),
        (
            {"source__layouts": [{"header_row": [1, 1]}]},
            "source.layouts.0.header_row",
            "header_rows",
        ),
    ],
)
def test_a_slip_is_told_with_its_place_and_the_nearest_right_word(tmp_path, changes, path, near):
    root = write_register(tmp_path, **{"citizens/users.yaml": changed(CONTRACT, **changes)})
    faults = {fault.path: fault for fault in faults_of(root)}
    assert path in faults, list(faults)
    fault = faults[path]
    assert fault.file == root / "citizens" / "users.yaml"
    assert JAPANESE.search(fault.message)
    assert near in fault.remedy
    assert str(fault.file) in str(fault)
    assert "直し方: " in str(fault)


def test_a_near_miss_is_named_before_the_list(tmp_path):
    fault = _contract_fault(tmp_path, columns__town__clasification="庁内")
    assert "「classification」の書き間違い" in fault.remedy


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("owner", "owner"),
        ("legal_basis", "legal_basis"),
        ("columns__town__classification", "columns.town.classification"),
        ("columns__town__source", "columns.town.source"),
        ("checks", "checks"),
    ],
)
def test_a_missing_field_is_named(tmp_path, field, path):
    fault = _contract_fault(tmp_path, **{field: ...})
    assert fault.path == path
    assert "必要な項目がありません" in fault.message
    assert path.split(".")[-1] in fault.remedy


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"columns__town__classification": "個人"}, "role"),
        ({"columns__町名": CONTRACT["columns"]["town"]}, "町名"),
        ({"columns__order": CONTRACT["columns"]["town"]}, "order"),
        ({"retention__years": "五年"}, "整数"),
        ({"columns__town__pattern": "("}, "正規表現"),
        ({"columns__town": BLANK_IS_NO | {"marks": {"x": "秘匿"}}}, "marks"),
        ({"columns__town__source": {"name": "町名", "from": 2021}}, ""),
    ],
)
def test_a_law_of_the_contract_is_told_in_japanese(tmp_path, changes, word):
    fault = faults_of(
        write_register(tmp_path, **{"citizens/users.yaml": changed(CONTRACT, **changes)})
    )[0]
    assert word in fault.message
    assert JAPANESE.search(fault.message)


def test_a_mart_may_not_hold_personal_columns(tmp_path):
    mart = changed(MART, columns__town__classification="個人")
    fault = fault_of(write_register(tmp_path, **{"marts/by_town.yaml": mart}))
    assert "個人情報" in fault.message


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    root = write_register(
        tmp_path,
        **{
            "citizens/users.yaml": changed(CONTRACT, title="", owner=..., history="all"),
            "marts/by_town.yaml": changed(MART, colums={}),
            "open_data/population.yaml": changed(RELEASE, standard="populasion"),
            "citizens/second.yaml": "title: [",
            "city.yaml": None,
        },
    )
    faults = faults_of(root)
    told = {(fault.file.name, fault.path) for fault in faults}
    assert {
        ("users.yaml", "title"),
        ("users.yaml", "owner"),
        ("users.yaml", "history"),
        ("by_town.yaml", "colums"),
        ("population.yaml", "standard"),
        ("city.yaml", ""),
    } <= told
    assert any(fault.file.name == "second.yaml" for fault in faults)
    with pytest.raises(RegisterError) as caught:
        load_register(root)
    assert all(str(fault) in str(caught.value) for fault in faults)


def test_two_datasets_of_one_name_are_refused(tmp_path):
    root = write_register(tmp_path, **{"welfare/users.yaml": CONTRACT})
    fault = fault_of(root)
    assert fault.file == root / "welfare" / "users.yaml"
    assert "citizens" in fault.message


def test_an_unknown_source_is_named_with_the_nearest_one(tmp_path):
    mart = changed(MART, sources=["common.user"])
    fault = fault_of(write_register(tmp_path, **{"marts/by_town.yaml": mart}))
    assert "common.user" in fault.message
    assert "「common.users」" in fault.remedy


def test_an_unknown_standard_is_named_with_the_nearest_one(tmp_path):
    release = changed(RELEASE, standard="populasion")
    fault = fault_of(write_register(tmp_path, **{"open_data/population.yaml": release}))
    assert "「population」" in fault.remedy


def test_sentences_are_allowed_in_columns_of_the_layout_alone(tmp_path):
    release = changed(RELEASE, free_text={"地域": "町の名前の説明だけ"})
    fault = fault_of(write_register(tmp_path, **{"open_data/population.yaml": release}))
    assert fault.path == "free_text"
    assert "「地域名」" in fault.remedy


@pytest.mark.parametrize(
    ("text", "line"),
    [("title: a\n  owner: : b\n", "2行目"), ("title: 'a\n", ""), ("\ttitle: a", "1行目")],
)
def test_text_that_is_no_yaml_is_told_with_its_line(tmp_path, text, line):
    fault = fault_of(write_register(tmp_path, **{"citizens/second.yaml": text}))
    assert "YAML" in fault.message
    assert line in fault.path


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "ただの文"])
def test_yaml_that_is_no_contract_is_told(tmp_path, text):
    fault = fault_of(write_register(tmp_path, **{"citizens/second.yaml": text}))
    assert fault.file.name == "second.yaml"
    assert JAPANESE.search(fault.message)


def test_a_key_that_stands_twice_loses_nothing_in_silence(tmp_path):
    text = "name: はるみ市\nprefecture: 大阪府\nname: べつの市\n"
    fault = fault_of(write_register(tmp_path, **{"city.yaml": text}))
    assert "「name」が2回" in fault.message
    assert fault.path == "3行目"


def test_files_in_another_encoding_are_told_and_a_bom_does_not_matter(tmp_path):
    root = write_register(tmp_path, **{"citizens/second.yaml": "title: a"})
    (root / "citizens/second.yaml").write_bytes("title: 表題".encode("cp932"))
    (root / "marts/by_town.sql").write_bytes("SELECT town -- 町".encode("cp932"))
    assert {f.file.name: "UTF-8" in f.message for f in faults_of(root)} == {
        "second.yaml": True,
        "by_town.sql": True,
    }
    (root / "citizens/second.yaml").unlink()
    (root / "marts/by_town.sql").write_text("SELECT town", "utf-8-sig")
    assert load_register(root).marts["by_town"].sql == "SELECT town"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("citizens/利用者.yaml", "英小文字"),
        ("citizens/Users2.yaml", "英小文字"),
        ("citizens/group.yaml", "予約語"),
        ("citizens/extra.yml", ".yaml"),
        ("citizens/usres.corrections.yaml", "対になる"),
        ("citizens/usres.sample.csv", "対になる"),
        ("marts/by_twon.sql", "対になる"),
    ],
)
def test_a_file_that_would_be_passed_over_is_told(tmp_path, name, word):
    fault = fault_of(write_register(tmp_path, **{name: CONTRACT}))
    assert fault.file.name == name.split("/")[1]
    assert word in str(fault)


def test_a_missing_sql_is_told(tmp_path):
    root = write_register(tmp_path, **{"marts/by_town.sql": None})
    assert "by_town.sql" in fault_of(root).remedy


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert fault_of(tmp_path / "nowhere").file.name == "city.yaml"


@pytest.mark.parametrize("field", ["match", "expect", "column"])
def test_a_correction_of_a_column_that_is_not_there_is_told(tmp_path, field):
    wrong = "visit_cuont" if field == "column" else {"visit_cuont": "600"}
    name = "citizens/users.corrections.yaml"
    fault = fault_of(write_register(tmp_path, **{name: [{**FIX, field: wrong}]}))
    assert "visit_cuont" in fault.message
    assert "「visit_count」" in fault.remedy


def test_what_stands_beside_a_contract_belongs_to_it(tmp_path):
    plain = load_register(write_register(tmp_path)).datasets["users"]
    assert (plain.sample, plain.tidy, plain.corrections.root) == (None, None, [])
    write(tmp_path, "citizens/users.corrections.yaml", [FIX])
    write(tmp_path, "citizens/users.sample.csv", "番号,町名,回数\n")
    write(tmp_path, "citizens/users.py", "def tidy(frame): return frame\n")
    full = load_register(tmp_path).datasets["users"]
    assert full.sample == tmp_path / "citizens" / "users.sample.csv"
    assert full.tidy == tmp_path / "citizens" / "users.py"
    assert full.corrections.root[0].reason == "打ち間違い"
    assert full.fingerprint != plain.fingerprint


def test_a_fingerprint_follows_the_declaration_and_the_border_between_parts(tmp_path):
    first = load_register(write_register(tmp_path)).datasets["users"].fingerprint
    again = load_contract_with(tmp_path).datasets["users"].fingerprint
    other = load_contract_with(tmp_path, title="別").datasets["users"].fingerprint
    assert first == again != other
    assert fingerprint(b"ab", b"c") != fingerprint(b"a", b"bc") != fingerprint(b"abc")


def test_an_address_is_one_of_the_own_city_unless_it_says_another(tmp_path):
    town = CONTRACT["columns"]["town"]
    columns = CONTRACT["columns"] | {
        "address": town | {"type": "address", "source": "住所"},
        "birthplace": town | {"type": "address", "source": "出生地", "city": "272035"},
    }
    contract = changed(CONTRACT, columns=columns)
    prints = []
    for code in ("272051", "272078"):
        city = changed(CITY, local_government_code=code)
        files = {"citizens/users.yaml": contract, "city.yaml": city}
        users = load_register(write_register(tmp_path / code, **files)).datasets["users"]
        read = users.contract.columns
        assert (read["address"].city, read["birthplace"].city) == (code, "272035")
        assert read["town"].city is None
        prints.append(users.fingerprint)
    assert len(set(prints)) == 2
