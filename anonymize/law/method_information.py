"""加工方法等情報: what must never leave `secure`, put together in one place.

Belongs here: which of a run's facts would let somebody undo the protection. Must not hold: writing
it (`warehouse`).

Which it is, is said by 法第121条 and the guidelines of the commission (要確認): what was removed, and
the method as far as the removed can be restored with it. A level of a ladder that everybody can read
off the published labels is not secret; keys, seeds, tables of correspondence and removed values are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class MethodInformation:
    """All of one run that lets somebody undo it.

    Attributes:
        release: The release.
        key_names: Names of the keys (not the keys: these lie in the key folder).
        seeds: Seeds of every random step, by step.
        levels: Level per column.
        hierarchies: Fingerprint of every ladder, by column.
        removed_columns: What was removed.
        suppressed_rows: Positions of suppressed rows in the source.
        row_order: How the published order was made.
    """

    release: str
    key_names: tuple[str, ...]
    seeds: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    hierarchies: Mapping[str, str] = field(default_factory=dict)
    removed_columns: tuple[str, ...] = ()
    suppressed_rows: tuple[int, ...] = ()
    row_order: str = ""


# What a report may carry of it: nothing that undoes a step.
PUBLIC_FIELDS = ("release", "levels", "removed_columns")


def public_part(method: MethodInformation) -> dict[str, object]:
    """Give what may stand in a report that leaves the secure zone."""
    return {name: getattr(method, name) for name in PUBLIC_FIELDS}


def leaked_in(
    text: str, method: MethodInformation, removed_values: Sequence[str] = ()
) -> list[str]:
    """Name the kinds of 加工方法等情報 that a text which goes out holds.

    Args:
        text: A file that goes out: table, report.
        method: Of the run.
        removed_values: Values that were removed and must not turn up (identifiers).
    """
    found = []
    if any(name and name in text for name in method.key_names):
        found.append("鍵の名前")
    # Short seeds are ordinary numbers of any table.
    if any(len(str(seed)) >= _LONG_NUMBER and str(seed) in text for seed in method.seeds.values()):
        found.append("乱数の種")
    if any(value and value in text for value in removed_values):
        found.append("削除した値")
    return found


_LONG_NUMBER = 8
