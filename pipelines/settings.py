"""Where a run finds its inbox and its register, told by the environment. Loads no engine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from assets.register import BUILT_IN

if TYPE_CHECKING:
    from warehouse.home import Home


def register_root() -> Path:
    """Give the register's folder: `MACHIKANE_REGISTER`, or the one shipped with the code."""
    return Path(os.environ.get("MACHIKANE_REGISTER") or BUILT_IN)


def inbox_folder(home: Home) -> Path:
    """Give the inbox: `MACHIKANE_INBOX`, or `inbox` under the home."""
    named = os.environ.get("MACHIKANE_INBOX")
    return Path(named).resolve() if named else home.inbox
