"""All layouts a file may have: current, older, and the second form of those with prefixed columns.

Belongs here: gathering and deriving layouts. Must not hold: choosing one (`detect`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from assets.register import load_older_standards, load_register
from warehouse.standards.headings import fold_loosely, spellings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assets.standard import Standard, StandardColumn

CURRENT, OLDER, OWN = "現行の標準データセット", "旧・推奨データセット", "市の独自の様式"
DATA_MODEL, FLAT = "データモデル型", "平らな形"


@dataclass(frozen=True)
class Layout:
    """One layout in one form.

    Attributes:
        slug: Of the dataset; both editions and both forms share it.
        form: データモデル型, 平らな形, or empty where there is one form only.
        standard: Its columns.
    """

    slug: str
    form: str
    standard: Standard

    @property
    def edition(self) -> str:
        """Name the edition in Japanese."""
        if self.standard.is_older:
            return OLDER
        return OWN if self.standard.family == "市の独自" else CURRENT

    @property
    def label(self) -> str:
        """Name the layout with edition and form."""
        form = f"({self.form})" if self.form else ""
        return f"{self.standard.label}{form}"

    @property
    def all_columns(self) -> tuple[StandardColumn, ...]:
        """Give the columns and those that may stand besides."""
        return (*self.standard.columns, *self.standard.also)


@dataclass(frozen=True, eq=False)
class Layouts:
    """The layouts to choose among.

    Attributes:
        all: Every layout in every form.
        weights: Folded spelling to how much it tells: one by the number of datasets that have it.
        headings: Every spelling of every column, folded.
    """

    all: tuple[Layout, ...]
    weights: Mapping[str, float]
    headings: frozenset[str]

    def find(self, slug: str, *, older: bool = False) -> Layout | None:
        """Find the first form of a dataset in one edition."""
        fit = (one for one in self.all if one.slug == slug and one.standard.is_older == older)
        return next(fit, None)


@lru_cache(maxsize=1)
def built_in_layouts() -> Layouts:
    """Gather the layouts shipped with the program."""
    return gather_layouts(load_register().standards)


def gather_layouts(current: Mapping[str, Standard]) -> Layouts:
    """Gather every layout and form; those without columns name no file.

    Raises:
        RegisterError: if an older layout is wrong.
    """
    older = load_older_standards().values()
    forms = [layout for standard in (*current.values(), *older) for layout in _forms(standard)]
    found = tuple(layout for layout in forms if layout.all_columns)
    slugs: dict[str, set[str]] = {}
    for layout in found:
        for column in layout.all_columns:
            for name in spellings(column):
                slugs.setdefault(fold_loosely(name), set()).add(layout.slug)
    weights = {name: 1 / len(owners) for name, owners in slugs.items()}
    return Layouts(found, weights, frozenset(slugs))


def _forms(standard: Standard) -> Iterator[Layout]:
    if not standard.prefixes:
        yield Layout(standard.slug, "", standard)
        return
    prefix = standard.prefixes[0]
    columns = (*standard.columns, *standard.also)
    if any(column.name.startswith(prefix) for column in columns):
        yield Layout(standard.slug, DATA_MODEL, standard)
        yield Layout(standard.slug, FLAT, _strip(standard, prefix))
        return
    yield Layout(standard.slug, FLAT, standard)
    for one in standard.prefixes:
        yield Layout(standard.slug, DATA_MODEL, _prefix(standard, one))


def _strip(standard: Standard, prefix: str) -> Standard:
    """Make the flat form: no prefix, no id of a companion file."""
    own = [c for c in standard.columns if c.name.startswith(prefix)]
    rest = [c for c in (*standard.columns, *standard.also) if c not in own]
    columns = [_renamed(c, c.name.removeprefix(prefix), prefix) for c in own]
    names = {c.name for c in columns}
    others = [_renamed(c, c.name.removeprefix(prefix), prefix) for c in rest]
    also = [c for c in others if c.name not in names]
    return standard.model_copy(update={"columns": columns, "also": also})


def _renamed(column: StandardColumn, name: str, prefix: str) -> StandardColumn:
    aliases = [alias.removeprefix(prefix) for alias in column.aliases]
    return column.model_copy(update={"name": name, "aliases": aliases})


def _prefix(standard: Standard, prefix: str) -> Standard:
    """Make the data-model form of a layout whose columns carry no prefix."""
    columns = [
        c.model_copy(
            update={
                "name": f"{prefix}{c.name}",
                "aliases": [f"{prefix}{alias}" for alias in c.aliases],
            }
        )
        for c in standard.columns
    ]
    return standard.model_copy(update={"columns": columns})
