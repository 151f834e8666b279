"""The code location Dagster loads: the blueprint applied to the register in use."""

from __future__ import annotations

from assets.register import load_register
from pipelines.blueprint import make_definitions
from pipelines.settings import register_root

defs = make_definitions(load_register(register_root()))
