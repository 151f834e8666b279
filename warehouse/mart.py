"""Internal → mart: tables for analysis, computed by the SQL of the register, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.register import fingerprint
from warehouse.account import Account, Outcome, code_fingerprint
from warehouse.lake import Loaded, Zone, comment, loaded, record, transaction
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    import duckdb

    from assets.register import MartQuery

ZONE: Zone = "internal"


def sources_version(con: duckdb.DuckDBPyConnection, sources: list[str]) -> str:
    """Hash what the named sources (`common.x`, `mart.y`) hold now."""
    prints = []
    for source in sorted(sources):
        layer, name = source.split(".", 1)
        asset = f"internal/{name}" if layer == "common" else f"mart/{name}"
        entries = loaded(con, ZONE, asset)
        prints += [f"{source}:{d}:{e.fingerprint}" for d, e in sorted(entries.items())]
    return fingerprint("\n".join(prints).encode())


def build_mart(con: duckdb.DuckDBPyConnection, mart: MartQuery) -> Outcome:
    """Make `internal.mart.<name>` from its SQL, when its sources or its SQL changed.

    Raises:
        Refusal: `mart.columns` when the query does not give the declared columns, `mart.sources`
            when it reads more than it declares, `mart.query` when it does not run.
    """
    import duckdb as engine  # noqa: PLC0415 - only its error type is needed at run time

    asset = f"mart/{mart.name}"
    version = sources_version(con, mart.spec.sources)
    new_print = fingerprint(
        version.encode(), mart.fingerprint.encode(), code_fingerprint().encode()
    )
    known = loaded(con, ZONE, asset).get("")
    if known and known.fingerprint == new_print:
        return Outcome(asset, Account.from_json(known.account), new_print, changed=False)
    con.sql(f"USE {ZONE}")
    try:
        _require_declared(con, mart)
        with transaction(con, ZONE, asset):
            con.sql(f"CREATE SCHEMA IF NOT EXISTS {ZONE}.mart")
            con.sql(f"CREATE OR REPLACE TABLE {ZONE}.mart.{mart.name} AS {mart.sql}")
            account = Account(rows_out=_check(con, mart))
            record(con, ZONE, [Loaded(asset, "", new_print, account.as_json())])
            titles = {n: f"{c.title}({c.classification})" for n, c in mart.spec.columns.items()}
            comment(con, f"{ZONE}.mart.{mart.name}", mart.spec.title, titles)
    except engine.Error as error:
        raise Refusal(
            "mart.query",
            f"SQL を実行できません({type(error).__name__})。",
            f"{mart.path.name}(使うデータ: {'、'.join(mart.spec.sources)})",
            "SQL の表名・列名を確かめ、元のデータが届いているかを machikane status で確かめてください。",
        ) from error
    finally:
        con.sql("USE memory")
    return Outcome(asset, account, new_print, changed=True)


def _require_declared(con: duckdb.DuckDBPyConnection, mart: MartQuery) -> None:
    """The SQL may read the sources its YAML names and nothing else, least of all `secure`."""
    used = {n.removeprefix(f"{ZONE}.") for n in con.get_table_names(mart.sql, qualified=True)}
    if others := sorted(used - set(mart.spec.sources)):
        raise Refusal(
            "mart.sources",
            f"SQL が、sources に書かれていないデータを使っています: {'、'.join(others)}",
            mart.path.name,
            "YAML の sources に足すか、SQL から除いてください。",
        )


def _check(con: duckdb.DuckDBPyConnection, mart: MartQuery) -> int:
    table = f"{ZONE}.mart.{mart.name}"
    made = [row[0] for row in con.sql(f"DESCRIBE FROM {table}").fetchall()]
    if made != list(mart.spec.columns):
        raise Refusal(
            "mart.columns",
            f"SQL の列({'、'.join(made)})が宣言({'、'.join(mart.spec.columns)})と違います。",
            f"{mart.path.name}",
            "SQL の列名と並びか、YAML の columns を直してください。",
        )
    row = con.sql(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
