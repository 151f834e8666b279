"""YAML text into plain values, refusing what YAML would swallow: a key that stands twice.

Only the reading of text stands here; what the values mean is said by the models.
"""

from __future__ import annotations

from typing import Any

import yaml


def load_yaml(text: str) -> object:
    """Read one YAML document.

    Raises:
        yaml.YAMLError: when it is no YAML, or a mapping holds the same key twice.
    """
    return yaml.load(text, Loader=_UniqueKeys)  # noqa: S506 - a SafeLoader


# The parser written in C where PyYAML has it: the register is read by every command.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _UniqueKeys(_SafeLoader):
    """A safe loader for which the second of two equal keys is an error, not a replacement."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"「{key.value}」が2回書かれています", key.start_mark
                )
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep)
