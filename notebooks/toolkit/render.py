"""Run a notebook without a screen and save a page that anyone can open.

    python -m notebooks.toolkit.render NOTEBOOK.ipynb OUT.html --executed OUT.ipynb

Here belong the command line and the files. Here do not belong the running of
cells, nor the look of the page. Either every file asked for is written, whole,
or none is.
"""

import argparse
import contextlib
import secrets
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import nbformat
from nbformat.reader import NotJSONError

from notebooks.toolkit.kernel import CellFailedError, run_notebook
from notebooks.toolkit.page import build_page
from notebooks.toolkit.parameters import ParameterError, inject_parameters, parse_settings
from notebooks.toolkit.sanitize import list_outside_references

JST = timezone(timedelta(hours=9), "JST")
CELL_SECONDS = 600
# What nbformat lets slip when JSON is of another shape than a notebook's.
MALFORMED = (AttributeError, KeyError, TypeError, ValueError)


class RenderError(Exception):
    """A notebook could not be rendered; the message is three lines of Japanese."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The words after the command; those of the process by default.

    Returns:
        0 when all files are written, 1 when none is (the reason on stderr).
    """
    options = _parse(arguments)
    try:
        render_notebook(
            options.notebook,
            options.page,
            executed=options.executed,
            values=parse_settings(options.set),
            timeout_seconds=options.timeout,
        )
    except (CellFailedError, ParameterError, RenderError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.page} を作成しました。")
    return 0


def render_notebook(
    notebook: Path,
    page: Path,
    *,
    executed: Path | None = None,
    values: dict[str, object] | None = None,
    timeout_seconds: int = CELL_SECONDS,
) -> None:
    """Run a notebook and save it as one HTML file.

    The kernel works in the current directory, as every other command does.

    Args:
        notebook: The notebook to run; it is not changed.
        page: The HTML file to write.
        executed: Where to save the notebook with its outputs, if at all.
        values: Parameters to set, by name.
        timeout_seconds: Longest time for one cell.

    Raises:
        CellFailedError: A cell failed.
        ParameterError: The notebook has no such parameter.
        RenderError: A file cannot be read or written, or the page would reach out.
    """
    node = _read_notebook(notebook)
    inject_parameters(node, values or {}, name=notebook.name)
    run_notebook(node, name=notebook.name, folder=Path.cwd(), timeout_seconds=timeout_seconds)
    text = build_page(node, name=notebook.name, made_at=datetime.now(JST))
    found = list_outside_references(text)
    if found:
        raise RenderError(
            f"外部を参照する内容が残ったため、保存しませんでした({'、'.join(sorted(set(found)))})。\n"
            f"場所: {notebook.name} の出力\n"
            "次に: 外部の画像やスクリプトを使う出力をノートから除いてください。"
        )
    if executed:
        _write_whole(executed, nbformat.writes(node) + "\n")
    _write_whole(page, text)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m notebooks.toolkit.render",
        description="ノートを実行し、1つのHTMLファイルにまとめます。",
    )
    parser.add_argument("notebook", type=Path, help="実行するノート(.ipynb)")
    parser.add_argument("page", type=Path, help="作成するHTMLファイル")
    parser.add_argument("--executed", type=Path, help="実行結果つきのノートの保存先")
    parser.add_argument("--set", action="append", default=[], metavar="名前=値", help="パラメータ")
    parser.add_argument(
        "--timeout", type=int, default=CELL_SECONDS, metavar="秒", help="1セルの制限時間"
    )
    return parser.parse_args(arguments)


def _read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read and validate a notebook file."""
    try:
        # The dictionary keeps faults out of the library's log, which would quote cells.
        node = nbformat.read(path, as_version=4, capture_validation_error={})
        nbformat.validate(node)
    except (OSError, NotJSONError, nbformat.ValidationError, *MALFORMED):
        reason = "ノートの形式が正しくありません" if path.is_file() else "ノートが見つかりません"
    else:
        return node
    raise RenderError(
        f"{reason}。\n場所: {path}\n次に: パスを確かめ、JupyterLabで開いて保存し直してください。"
    )


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that readers see the old one or the new one."""
    # Not a mkstemp file: those are closed to the colleagues who are to read the page.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise RenderError(
            f"ファイルを書き込めません({type(error).__name__})。\n場所: {path}\n"
            "次に: 書き込みの許可と空き容量、ほかで開いていないかを確かめてください。"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
