"""A dataset or a mart of the warehouse, with what the register says of its columns.

Here stands the way through the analysts' connection: a role sees what it is granted, and is noted
where it has to be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.errors import suggest
from assets.register import BUILT_IN, load_register
from warehouse.analyst import connect
from warehouse.anonymising.proposal import Said
from warehouse.anonymising.source import Held
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from assets.register import Register


def read_table(
    name: str, *, role: str, home: Path | None, register: Path | None
) -> tuple[Held, dict[str, Said]]:
    """Read a table that the role sees.

    Args:
        name: of a dataset or a mart; with or without what stands before it in SQL.
        role: who reads.
        home: the platform's folder.
        register: the register's folder.

    Raises:
        Refusal: `suggest.unknown`, `suggest.denied`, and what connecting refuses.
    """
    known = load_register(register or BUILT_IN)
    short = name.rpartition(".")[2]
    said, schema = _said(known, short)
    if said is None:
        raise Refusal(
            "suggest.unknown",
            f"ファイルでも、データセットや集計表の名前でもありません: {name}",
            "machikane anonymize suggest",
            suggest(short, sorted([*known.datasets, *known.marts])),
        )
    try:
        with connect(home, role=role, register=register) as con:
            table = con.sql(f'FROM internal.{schema}."{short}"').to_arrow_table()
    except (PermissionError, FileNotFoundError) as error:
        what, *rest = str(error).splitlines()
        told = [line.partition(": ")[2] or line.strip() for line in rest]
        where, remedy = [*told, "", ""][:2]
        raise Refusal(
            "suggest.denied", what, where or f"internal.{schema}.{short}", remedy
        ) from None
    return Held(short, table), said


def _said(known: Register, name: str) -> tuple[dict[str, Said] | None, str]:
    if name in known.datasets:
        columns = known.datasets[name].contract.table_columns
        return {n: Said(c.classification, c.role, c.title) for n, c in columns.items()}, "common"
    if name in known.marts:
        columns = known.marts[name].spec.columns
        return {n: Said(c.classification, c.role, c.title) for n, c in columns.items()}, "mart"
    return None, ""
