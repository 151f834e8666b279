"""Run one evidence notebook headless, in a process of its own, and keep its page.

The notebook reads through the analysts' connection and nothing else; it runs again only when the
tables it names, or its own text, have changed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assets.register import fingerprint
from warehouse.account import Account, Outcome
from warehouse.atomic import write_atomically
from warehouse.mart import sources_version
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    import duckdb

    from assets.release import Case
    from warehouse.home import Home

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
SECONDS = 900


def page_path(home: Home, name: str) -> Path:
    """Give the path of a case's page."""
    return home.reports / "cases" / f"{name}.html"


def stamp_path(home: Home, name: str) -> Path:
    """Give the path of the note that says from what the page was made, and when."""
    return home.reports / "cases" / f"{name}.json"


def run_case(con: duckdb.DuckDBPyConnection, home: Home, name: str, case: Case) -> Outcome:
    """Bring a case's page up to its data. `con` has `internal` attached.

    Raises:
        Refusal: `case.failed` when the notebook stops on an error.
    """
    asset = f"evidence/{name}"
    notebook = NOTEBOOKS / "cases" / case.notebook
    code = b"".join(p.read_bytes() for p in sorted((NOTEBOOKS / "toolkit").glob("*.py")))
    version = fingerprint(sources_version(con, case.sources).encode(), notebook.read_bytes(), code)
    if not _has_rows(con, case.sources):
        note = "データがまだ届いていないので、実行しませんでした"
        return Outcome(asset, Account(notes=(note,)), version, changed=False)
    page, stamp = page_path(home, name), stamp_path(home, name)
    if (
        stamp.is_file()
        and page.is_file()
        and json.loads(stamp.read_text("utf-8"))["version"] == version
    ):
        return Outcome(asset, Account(), version, changed=False)
    _render(home, notebook, page, case)
    write_atomically(stamp, json.dumps({"version": version}))
    return Outcome(asset, Account(), version, changed=True)


def _has_rows(con: duckdb.DuckDBPyConnection, sources: list[str]) -> bool:
    counts = [con.sql(f"SELECT count(*) FROM internal.{source}").fetchone() for source in sources]
    return all(count is not None and count[0] > 0 for count in counts)


def _render(home: Home, notebook: Path, page: Path, case: Case) -> None:
    page.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "notebooks.toolkit.render", str(notebook), str(page)]
    environment = {**os.environ, "MACHIKANE_HOME": str(home.root)}
    done = subprocess.run(  # noqa: S603 - our own module, our own paths
        command, env=environment, capture_output=True, timeout=SECONDS, check=False
    )
    if done.returncode != 0:
        raise Refusal(
            "case.failed",
            f"分析ノート「{case.title}」が途中で止まりました。",
            f"notebooks/cases/{case.notebook}",
            "JupyterLab で開き、上から順に実行して止まるセルを確かめてください。",
        )
