"""The layouts and mappings shipped with the code, without the rest of the register."""

from __future__ import annotations

from assets.exchange import EntityMapping
from assets.register import BUILT_IN
from assets.standard import Standard
from assets.strict_yaml import load_yaml

STANDARDS = {
    path.stem: Standard.model_validate(load_yaml(path.read_text("utf-8")))
    for path in sorted((BUILT_IN / "standards").glob("*.yaml"))
}
MAPPINGS = {
    path.stem: EntityMapping.model_validate(load_yaml(path.read_text("utf-8")))
    for path in sorted((BUILT_IN / "exchange").glob("*.yaml"))
}
