"""What the Dagster UI shows of a table: row counts, columns with classification, a safe preview.

Only columns classified 公開 of a dataset without personal data are ever previewed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    import duckdb

    from assets.contract import Contract
    from assets.release import Mart
    from warehouse.account import Account, Outcome

PREVIEW_ROWS = 5


def account_metadata(outcome: Outcome) -> dict[str, Any]:
    """Show an account."""
    account: Account = outcome.account
    lines = [f"| {reason} | {count:,} |" for reason, count in account.set_aside.items()]
    shown: dict[str, Any] = {
        "dagster/row_count": account.rows_out,
        "入力行数": account.rows_in,
        "隔離した行数": account.quarantined,
        "収支が閉じている": account.closes,
        "状態": "更新" if outcome.changed else "変更なし",
    }
    if lines:
        shown["除いた行"] = dg.MetadataValue.md(
            "\n".join(["| 理由 | 行数 |", "|---|---:|", *lines])
        )
    if account.notes:
        shown["お知らせ"] = dg.MetadataValue.md("\n\n".join(account.notes))
    return shown


def column_schema(columns: dict[str, tuple[str, str, str]]) -> dg.TableSchema:
    """Show columns: name → (type, title, classification)."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=name, type=kind, description=title, tags={"classification": classification}
            )
            for name, (kind, title, classification) in columns.items()
        ]
    )


def contract_schema(contract: Contract, names: list[str] | None = None) -> dg.TableSchema:
    """Show a contract's columns, all or the named ones."""
    chosen = names or list(contract.columns)
    return column_schema(
        {
            n: (c.type, c.title, c.classification)
            for n, c in contract.table_columns.items()
            if n in chosen
        }
    )


def mart_schema(mart: Mart) -> dg.TableSchema:
    """Show a mart's columns."""
    return column_schema({n: ("", c.title, c.classification) for n, c in mart.columns.items()})


def preview(
    con: duckdb.DuckDBPyConnection, table: str, titles: dict[str, str]
) -> dict[str, dg.MetadataValue]:
    """Show the first rows of open columns as Markdown: `titles` names the columns that may show."""
    if not titles:
        return {}
    rows = con.sql(f"SELECT {', '.join(titles)} FROM {table} LIMIT {PREVIEW_ROWS}").fetchall()
    head = ["| " + " | ".join(titles.values()) + " |", "|" + "---|" * len(titles)]
    body = ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return {"公開列の見本": dg.MetadataValue.md("\n".join([*head, *body]))}


def open_titles(contract: Contract) -> dict[str, str]:
    """List the columns of a contract that may be previewed."""
    if contract.is_personal:
        return {}
    return {n: c.title for n, c in contract.columns.items() if c.classification == "公開"}


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")
