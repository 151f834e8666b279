"""From the release's SQL to the protected table in the national column layout.

A release with `method: none` is computed where nothing but columns classified 公開 exists, so that
a slip in its SQL cannot reach anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from anonymize.gate import OPEN, ReleasePolicy
from anonymize.pseudonyms import Scope
from assets.release import AnonymisedRecords, Noise, TableProtection
from warehouse.formats.typed import type_columns
from warehouse.history.known import PERIODS
from warehouse.history.names import VALID_FROM, VALID_TO, keeps_intervals
from warehouse.keys import read_key, read_scope_key
from warehouse.lineage.origins import datasets_behind
from warehouse.protect import internal_columns
from warehouse.refusal import Refusal
from warehouse.release.shape_noise import blur_table
from warehouse.release.shape_records import Records, anonymise_records
from warehouse.release.shape_tables import claims_of, protect_counts

if TYPE_CHECKING:
    from assets.register import Register, ReleaseQuery
    from warehouse.home import Home

KEY_PURPOSE = "release"
SURVEY_DATE = "調査年月日"
_FREE_TEXT = ("備考", "説明", "利用可能時間特記事項", "所在地_連結表記")


@dataclass(frozen=True)
class Shaped:
    """A protected table, the policy it must meet, and what was done, in words."""

    table: pl.DataFrame
    policy: ReleasePolicy
    integers: list[str]
    rows_in: int
    period: str
    words: tuple[str, ...]
    records: Records | None = None


def shape(
    con: duckdb.DuckDBPyConnection, home: Home, register: Register, release: ReleaseQuery
) -> Shaped:
    """Compute, protect and lay out one release. `con` has `internal` attached.

    Raises:
        Refusal: `release.query`, `release.columns`, or what the protection refuses.
    """
    table = _query(con, register, release)
    protection = release.spec.protection
    if isinstance(protection, AnonymisedRecords):
        return _shape_records(con, home, register, release, table)
    if isinstance(protection, TableProtection):
        key = read_key(home, KEY_PURPOSE)
        protected, integers, words = protect_counts(table, protection, key, release.name)
    elif isinstance(protection, Noise):
        key = read_key(home, KEY_PURPOSE)
        protected, integers, words = blur_table(
            table, protection, home, register.city, release=release.name, key=key
        )
    else:
        protected, integers = table, []
        words = (f"秘匿処理はしていません。{protection.reason}",)
    laid_out = type_columns(_lay_out(protected, release), release.standard)
    _require_numbers(laid_out, integers, release)
    policy = _policy(laid_out, release, integers)
    period = _period(con, laid_out, register, release)
    whole = integers or [n for n in table.columns if laid_out.schema[n].is_integer()]
    return Shaped(laid_out, policy, whole, table.height, period, words)


def _shape_records(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    register: Register,
    release: ReleaseQuery,
    table: pl.DataFrame,
) -> Shaped:
    """Anonymise rows of persons; the key of their order is this release's and period's alone."""
    protection = release.spec.protection
    assert isinstance(protection, AnonymisedRecords)  # noqa: S101 - told by the caller
    period = _period(con, table, register, release)
    scope = Scope("open", f"{release.name}:{period}")
    records = anonymise_records(
        table,
        protection,
        folder=release.path.parent,
        release=release.name,
        key=read_scope_key(home, scope),
        purpose=scope.name,
    )
    laid_out = type_columns(_lay_out(records.table, release), release.standard)
    names = tuple(laid_out.columns)
    integers = [n for n, t in laid_out.schema.items() if t.is_integer()]
    policy = ReleasePolicy(
        declared_columns=names, column_classes=dict.fromkeys(names, OPEN), records=records.claims
    )
    return Shaped(laid_out, policy, integers, table.height, period, records.words, records)


def _period(
    con: duckdb.DuckDBPyConnection, table: pl.DataFrame, register: Register, release: ReleaseQuery
) -> str:
    """Say as of when the data are: the survey date, or the newest period of the sources."""
    if SURVEY_DATE in table.columns and table.height:
        return str(table[SURVEY_DATE][0] or "")
    names = datasets_behind(register, release.spec.sources)
    rows = [
        con.sql(f"SELECT max(period) FROM internal.{PERIODS} WHERE dataset = '{name}'").fetchone()
        for name in names
    ]
    periods = [str(row[0]) for row in rows if row and row[0] not in {None, "-"}]
    return max(periods, default="")


def _query(
    con: duckdb.DuckDBPyConnection, register: Register, release: ReleaseQuery
) -> pl.DataFrame:
    """Run the SQL in an engine of its own that holds only the columns it may see."""
    engine = duckdb.connect(config={"enable_external_access": "false"})
    try:
        for source in release.spec.sources:
            layer, name = source.split(".", 1)
            columns = _visible(register, layer, name, release)
            if not columns:
                raise _no_open_columns(source, release)
            engine.sql(f"CREATE SCHEMA IF NOT EXISTS {layer}")
            engine.register(
                "source_rows",
                con.sql(f"SELECT {', '.join(columns)} FROM internal.{source}").to_arrow_table(),
            )
            engine.sql(f"CREATE TABLE {source} AS FROM source_rows")
            engine.unregister("source_rows")
        city = register.city
        engine.execute("SET VARIABLE local_government_code = ?", [city.local_government_code])
        engine.execute("SET VARIABLE city = ?", [city.name])
        engine.execute("SET VARIABLE prefecture = ?", [city.prefecture])
        return engine.sql(release.sql).pl()
    except duckdb.Error as error:
        raise _query_refusal(release, error) from error
    finally:
        engine.close()


def _visible(register: Register, layer: str, name: str, release: ReleaseQuery) -> list[str]:
    contract = register.datasets[name].contract if layer == "common" else None
    if contract is None:
        columns = register.marts[name].spec.columns
        names = list(columns)
    else:
        columns, names = contract.table_columns, internal_columns(contract)
    if release.spec.protection.method == "none":
        names = [n for n in names if columns[n].classification == OPEN]
    if contract is None or not names:
        return names
    days = [VALID_FROM, VALID_TO] if keeps_intervals(contract.history) else []
    return [*names, "_period", *days]


def _lay_out(table: pl.DataFrame, release: ReleaseQuery) -> pl.DataFrame:
    """Put the columns into the standard's order; those we have nothing for stay blank."""
    standard = release.standard
    names = [column.name for column in standard.columns]
    names += [column.name for column in standard.also if column.name in table.columns]
    if unknown := [name for name in table.columns if name not in names]:
        raise Refusal(
            "release.columns",
            f"標準データセットにない列があります: {'、'.join(unknown)}",
            release.path.name,
            "SQL の列名を標準の項目名にしてください。",
        )
    blank = pl.lit(None, pl.String)
    return table.select(pl.col(n) if n in table.columns else blank.alias(n) for n in names)


