"""Who asked which tables, when, in which role: one line a question, for the roles that are audited.

The question itself is kept as a hash: its text may hold a person's values.
"""

from __future__ import annotations

import datetime as dt
import getpass
import hashlib
import json
from typing import TYPE_CHECKING

from warehouse.atomic import append_line
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from warehouse.home import Home


def note_question(home: Home, role: str, tables: Iterable[str], query: str) -> None:
    """Write the line before the question is answered: no line, no answer.

    Raises:
        Refusal: `analyst.audit` when the line cannot be written.
    """
    path = home.root / "audit" / "questions.jsonl"
    line = {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        "user": getpass.getuser(),
        "role": role,
        "tables": sorted(set(tables)),
        "query_sha256": hashlib.sha256(query.encode()).hexdigest(),
    }
    try:
        append_line(path, json.dumps(line, ensure_ascii=False))
    except OSError as error:
        raise Refusal(
            "analyst.audit",
            f"閲覧の記録を書けないので、お見せできません({type(error).__name__})。",
            str(path),
            "このフォルダに書き込めるように、権限と空き容量を確かめてください。",
        ) from None
