"""What every step of a run shares: the home, the register, one lake connection, one parser.

Opened when the first step needs it, closed when the run ends.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from assets.register import Register, load_register
from pipelines.settings import inbox_folder, register_root
from warehouse.home import Home
from warehouse.lake import ZONES, open_lake
from warehouse.readers.child import ParsingChild

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Platform:
    """The open platform. `con` has all zones attached for writing."""

    home: Home
    inbox: Path
    register: Register
    con: duckdb.DuckDBPyConnection
    parser: ParsingChild = field(repr=False)


@dg.resource(description="データ基盤(受付箱、台帳、倉庫の接続)")
def platform_resource(_context: dg.InitResourceContext) -> Generator[Platform, None, None]:
    """Open the platform for one run."""
    home = Home.from_environment()
    register = load_register(register_root())
    with ParsingChild() as parser, open_lake(home, write=ZONES) as con:
        yield Platform(home, inbox_folder(home), register, con, parser)
