"""`machikane check`: what the models cannot see is found without any data."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from assets.register import load_register
from pipelines.commands.check import check_dataset, check_register
from tests.unit.warehouse.small_city import make_dataset, people


@pytest.fixture
def sampled(tmp_path):
    def make(text, **changes):
        path = tmp_path / "people.sample.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return replace(make_dataset(**changes), sample=path)

    return make


def _faults(dataset):
    return [(Path(f.file).name, f.path, f.message) for f in check_dataset(dataset)]


def test_a_right_sample_has_no_faults(sampled):
    assert _faults(sampled(people("001,甲,本町,1", "002,乙,南町,2"))) == []
    assert _faults(make_dataset()) == []


def test_a_value_the_contract_refuses_is_found_in_its_row(sampled):
    found = _faults(sampled(people("001,甲,本町,1", "0002,乙,南町,-2")))
    assert found == [
        ("people.sample.csv", "3行目の person_id", "番号の桁数違い"),
        ("people.sample.csv", "3行目の visit_count", "範囲外の値"),
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (people(), "データの行がありません"),
        ("番号,氏名,回数\n001,甲,1\n", "町名"),
        ("番号,氏名,町名,回数,備考\n001,甲,本町,1,x\n", "契約にない列"),
        (people("001,甲,本町,1").encode("cp932"), "文字コード"),
        ("", "番号"),
    ],
)
def test_a_sample_of_another_shape_is_found(sampled, text, word):
    found = _faults(sampled(text))
    assert len(found) == 1
    assert found[0][0] == "people.sample.csv"
    assert word in found[0][2]


@pytest.mark.parametrize("pattern", ["f_{yaer}.csv", "f_{year}_{year}.csv"])
def test_a_file_pattern_that_cannot_be_read_is_found(pattern):
    source = {"file": pattern, "format": "csv", "encoding": "utf-8"}
    found = _faults(make_dataset(source=source))
    assert [(name, path) for name, path, _ in found] == [("people.yaml", "source.file")]


def test_the_built_in_register_has_no_faults():
    register, out = load_register(), io.StringIO()
    assert check_register(Console(file=out, width=200), register) == 0
    assert "誤りはありません" in out.getvalue()


def test_a_register_with_faults_ends_with_two(sampled):
    bad = sampled(people("0001,甲,本町,1"))
    register, out = load_register(), io.StringIO()
    console = Console(file=out, width=200)
    assert check_register(console, replace(register, datasets={"people": bad})) == 2
    assert "番号の桁数違い" in out.getvalue()
    assert "誤りが 1 件" in out.getvalue()
