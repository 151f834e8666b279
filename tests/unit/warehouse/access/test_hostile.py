"""Every way out of a role that we could think of, in SQL and over the answer."""

import duckdb
import pytest

from tests.unit.warehouse.access.role_city import HIDDEN
from warehouse.refusal import Refusal

# {root}: the home; {lake}: the true name behind the views, as if somebody had learnt it.
HOSTILE = [
    # tables of other zones, departments, layers
    "FROM secure.common.users",
    "FROM internal.common.users",
    "FROM internal.mart.by_town",
    "FROM internal.mart.levies_by_town",
    "FROM internal.common.stranger",
    "FROM internal.meta.loaded",
    "FROM open.release.population",
    "FROM INTERNAL.COMMON.USERS",
    'FROM "internal"."common"."users"',
    "FROM internal/**/.common.users",
    "FROM common.users",
    "FROM users",
    "TABLE internal.common.users",
    "DESCRIBE internal.common.users",
    "SUMMARIZE internal.common.users",
    "SHOW internal.common.users",
    # the lake behind the views
    "FROM {lake}.common.users",
    "FROM {lake}.common.levies",
    "FROM {lake}.meta.loaded",
    "SELECT full_name FROM {lake}.common.users",
    "FROM {lake}.snapshots()",
    "FROM {lake}.table_changes('common.users', 0, 9)",
    "FROM __ducklake_metadata_{lake}.main.ducklake_data_file",
    "FROM __ducklake_metadata_{lake}.ducklake_snapshot",
    "FROM ducklake_list_files('{lake}', 'users', schema => 'common')",
    "FROM ducklake_table_info('{lake}')",
    "FROM ducklake_table_insertions('{lake}', 'common', 'users', 0, 9)",
    "FROM ducklake_snapshots('{lake}')",
    "EXPLAIN FROM {lake}.common.users",
    "EXPLAIN ANALYZE FROM {lake}.common.users",
    "EXPLAIN (FORMAT json) FROM {lake}.common.users",
    "EXPLAIN (ANALYZE, FORMAT json) FROM {lake}.common.users",
    "EXPLAIN EXPLAIN FROM {lake}.common.users",
    # hidden in every corner of a query
    "SELECT (SELECT min(full_name) FROM internal.common.users)",
    "SELECT 1 WHERE EXISTS (FROM internal.common.users)",
    "SELECT 1 IN (SELECT visit_count FROM internal.common.users)",
    "SELECT [(SELECT min(full_name) FROM internal.common.users)]",
    "SELECT {{'a': (SELECT min(full_name) FROM internal.common.users)}}",
    "SELECT list_transform([1], lambda x: (SELECT min(full_name) FROM internal.common.users))",
    "SELECT count(*) FILTER (WHERE EXISTS (FROM internal.common.users))",
    "SELECT 1 ORDER BY (SELECT min(full_name) FROM internal.common.users)",
    "SELECT 1 LIMIT (SELECT count(*) FROM internal.common.users)",
    "SELECT 1 OFFSET (SELECT count(*) FROM internal.common.users)",
    "SELECT 1 GROUP BY (SELECT min(full_name) FROM internal.common.users)",
    "SELECT 1 HAVING EXISTS (FROM internal.common.users)",
    "SELECT 1 QUALIFY row_number() OVER (ORDER BY (SELECT min(full_name) FROM internal.common.users)) = 1",
    "SELECT sum(1) OVER w WINDOW w AS (ORDER BY (SELECT min(full_name) FROM internal.common.users))",
    "SELECT CASE WHEN true THEN (SELECT min(full_name) FROM internal.common.users) END",
    "SELECT * FROM range((SELECT count(*) FROM internal.common.users))",
    "FROM (VALUES ((SELECT min(full_name) FROM internal.common.users)))",
    "FROM internal.common.levies, LATERAL (FROM internal.common.users)",
    "FROM internal.common.levies POSITIONAL JOIN internal.common.users",
    "FROM internal.common.levies ASOF JOIN internal.common.users USING (person_id)",
    "FROM internal.common.levies SEMI JOIN internal.common.users USING (person_id)",
    "FROM internal.common.levies AS l JOIN internal.common.levies AS r ON EXISTS (FROM internal.common.users)",
    "FROM internal.common.levies UNION ALL BY NAME FROM internal.common.users",
    "FROM internal.common.levies EXCEPT FROM internal.common.users",
    "WITH levies AS (FROM internal.common.users) FROM levies",
    "WITH RECURSIVE t AS (SELECT 1 AS i UNION ALL SELECT visit_count FROM internal.common.users) FROM t",
    "WITH t AS MATERIALIZED (FROM internal.common.users) SELECT 1",
    "SELECT * FROM (PIVOT internal.common.users ON town IN ('本町') USING min(full_name))",
    "PIVOT internal.common.users ON town USING min(full_name)",
    "UNPIVOT internal.common.users ON full_name",
    "SELECT * REPLACE ((SELECT min(full_name) FROM internal.common.users) AS town) FROM internal.common.levies",
    "SELECT COLUMNS(c -> c IN (SELECT full_name FROM internal.common.users)) FROM internal.common.levies",
    "FROM internal.common.users TABLESAMPLE 100%",
    "SELECT 1; FROM internal.common.users",
    "FROM internal.common.levies AT (VERSION => 3)",
    "FROM internal.common.levies AT (TIMESTAMP => now())",
    # a name of a part of the query, used where it is out of reach
    "FROM (WITH duckdb_tables AS (SELECT 1) FROM duckdb_tables) AS a, duckdb_tables",
    "FROM (WITH duckdb_views AS (SELECT 1) SELECT 1) AS a, duckdb_views",
    "FROM (WITH pragma_database_list AS (SELECT 1) SELECT 1) AS a, pragma_database_list",
    "FROM (WITH sqlite_master AS (SELECT 1) SELECT 1) AS a, sqlite_master",
    'FROM (WITH "{root}/plain.csv" AS (SELECT 1) SELECT 1) AS a, "{root}/plain.csv"',
    'FROM (WITH "{root}/lake/internal/data/**" AS (SELECT 1) SELECT 1), "{root}/lake/internal/data/**"',
    # functions that read tables by name, text or plan
    "FROM query('FROM {lake}.common.users')",
    "FROM query_table('{lake}.common.users')",
    "FROM query_table(['internal.common.users'])",
    "FROM json_execute_serialized_sql(json_serialize_sql('FROM {lake}.common.users'))",
    "SELECT json_serialize_plan('FROM {lake}.common.users')",
    "FROM seq_scan()",
    "FROM summary((FROM internal.common.users))",
    "FROM arrow_scan(1, 2, 3)",
    "FROM pandas_scan(1)",
    "FROM python_map_function(1)",
    # what tells the names and the texts behind the views
    "FROM duckdb_tables()",
    "FROM duckdb_tables",
    "FROM duckdb_columns()",
    "FROM duckdb_views()",
    "FROM duckdb_databases()",
    "FROM duckdb_functions()",
    "FROM duckdb_settings()",
    "FROM duckdb_logs()",
    "FROM duckdb_dependencies()",
    "FROM duckdb_temporary_files()",
    "FROM duckdb_external_file_cache()",
    "FROM duckdb_prepared_statements()",
    "FROM pg_catalog.pg_class",
    "FROM pg_catalog.pg_views",
    "FROM information_schema.schemata",
    "FROM internal.information_schema.schemata",
    "FROM system.information_schema.schemata",
    "FROM system.main.duckdb_views",
    "FROM pragma_show('internal.common.users')",
    "FROM pragma_table_info('internal.common.users')",
    "FROM pragma_storage_info('internal.common.users')",
    "SELECT pg_get_viewdef(1)",
    "SELECT current_setting('allowed_directories')",
    "SELECT getvariable('x')",
    "SHOW DATABASES",
    "SHOW TABLES FROM {lake}",
    "SHOW TABLES FROM internal.common",
    "SHOW VARIABLES",
    # files, other catalogs, the network
    "FROM read_parquet('{root}/lake/internal/data/common/users/*.parquet')",
    "FROM parquet_scan('{root}/lake/internal/data/common/users/*.parquet')",
    "FROM parquet_metadata('{root}/lake/internal/data/common/users/*.parquet')",
    "FROM '{root}/lake/internal/data/common/users/*.parquet'",
    "FROM parquet_bloom_probe('{root}/lake/internal/data/common/users/*.parquet', 'full_name', 'x')",
    "FROM read_blob('{root}/lake/internal/catalog.sqlite')",
    "FROM glob('{root}/**')",
    "FROM sniff_csv('{root}/plain.csv')",
    "FROM sqlite_scan('{root}/lake/secure/catalog.sqlite', 'ducklake_data_file')",
    "FROM ducklake_scan('x')",
    "FROM read_duckdb('{root}/x.duckdb', table_name => 'x')",
    "ATTACH 'ducklake:sqlite:{root}/lake/internal/catalog.sqlite' AS mine",
    "ATTACH ':memory:' AS mine",
    # changing anything
    "USE {lake}",
    "USE internal.common",
    "CREATE VIEW memory.mine AS FROM internal.common.users",
    "CREATE OR REPLACE VIEW internal.common.levies AS FROM {lake}.common.users",
    "CREATE MACRO mine() AS TABLE FROM {lake}.common.users",
    "CREATE TEMP TABLE mine AS FROM {lake}.common.users",
    "CREATE TYPE mine AS ENUM (SELECT full_name FROM {lake}.common.users)",
    "PREPARE mine AS FROM {lake}.common.users",
    "EXECUTE mine",
    "SET VARIABLE mine = (SELECT min(full_name) FROM {lake}.common.users)",
    "COPY (FROM internal.common.levies) TO '{root}/out.csv'",
    "COPY internal.common.users TO '/dev/stdout'",
    "CALL {lake}.set_commit_message('a', 'b')",
    "PRAGMA show_tables",
    "INSERT INTO internal.common.levies SELECT * FROM internal.common.users",
    "WITH t AS (DELETE FROM internal.common.levies RETURNING *) FROM t",
    "ALTER VIEW internal.common.levies RENAME TO mine",
    "COMMENT ON VIEW internal.common.levies IS 'x'",
    "BEGIN",
    "LOAD json",
    "VACUUM",
]


