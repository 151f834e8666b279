"""One row a change: from when to when each holds, told from all rows of its subject.

Belongs here: the rule that orders a subject's rows, in SQL that any DuckDB runs. Must not hold:
where the rows come from or go to (`store`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.history.names import OPEN_END, VALID_FROM, VALID_TO, sql_date
from warehouse.history.snapshots import ORIGIN, WORK

if TYPE_CHECKING:
    import duckdb

    from assets.history import Changes


def compute_validity(con: duckdb.DuckDBPyConnection, said: Changes) -> None:
    """Give every row of the working table its days; the table holds whole subjects.

    Of one subject and number delivered more than once the newest period counts; the others hold
    nothing (their days are equal), as do rows that end the subject's history.
    """
    con.sql(f"CREATE OR REPLACE TEMP TABLE {WORK} AS {_query(said)}")


def _query(said: Changes) -> str:
    subject = ", ".join(f'"{name}"' for name in said.subject)
    effective, number = f'"{said.effective}"', f'"{said.number}"'
    # Numbers that come as text have no leading zeros to order them by.
    order = f"{effective}, TRY_CAST({number} AS HUGEINT) NULLS FIRST, {number}"
    columns = f"* EXCLUDE ({VALID_FROM}, {VALID_TO}, {ORIGIN}, _counts, _next)"
    until = f"""
        CASE WHEN NOT _counts OR ({_ends(said)}) THEN {effective}
            ELSE coalesce(_next, {sql_date(OPEN_END)}) END
    """
    same = f"{VALID_FROM} = {effective} AND {VALID_TO} = {until}"
    return f"""
        WITH told AS (
            SELECT *, row_number() OVER (
                PARTITION BY {subject}, {number} ORDER BY _period DESC, _delivery DESC, _row DESC
            ) = 1 AS _counts
            FROM {WORK}
        ),
        ordered AS (
            SELECT *, lead({effective}) OVER (
                PARTITION BY {subject}, _counts ORDER BY {order}
            ) AS _next
            FROM told
        )
        SELECT {columns}, {effective} AS {VALID_FROM}, {until} AS {VALID_TO},
            CASE WHEN {same} THEN {ORIGIN} END AS {ORIGIN}
        FROM ordered
    """


def _ends(said: Changes) -> str:
    tests = [
        f'coalesce(CAST("{column}" AS VARCHAR) IN ({_list(values)}), false)'
        for column, values in said.ends.items()
    ]
    return " OR ".join(tests) or "false"


def _list(values: list[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
