"""Edit a YAML text in place: what is not edited stays to the letter, comments and layout too.

The places come from PyYAML's own marks; flow style stays flow style, block style block style.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

from assets.strict_yaml import load_yaml
from warehouse.drift.edits import Edit, apply_edits
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = re.compile(r"[^\W\d][^:#,\[\]{}'\"?\s\x7f-\xa0\u2028\u2029\ufeff]*")
_UNPRINTABLE = re.compile(
    "[\x7f-\xa0\u2028\u2029\ufeff]|[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


def edit_text(text: str, edits: Iterable[Edit]) -> str:
    """Make the edits in a YAML text.

    Raises:
        Refusal: `contract.not_editable`, when the text is written in a way that cannot be edited
            in place (anchors, merged keys).
    """
    edits = list(edits)
    wanted = apply_edits(_mapping(text), edits)
    try:
        for edit in edits:
            text = _edit(text, edit)
        made = _mapping(text)
    except (yaml.YAMLError, LookupError, TypeError):
        made = {}
    if made != wanted:
        raise Refusal(
            "contract.not_editable",
            "契約の YAML の書き方が特殊なため、自動では書き換えられません。",
            "、".join(".".join(map(str, edit.path)) for edit in edits),
            "表示された差分のとおりに、手で書き足してください。",
        )
    return text


def render(value: object) -> str:
    """Write a value on one line, as the register's YAML is written by hand."""
    if isinstance(value, dict):
        items = (f"{_scalar(key)}: {render(item)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(render, value)) + "]"
    return _scalar(value)


def _mapping(text: str) -> dict[str, Any]:
    loaded = load_yaml(text)
    if not isinstance(loaded, dict):
        raise TypeError("a contract is a mapping")
    return loaded


def _scalar(value: object) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value == value.strip() and yaml.safe_load(value) == value:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _edit(text: str, edit: Edit) -> str:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for depth, part in enumerate(edit.path):
        child = _child(node, part)
        if child is None:
            rest = edit.path[depth + 1 :]
            return _insert(text, node, part, _nest(rest, edit.value))
        node = child
    if node is None:
        raise TypeError("an empty document")
    return text[: node.start_mark.index] + render(edit.value) + text[_end(node) :]


def _nest(path: tuple[str | int, ...], value: object) -> object:
    for part in reversed(path):
        value = {part: value}
    return value


def _child(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((v for k, v in node.value if k.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return node.value[part] if part < len(node.value) else None
    raise TypeError("no place of that name")


def _end(node: yaml.Node) -> int:
    """Find where a node's own text ends: block nodes are marked up to the next thing after them."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return node.end_mark.index


def _insert(text: str, node: yaml.Node | None, part: str | int, value: object) -> str:
    """Put a new key or item behind the last one of a collection."""
    if not isinstance(node, yaml.CollectionNode):
        raise TypeError("only a collection can take one more")
    item = f"{_scalar(part)}: " if isinstance(node, yaml.MappingNode) else "- "
    if node.flow_style:
        item = item if isinstance(node, yaml.MappingNode) else ""
        at = _end(node.value[-1][1] if isinstance(node.value[-1], tuple) else node.value[-1]) if node.value else node.start_mark.index + 1  # fmt: skip
        return text[:at] + (", " if node.value else "") + item + render(value) + text[at:]
    first = node.value[0][0] if isinstance(node, yaml.MappingNode) else node.value[0]
    indent = " " * (first.start_mark.column - (0 if isinstance(node, yaml.MappingNode) else 2))
    break_ = "\r\n" if "\r\n" in text else "\n"
    at = text.find("\n", _end(node) - (text[_end(node) - 1] == "\n"))
    head = text[: at + 1] if at >= 0 else text + break_
    tail = text[at + 1 :] if at >= 0 else ""
    return head + _block(indent, item, value, break_) + tail


def _block(indent: str, item: str, value: object, break_: str) -> str:
    """Write a new key of a block; a mapping under it goes on lines of its own."""
    if isinstance(value, dict) and item != "- ":
        lines = [f"{indent}{item.rstrip()}"]
        lines += [f"{indent}  {_scalar(key)}: {render(inner)}" for key, inner in value.items()]
    else:
        lines = [f"{indent}{item}{render(value)}"]
    return "".join(line + break_ for line in lines)
