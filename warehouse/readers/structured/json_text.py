"""JSON parsed without touching a spelling: numbers stay as they were written, keys are unique."""

from __future__ import annotations

import json
from typing import Any

LEVEL = "/"
_SLASH = "∕"


class Number(str):
    """A number as the file spells it: `1.10`, `007e1`, twenty digits."""

    __slots__ = ()


class DuplicateKeyError(ValueError):
    """An object that says one thing twice; the key is no value of a row."""

    def __init__(self, key: str) -> None:
        """Keep the key."""
        super().__init__("a key stands twice")
        self.key = key


def load_json(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Parse one JSON text.

    Raises:
        ValueError: it is no JSON.
        DuplicateKeyError: an object has a key twice.
        RecursionError: it is nested too deeply.
    """
    return json.loads(
        text,
        parse_float=Number,
        parse_int=Number,
        parse_constant=Number,
        object_pairs_hook=_unique,
        strict=False,
    )


def flatten(record: dict[str, Any], prefix: str = "") -> dict[str, str | None]:
    """Spread an object over paths; lists stay JSON text, null stays null, "" stays ""."""
    cells: dict[str, str | None] = {}
    for key, value in record.items():
        path = prefix + key.replace(LEVEL, _SLASH)
        if isinstance(value, dict) and value:
            cells |= flatten(value, path + LEVEL)
        else:
            cells[path] = spell(value)
    return cells


def spell(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Write one value as the text of a cell."""
    return value if value is None or isinstance(value, str) else to_text(value)


def to_text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write a value as JSON, its numbers as they were."""
    if isinstance(value, dict):
        items = (f"{to_text(str(key))}:{to_text(item)}" for key, item in value.items())
        return "{" + ",".join(items) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(to_text, value)) + "]"
    return str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise DuplicateKeyError(next(key for key in keys if keys.count(key) > 1))
    return made
