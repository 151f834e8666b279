"""Internal → mart: tables for analysis, computed by the SQL of the register, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anonymize.patterns import has_pseudonym
from assets.register import fingerprint
from warehouse.account import Account, Outcome, code_fingerprint
from warehouse.history.known import PERIODS
from warehouse.lake import Loaded, Zone, comment, loaded, record, transaction
from warehouse.refusal import Refusal
from warehouse.stand_in import absent_sources, declaring, standing_in

if TYPE_CHECKING:
    import duckdb

    from assets.register import MartQuery

ZONE: Zone = "internal"
# Types of the engine in which a text may stand.
_TEXTS = ("VARCHAR", "JSON", "ENUM", "BLOB", "STRUCT", "MAP", "UNION")


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

    While a source it cannot do without is not there, nothing is made and the account says what is
    waited for.

    Raises:
        Refusal: `mart.columns` when the query does not give the declared columns, `mart.sources`
            when it reads more than it declares, `mart.query` when it does not run, `mart.key` when
            rows agree in the key, `mart.persons` when pseudonyms stand in a table that is not said
            to speak of persons.
    """
    import duckdb as engine  # noqa: PLC0415 - only its error type is needed at run time

    asset = f"mart/{mart.name}"
    version = sources_version(con, mart.spec.sources)
    absent = absent_sources(con, mart)
    new_print = fingerprint(
        version.encode(), mart.fingerprint.encode(), code_fingerprint().encode()
    )
    if awaited := _awaited(mart, absent):
        return Outcome(asset, Account(notes=(_wait(mart, awaited),)), new_print, changed=False)
    known = loaded(con, ZONE, asset).get("")
    if known and known.fingerprint == new_print:
        return Outcome(asset, Account.from_json(known.account), new_print, changed=False)
    con.sql(f"USE {ZONE}")
    try:
        with declaring(con, mart.declared):
            _require_declared(con, mart)
            with transaction(con, ZONE, asset):
                account = _make(con, mart, absent)
                record(con, ZONE, [Loaded(asset, "", new_print, account.as_json())])
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


def _awaited(mart: MartQuery, absent: list[str]) -> list[str]:
    """List the sources that must come first: those it cannot miss, and one of the others."""
    needed = [source for source in absent if source not in mart.spec.may_be_missing]
    return needed or (absent if absent and len(absent) == len(mart.spec.sources) else [])


def _make(con: duckdb.DuckDBPyConnection, mart: MartQuery, absent: list[str]) -> Account:
    """Make the table inside the caller's transaction, check it and describe it."""
    con.sql(f"CREATE SCHEMA IF NOT EXISTS {ZONE}.mart")
    with standing_in(con, mart, absent):
        con.sql(f"CREATE OR REPLACE TABLE {ZONE}.mart.{mart.name} AS {mart.sql}")
    rows = _check(con, mart)
    _require_key(con, mart)
    _require_no_persons(con, mart)
    titles = {
        n: f"{c.title}({c.classification})" + (f" {c.description}" if c.description else "")
        for n, c in mart.spec.columns.items()
    }
    comment(con, f"{ZONE}.mart.{mart.name}", mart.spec.title, titles)
    return Account(rows_out=rows, notes=(_miss(mart, absent),) if absent else ())


def _wait(mart: MartQuery, awaited: list[str]) -> str:
    return f"まだ作れません。届くのを待っているデータ: {_name(mart, awaited)}"


def _miss(mart: MartQuery, absent: list[str]) -> str:
    return f"まだ届いていないデータを除いて作りました: {_name(mart, absent)}"


def _name(mart: MartQuery, sources: list[str]) -> str:
    """Name sources by their titles where they are datasets."""
    names = [source.split(".", 1)[1] for source in sources]
    return "、".join(
        f"{mart.contracts[name].title}({name})" if name in mart.contracts else name
        for name in names
    )


def _require_declared(con: duckdb.DuckDBPyConnection, mart: MartQuery) -> None:
    """The SQL may read the sources its YAML names and nothing else, least of all `secure`."""
    named = con.get_table_names(mart.sql, qualified=True)
    # The engine gives a table with its alias: `common.people AS p`.
    used = {name.partition(" AS ")[0].removeprefix(f"{ZONE}.") for name in named}
    allowed = {PERIODS, *mart.spec.sources, *(f"declared.{name}" for name in mart.declared)}
    if others := sorted(used - allowed):
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
    return _count(con, f"SELECT count(*) FROM {table}")


def _require_key(con: duckdb.DuckDBPyConnection, mart: MartQuery) -> None:
    """No two rows agree in the key, so that a join by it multiplies nothing."""
    if not mart.spec.key:
        return
    table, key = f"{ZONE}.mart.{mart.name}", ", ".join(mart.spec.key)
    blank = " OR ".join(f"{name} IS NULL" for name in mart.spec.key)
    doubles = _count(
        con, f"SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY {key} HAVING count(*) > 1)"
    )
    blanks = _count(con, f"SELECT count(*) FROM {table} WHERE {blank}")
    if doubles or blanks:
        raise Refusal(
            "mart.key",
            f"key({key})が同じ行の組が {doubles}、空欄の行が {blanks} あります。",
            mart.path.name,
            "SQL を直すか、YAML の key を、1行を1つに決める列にしてください。",
        )


def _require_no_persons(con: duckdb.DuckDBPyConnection, mart: MartQuery) -> None:
    """A table that is not said to speak of persons holds no pseudonym, under whatever class."""
    if mart.spec.personal:
        return
    table = f"{ZONE}.mart.{mart.name}"
    described = con.sql(f"DESCRIBE FROM {table}").fetchall()
    for name in [row[0] for row in described if row[1].startswith(_TEXTS)]:
        texts = con.sql(f"SELECT DISTINCT CAST({name} AS VARCHAR) AS text FROM {table}").pl()
        if texts.select(has_pseudonym(pl.col("text")).any()).item():
            raise Refusal(
                "mart.persons",
                f"仮名が入っている列があります: {name}",
                mart.path.name,
                "集計した列にするか、1行が1人の表なら YAML に personal: true と書いてください。",
            )


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.sql(query).fetchone()
    return int(row[0]) if row else 0
