"""Every source of the city, found by its module: each in `systems` has `deliver(city)`."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from pipelines.whole_city import systems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City, Delivery


def deliveries(city: City) -> Iterator[Delivery]:
    """Give what all departments deliver, module after module; one frame is held at a time."""
    for found in sorted(module.name for module in pkgutil.iter_modules(systems.__path__)):
        yield from importlib.import_module(f"{systems.__name__}.{found}").deliver(city)
