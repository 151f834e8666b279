"""Tell a workbook of corrected rows from a delivery when it lies in the inbox, under any name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.landing import find_returned, hash_file, is_kept
from warehouse.refusal import Refusal
from warehouse.returns.reading import is_workbook, recognise

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from warehouse.home import Home
    from warehouse.readers.child import ParsingChild


def find_dataset(
    home: Home, path: Path, datasets: Container[str], child: ParsingChild
) -> str | None:
    """Tell whose corrected rows a file holds; None when it is any other file.

    The file is opened in the child, and only when its bytes are new to this home.

    Raises:
        Refusal: `returned.damaged`, `returned.newer`, `returned.as_text` or `returned.unknown`.
    """
    if not is_workbook(path):
        return None
    sha256 = hash_file(path)
    found = find_returned(home, sha256)
    if found is None and not is_kept(home, sha256):
        found = _ask(path, child)
    if found is not None and found not in datasets:
        raise Refusal(
            "returned.unknown",
            f"直した行のデータセット {found} が、この台帳にありません。",
            path.name,
            "書き出した台帳で取り込むか、データセットの名前が変わっていないかを確かめてください。",
        )
    return found


def _ask(path: Path, child: ParsingChild) -> str | None:
    try:
        return child.run(recognise, path, path.name, file=path.name)
    except Refusal as refusal:
        if refusal.rule.startswith("returned."):
            raise
        return None  # a file that cannot be opened is refused where deliveries are read