def _require_numbers(table: pl.DataFrame, counts: list[str], release: ReleaseQuery) -> None:
    """Refuse counts of persons that the layout calls text: no rule for numbers would see them."""
    if text := [name for name in counts if not table.schema[name].is_integer()]:
        raise Refusal(
            "release.counts",
            f"人数の列が、列の定義で整数になっていません: {'、'.join(text)}",
            f"{release.path.name}(列の定義: {release.standard.slug})",
            "列の定義の YAML で、その列の type を integer にしてください。",
        )


def _policy(table: pl.DataFrame, release: ReleaseQuery, integers: list[str]) -> ReleasePolicy:
    names = tuple(table.columns)
    # What the layout calls a list (towns of a district) is long without being a sentence.
    columns = (*release.standard.columns, *release.standard.also)
    lists = (column.name for column in columns if column.separated)
    allowed = {*_FREE_TEXT, *release.spec.free_text, *lists}
    free_text = tuple(name for name in names if name in allowed)
    classes = dict.fromkeys(names, OPEN)
    protection = release.spec.protection
    if isinstance(protection, Noise):
        return ReleasePolicy(
            declared_columns=names,
            column_classes=classes,
            count_columns=tuple(integers),
            sums={margin: tuple(parts) for margin, parts in protection.sums.items()},
            free_text_columns_allowed=free_text,
        )
    if not isinstance(protection, TableProtection):
        return ReleasePolicy(
            declared_columns=names, column_classes=classes, free_text_columns_allowed=free_text
        )
    return ReleasePolicy(
        declared_columns=names,
        column_classes=classes,
        count_columns=tuple(integers),
        free_text_columns_allowed=free_text,
        **claims_of(protection, list(names)),
    )


def _no_open_columns(source: str, release: ReleaseQuery) -> Refusal:
    return Refusal(
        "release.closed_source",
        f"「公開」の列が1つもないデータから公開しようとしています: {source}",
        release.path.with_suffix(".yaml").name,
        "protection に秘匿の方法を書くか、契約の classification を所管課と確かめてください。",
    )


def _query_refusal(release: ReleaseQuery, error: duckdb.Error) -> Refusal:
    return Refusal(
        "release.query",
        f"公開用の SQL を実行できません({type(error).__name__})。「公開」でない列は使えません。",
        f"{release.path.name}(使うデータ: {'、'.join(release.spec.sources)})",
        "列名と、契約での classification を確かめてください。",
    )
