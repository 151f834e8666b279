"""Make one HTML file of an executed notebook.

Here belong the layout of the page and the choice among the forms an output
comes in. Here do not belong cleaning rules, files, or the running of cells.

The page has no script and asks nothing of any network: what it shows, it holds.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import nbformat

from notebooks.toolkit.sanitize import clean_html, convert_markdown

STYLE_SHEET = Path(__file__).with_name("page.css")
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif")
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'"
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_HEADING = re.compile(r"^#\s+(.+?)\s*$", re.MULTILINE)


def build_page(notebook: nbformat.NotebookNode, *, name: str, made_at: datetime) -> str:
    """Write the whole page.

    Args:
        notebook: An executed notebook.
        name: The notebook's file name, for the footer.
        made_at: When it was run, for the footer.

    Returns:
        A complete HTML document.
    """
    title = html.escape(find_title(notebook) or name)
    cells = "\n".join(_render_cells(notebook.cells))
    made = f"{made_at.year}年{made_at.month}月{made_at.day}日 {made_at:%H:%M}"
    return f"""<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
{STYLE_SHEET.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
{cells}
<footer>{made} に、ノート「{html.escape(name)}」を実行して作成しました。</footer>
</main>
</body>
</html>
"""


def find_title(notebook: nbformat.NotebookNode) -> str | None:
    """Find the first top-level heading.

    Args:
        notebook: Any notebook.

    Returns:
        Its text; None when there is none.
    """
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    headings = (match[1] for match in map(_HEADING.search, texts) if match)
    return next(headings, None)


def _render_cells(cells: Sequence[nbformat.NotebookNode]) -> Iterator[str]:
    """Write the cells: prose as it is, programs folded below their results.

    Programs that show nothing are folded together with the next that does.
    """
    programs: list[str] = []
    for cell in cells:
        if cell.cell_type == "code":
            programs.append(cell.source)
        outputs = "".join(_wrap_outputs(cell.get("outputs", [])))
        if outputs or cell.cell_type == "markdown":
            prose = convert_markdown(cell.source) if cell.cell_type == "markdown" else ""
            fold_first = _fold_programs(programs) if prose else ""
            yield f"{fold_first}{prose}{outputs}{_fold_programs(programs)}"
    yield _fold_programs(programs)


def _fold_programs(programs: list[str]) -> str:
    """Fold the programs gathered so far into one, and forget them."""
    text = "\n\n".join(filter(str.strip, programs))
    programs.clear()
    return _fold("プログラムを見る", text)


def _wrap_outputs(outputs: Sequence[nbformat.NotebookNode]) -> Iterator[str]:
    """Write each output that has something to show."""
    for markup in filter(None, map(_render_output, outputs)):
        yield f'<div class="output">{markup}</div>'


def _render_output(output: nbformat.NotebookNode) -> str:
    """Write one output."""
    if output.output_type == "stream":
        text = _ANSI.sub("", output.text)
        return _fold("実行時の注意を見る", text) if output.name == "stderr" else _preformat(text)
    if output.output_type == "error":
        return f'<p class="notice">このセルは例外 {html.escape(output.ename)} で止まりました。</p>'
    return _render_data(output.data, output.get("metadata", {}))


def _render_data(data: nbformat.NotebookNode, metadata: nbformat.NotebookNode) -> str:
    """Write the richest form that a page without script can hold."""
    text = _join(data.get("text/plain", ""))
    for kind in PICTURES:
        if kind in data:
            alt = metadata.get(kind, {}).get("alt") or metadata.get("alt") or text
            return _embed_picture(kind, _join(data[kind]), alt)
    if "text/markdown" in data:
        return convert_markdown(_join(data["text/markdown"]))
    if "text/html" in data:
        return clean_html(_join(data["text/html"])).strip() or (
            '<p class="notice">動きのある出力のため、この文書には含めていません。'
            "JupyterLabで元のノートを開いてご覧ください。</p>"
        )
    return _preformat(text)


def _embed_picture(kind: str, content: str, alt: str) -> str:
    """Put a picture into the page; as an ``img`` an SVG can neither run nor fetch."""
    try:
        raw = content.encode() if "svg" in kind else base64.b64decode(content)
    except binascii.Error:
        return '<p class="notice">図のデータが壊れているため、表示できません。</p>'
    encoded = base64.b64encode(raw).decode("ascii")
    return f'<img alt="{html.escape(alt)}" src="data:{kind};base64,{encoded}">'


def _fold(summary: str, text: str) -> str:
    """Write text that opens on request."""
    return (
        f'<details class="program"><summary>{summary}</summary>{_preformat(text)}</details>'
        if text.strip()
        else ""
    )


def _preformat(text: str) -> str:
    """Write text as it stands."""
    return f"<pre>{html.escape(_ANSI.sub('', text))}</pre>" if text.strip() else ""


def _join(value: str | list[str]) -> str:
    """Join the lines in which notebook files keep long texts."""
    return value if isinstance(value, str) else "".join(value)
