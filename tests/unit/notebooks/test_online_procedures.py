"""The case as the analyst finds it, and as the mayor reads it."""

import re
from html import unescape
from pathlib import Path

import nbformat
import pytest

from notebooks.toolkit.render import render_notebook
from notebooks.toolkit.sanitize import list_outside_references

NOTEBOOK = Path(__file__).parents[3] / "notebooks" / "cases" / "online_procedures.ipynb"


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


def render(tmp_path, **values):
    page = tmp_path / "out.html"
    render_notebook(NOTEBOOK, page, values=values)
    return page.read_text(encoding="utf-8")


def read_text(page):
    """The words of the page without its markup, programs and pictures."""
    body = re.sub(r"<details.*?</details>", "", page.split("<body>")[1], flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", body))


def test_it_is_a_clean_notebook(notebook):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in codes)
    assert codes[0].metadata.tags == ["parameters"]
    assert "TARGET_RATE_PCT = 50" in codes[0].source
    assert max(cell.source.count("\n") for cell in codes) < 35


def test_no_number_of_the_tables_is_typed_by_hand(notebook, online_usage, guide_usage):
    source = "\n".join(cell.source for cell in notebook.cells).replace(",", "")
    typed = set(re.findall(r"\d+(?:\.\d+)?", source))
    known = {
        str(value)
        for frame in (online_usage, guide_usage)
        for column in frame.iter_columns()
        if column.dtype.is_numeric()
        for value in column
        if value >= 5
    }
    assert typed & known == {"5"} & typed  # a section number
    assert not any(name in source for name in online_usage["procedure_name"])


def test_the_mayor_reads_the_answer(kernel_environment, tmp_path):
    page = render(tmp_path)
    text = read_text(page)
    assert list_outside_references(page) == []
    assert "スナップショット 41" in text
    assert "最も減るのは「粗大ごみ」で、1年度に最大 28,145件" in text
    assert "次は「水道」の10,972件" in text
    assert "12種類のうち7種類" in text
    assert "最大で42,276件 減ります" in text
    assert "来庁が39.0％を下回ると" in text
    assert "最も減るのは図書館の83,216件" in text
    assert "76.9％では地方税" in text
    assert "四捨五入の範囲で一致しています" in text
    assert page.count("data:image/svg+xml;base64,") == 4
    assert "実行時の注意を見る" not in page
    assert list(kernel_environment.iterdir()) == []


@pytest.mark.usefixtures("kernel_environment")
def test_another_target_and_share_change_every_sentence(tmp_path):
    text = read_text(render(tmp_path, TARGET_RATE_PCT=60, VISIT_SHARE_PCT=50))
    assert "最大 18,260件" in text
    assert "50％が来庁とみています" in text
    assert "12種類のうち8種類" in text
    assert "28,145" not in text.split("最も減るのは「")[1].split("1. いまの姿")[0]