@pytest.mark.parametrize("statement", HOSTILE)
def test_no_statement_leaves_the_role(open_as, place, statement):
    con = open_as("tax")
    text = statement.format(root=place.root.as_posix(), lake=con._session.lakes["internal"])
    before = {p for p in place.root.rglob("*") if not p.name.startswith("catalog.sqlite-")}
    with pytest.raises((PermissionError, duckdb.Error)) as caught:
        con.sql(text).fetchall()
    assert HIDDEN not in str(caught.value)
    assert {p for p in place.root.rglob("*") if not p.name.startswith("catalog.sqlite-")} == before
    assert con.sql("FROM internal.common.levies").columns == [
        "_delivery", "_period", "person_id", "town", "visit_count", "_row",
    ]  # fmt: skip


def test_there_are_enough_of_them():
    assert len(set(HOSTILE)) > 140


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT full_name FROM internal.common.users",
        "SELECT u.full_name FROM internal.common.users AS u",
        "SELECT internal.common.users.full_name FROM internal.common.users",
        "SELECT u['full_name'] FROM internal.common.users AS u",
        "SELECT struct_extract(u, 'full_name') FROM internal.common.users AS u",
        "SELECT unknown_column FROM internal.common.users",
        "SELECT COLUMNS('full_name|unknown_column') FROM internal.common.users",
        "SELECT 1 FROM internal.common.users WHERE full_name = 'x'",
        "SELECT 1 FROM internal.common.users ORDER BY full_name",
        "FROM internal.common.users JOIN internal.common.levies ON full_name = levies.town",
        "SELECT secret FROM internal.mart.by_town",
    ],
)
def test_a_withheld_column_cannot_be_named(open_as, statement):
    with pytest.raises(duckdb.Error) as caught:
        open_as("analyst").sql(statement).fetchall()
    assert HIDDEN not in str(caught.value)


