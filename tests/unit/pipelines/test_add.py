"""`machikane add`: a draft in the register that passes its own check; nothing is written over."""

from __future__ import annotations

import io
import shutil

import pytest
from rich.console import Console

from assets.register import BUILT_IN, load_register
from pipelines.commands.add import add_dataset
from pipelines.commands.check import check_register
from warehouse.refusal import Refusal

FILE = "施設コード,名称,住所\n0101,岡町図書館,岡町北3-4-2\n0102,中央公民館,曽根東町3-7-3\n"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "register"
    folder.mkdir()
    shutil.copy2(BUILT_IN / "city.yaml", folder)
    return folder


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "公共施設_202604.csv"
    path.write_text(FILE, "utf-8")
    return path


def add(root, file, department="財務部", name=None):
    console = Console(file=io.StringIO(), width=200)
    register = load_register(root)
    return add_dataset(console, register, file, department=department, name=name), console


def test_the_draft_passes_the_check(root, file):
    target, console = add(root, file)
    register = load_register(root)
    assert target == register.datasets["public_facility"].path
    assert check_register(Console(file=io.StringIO()), register) == 0
    said = console.file.getvalue()
    assert "次にすること" in said
    assert "隔離される行: 0" in said
    assert register.datasets["public_facility"].contract.owner.department == "財務部"


def test_what_a_person_must_confirm_is_marked(root, file):
    target, _ = add(root, file)
    lines = target.read_text("utf-8").splitlines()
    marked = [line.split(":")[0].strip() for line in lines if line.endswith("# 要確認")]
    assert {"owner", "legal_basis", "retention", "facility_code", "name", "address"} <= {*marked}


def test_a_file_that_a_dataset_takes_is_not_added_twice(root, file):
    add(root, file)
    with pytest.raises(Refusal) as refused:
        add(root, file, name="another")
    assert refused.value.rule == "add.known_file"


def test_nothing_is_written_over(root, file, tmp_path):
    target, _ = add(root, file)
    before = target.read_bytes()
    other = tmp_path / "別の施設.csv"
    other.write_text(FILE, "utf-8")
    with pytest.raises(Refusal) as refused:
        add(root, other, name="public_facility")
    assert refused.value.rule == "add.exists"
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    ("department", "name"),
    [("鬱", None), ("marts", None), ("財務部", "Bad Name"), ("財務部", "table")],
)
def test_names_that_cannot_be_used_are_refused(root, file, department, name):
    with pytest.raises(Refusal):
        add(root, file, department=department, name=name)
    assert [path.name for path in root.iterdir()] == ["city.yaml"]
