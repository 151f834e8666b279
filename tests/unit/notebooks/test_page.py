import base64
from datetime import UTC, datetime

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from notebooks.toolkit.page import build_page, find_title
from notebooks.toolkit.sanitize import list_outside_references

MADE_AT = datetime(2026, 4, 1, 9, 5, tzinfo=UTC)


def build(*cells):
    return build_page(new_notebook(cells=list(cells)), name="a.ipynb", made_at=MADE_AT)


def show(data, **metadata):
    return new_code_cell("x", outputs=[new_output("display_data", data, metadata=metadata)])


def test_the_page_is_japanese_and_names_itself():
    page = build(new_markdown_cell("# 来庁は<何件>減るか"))
    assert page.startswith('<!DOCTYPE html>\n<html lang="ja">')
    assert "<title>来庁は&lt;何件&gt;減るか</title>" in page
    assert "2026年4月1日 09:05" in page
    assert "default-src 'none'" in page
    assert list_outside_references(page) == []


def test_title_is_the_first_heading():
    cells = [new_code_cell("# no"), new_markdown_cell("## 小\n# 大"), new_markdown_cell("# 次")]
    assert find_title(new_notebook(cells=cells)) == "大"
    assert find_title(new_notebook()) is None


def test_pictures_are_embedded_with_their_alternative():
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
    page = build(show({"image/svg+xml": svg}, **{"image/svg+xml": {"alt": '図"の説明'}}))
    encoded = base64.b64encode(svg.encode()).decode()
    assert f'<img alt="図&quot;の説明" src="data:image/svg+xml;base64,{encoded}">' in page
    assert list_outside_references(page) == []


def test_programs_without_results_join_the_next_and_stay_escaped():
    page = build(
        new_code_cell("a = 1 < 2"), show({"text/markdown": "**結果**"}), new_code_cell("z")
    )
    assert page.count("プログラムを見る") == 2
    assert "a = 1 &lt; 2\n\nx</pre>" in page
    assert page.index("<strong>結果</strong>") < page.index("a = 1")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"text/html": "<b>表</b>", "text/plain": "t"}, "<b>表</b>"),
        ({"text/html": "<script>draw()</script>", "text/plain": "t"}, "動きのある出力"),
        ({"application/json": {}, "text/plain": "<形>"}, "<pre>&lt;形&gt;</pre>"),
        ({"image/png": "x", "text/plain": "t"}, "図のデータが壊れている"),
    ],
)
def test_the_richest_safe_form_is_chosen(data, expected):
    assert expected in build(show(data))


def test_streams_lose_colours_and_warnings_are_folded():
    outputs = [
        new_output("stream", name="stdout", text="\x1b[31m赤\x1b[0m"),
        new_output("stream", name="stderr", text="careful"),
    ]
    page = build(new_code_cell("x", outputs=outputs))
    assert "<pre>赤</pre>" in page
    assert "<summary>実行時の注意を見る</summary><pre>careful</pre>" in page


def test_an_error_that_was_allowed_shows_its_type_alone():
    error = new_output("error", ename="ValueError", evalue="山田", traceback=["山田"])
    page = build(new_code_cell("x", outputs=[nbformat.from_dict(error)]))
    assert "ValueError" in page
    assert "山田" not in page