@pytest.mark.parametrize(
    "statement",
    [
        "FROM internal.common.users",
        "SELECT u FROM internal.common.users AS u",
        "SELECT unnest(u) FROM internal.common.users AS u",
        "SELECT to_json(u) FROM internal.common.users AS u",
        "SELECT row(u) FROM internal.common.users AS u",
        "SELECT COLUMNS(*) FROM internal.common.users",
        "SELECT COLUMNS('.*') FROM internal.common.users",
        "SUMMARIZE internal.common.users",
        "FROM (PIVOT internal.common.users ON town IN ('本町') USING count(*))",
        "UNPIVOT (SELECT COLUMNS(*)::VARCHAR FROM internal.common.users) ON COLUMNS(*)",
        "FROM internal.common.users NATURAL JOIN internal.common.users AS other",
        "FROM internal.mart.by_town",
        "SHOW ALL TABLES",
        "FROM information_schema.columns",
    ],
)
def test_no_way_to_take_all_columns_takes_a_withheld_one(open_as, statement):
    answer = open_as("analyst").sql(statement)
    text = str(answer.columns) + str(answer.fetchall())
    assert not any(
        word in text for word in (HIDDEN, "full_name", "unknown_column", "stranger", "lake_")
    )


def test_the_answer_cannot_ask_again(open_as):
    answer = open_as("tax").sql("FROM internal.common.levies")
    public = {name for name in dir(answer) if not name.startswith("_")}
    assert public == {"pl", "df", "to_arrow_table", "fetchall", "fetchone", "columns", "types"}


def test_parameters_are_values_and_no_names(open_as):
    con = open_as("tax")
    assert con.sql("SELECT ? AS x", params=["FROM internal.common.users"]).fetchall()
    with pytest.raises((PermissionError, duckdb.Error)):
        con.sql("FROM query_table(?)", params=["internal.common.users"]).fetchall()


def test_python_variables_are_no_tables(open_as):
    mine = open_as("tax").sql("FROM internal.common.levies").pl()
    assert mine.height == 2
    with pytest.raises(PermissionError):
        open_as("tax").sql("FROM mine")


def test_a_role_that_is_audited_leaves_a_line_without_values(open_as, place):
    con = open_as("engineer")
    assert con.sql(f"FROM secure.common.users WHERE full_name <> '{HIDDEN}x'").pl().height == 2
    lines = (place.root / "audit" / "questions.jsonl").read_text("utf-8").splitlines()
    assert '"secure.common.users"' in lines[-1]
    assert '"engineer"' in lines[-1]
    assert HIDDEN not in lines[-1]
    with pytest.raises(PermissionError):
        con.sql("FROM secure.raw.users")


def test_without_a_line_there_is_no_answer(open_as, monkeypatch):
    def fail(*_: object, **__: object) -> int:
        raise PermissionError

    monkeypatch.setattr("warehouse.atomic.os.open", fail)
    with pytest.raises(Refusal, match="記録を書けない"):
        open_as("engineer").sql("FROM secure.common.users")
