"""What an analyst's SQL can do: read what the role sees on one snapshot, and nothing else."""

import duckdb
import polars as pl
import pytest

from tests.unit.assets.declaring import CONTRACT, changed, write_register
from warehouse import analyst
from warehouse.analyst import connect, trace
from warehouse.home import Home
from warehouse.lake import ZONES, Loaded, open_lake, record, replace_rows, transaction
from warehouse.refusal import Refusal

ROWS = pl.DataFrame({"_delivery": ["a", "b"], "town": ["本町", "南町"], "n": [1, 2]})
COLUMNS = {"town": CONTRACT["columns"]["town"], "n": CONTRACT["columns"]["visit_count"]}
DATASETS = ("people", "fresh", "places")
ROLE = {
    "title": "分析担当者",
    "description": "試験",
    "audited": False,
    "grants": [
        {"zone": zone, "schemas": ["common"], "classifications": ["公開", "庁内"]}
        for zone in ("internal", "open")
    ],
}


@pytest.fixture(scope="module", autouse=True)
def register(tmp_path_factory):
    contract = changed(CONTRACT, columns=COLUMNS, key=["town"])
    files = {f"citizens/{name}.yaml": contract for name in DATASETS}
    root = tmp_path_factory.mktemp("register")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            "MACHIKANE_REGISTER", str(write_register(root, **files, **{"roles/analyst.yaml": ROLE}))
        )
        yield root


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("city"))
    with open_lake(home, write=ZONES) as con:
        for zone in ZONES:
            with transaction(con, zone, "x"):
                replace_rows(con, (zone, "common", "people"), ROWS, remove=None)
    (home.root / "plain.csv").write_text("a\nsecret\n", "utf-8")
    return home


@pytest.fixture(scope="module")
def reader(place):
    with connect(place.root) as opened:
        yield opened


def _files(place):
    return {p: p.stat().st_mtime_ns for p in place.root.rglob("*") if p.suffix != ".sqlite-shm"}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT town, sum(n) FROM internal.common.people GROUP BY town",
        "FROM internal.common.people",
        "WITH t AS (SELECT * FROM open.common.people) SELECT count(*) FROM t",
        "SELECT * FROM internal.common.people JOIN open.common.people USING (town)",
        "FROM internal.common.people WHERE n IN (SELECT n FROM open.common.people)",
        "SELECT * FROM (PIVOT internal.common.people ON town IN ('本町') USING sum(n))",
        "SELECT max(snapshot_id) FROM internal.snapshots()",
        "SELECT unnest(range(3)) AS i",
        "FROM range(3)",
        "DESCRIBE internal.common.people",
        "SUMMARIZE internal.common.people",
        "SHOW ALL TABLES",
        "EXPLAIN SELECT * FROM internal.common.people",
        "VALUES (1), (2)",
        "SELECT 1; SELECT 2",
    ],
)
def test_questions_are_answered(reader, query):
    assert reader.sql(query).fetchall()


def test_answers_come_as_frames_and_with_parameters(reader):
    found = reader.sql("SELECT n FROM internal.common.people WHERE town = ?", params=["南町"]).pl()
    assert found["n"].to_list() == [2]


@pytest.mark.parametrize(
    "escape",
    [
        # the secure zone
        "FROM secure.common.people",
        "ATTACH 'ducklake:sqlite:{root}/lake/secure/catalog.sqlite' AS s (READ_ONLY)",
        "ATTACH '{root}/lake/secure/catalog.sqlite' AS s (TYPE sqlite)",
        "FROM sqlite_scan('{root}/lake/secure/catalog.sqlite', 'ducklake_data_file')",
        "FROM system.main.sqlite_scan('{root}/lake/secure/catalog.sqlite', 'ducklake_data_file')",
        "SELECT (SELECT count(*) FROM sqlite_scan('{root}/lake/secure/catalog.sqlite', 'x'))",
        "FROM query('FROM sqlite_scan(''{root}/lake/secure/catalog.sqlite'', ''x'')')",
        "EXPLAIN ANALYZE FROM sqlite_scan('{root}/lake/secure/catalog.sqlite', 'x')",
        "CALL sqlite_attach('{root}/lake/secure/catalog.sqlite')",
        "SELECT 1; FROM sqlite_scan('{root}/lake/secure/catalog.sqlite', 'ducklake_data_file')",
        "FROM read_blob('{root}/lake/secure/catalog.sqlite')",
        # files, the environment, the network
        "FROM '{root}/plain.csv'",
        'FROM "{root}/plain.csv"',
        "FROM read_csv('{root}/plain.csv')",
        "FROM read_text('{root}/plain.csv')",
        "FROM read_text('{root}/lake/internal/../../plain.csv')",
        "FROM glob('{root}/*')",
        "FROM internal.common.people WHERE n IN (FROM read_csv('{root}/plain.csv'))",
        "DESCRIBE FROM read_csv('{root}/plain.csv')",
        "SUMMARIZE '{root}/plain.csv'",
        "SELECT getenv('HOME')",
        "FROM 'https://example.com/x.csv'",
        "FROM duckdb_secrets()",
        # writing
        "INSERT INTO internal.common.people VALUES ('c', 'x', 3)",
        "UPDATE internal.common.people SET n = 0",
        "DELETE FROM internal.common.people",
        "DROP TABLE internal.common.people",
        "CREATE TABLE internal.common.mine AS SELECT 1 AS i",
        "CREATE TABLE memory.mine AS SELECT 1 AS i",
        "COPY (SELECT 1) TO '{root}/out.csv'",
        "COPY (SELECT 1) TO '{root}/lake/internal/out.csv'",
        "COPY (SELECT 1) TO '{root}/lake/internal/catalog.sqlite'",
        "COPY internal.common.people TO '{root}/lake/open/data/out.parquet'",
        "EXPORT DATABASE '{root}/lake/internal/export'",
        "ATTACH '{root}/lake/internal/new.duckdb' AS new",
        "ATTACH 'ducklake:sqlite:{root}/lake/internal/catalog.sqlite' AS rw",
        "CALL ducklake_cleanup_old_files('internal', cleanup_all => true)",
        "CALL ducklake_expire_snapshots('internal', older_than => now())",
        "DETACH internal",
        "CHECKPOINT internal",
        # the settings
        "INSTALL json",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "RESET lock_configuration",
        "PRAGMA enable_profiling",
        "CREATE SECRET s (TYPE s3)",
        "PREPARE q AS SELECT 1",
        "BEGIN TRANSACTION",
    ],
)
def test_everything_else_fails_and_changes_nothing(place, reader, escape):
    before = _files(place)
    with pytest.raises((PermissionError, duckdb.Error)):
        reader.sql(escape.format(root=place.root.as_posix())).fetchall()
    assert _files(place) == before
    assert len(reader.sql("FROM internal.common.people").fetchall()) == 2


@pytest.mark.parametrize(
    "query",
    [
        "CREATE TABLE memory.mine AS SELECT 1",
        "COPY (SELECT 1) TO '{root}/lake/internal/x.csv'",
        "FROM read_csv('{root}/plain.csv')",
        "FROM '{root}/plain.csv'",
    ],
)
def test_a_refusal_is_worded_for_the_analyst(place, reader, query):
    with pytest.raises(PermissionError, match="分析用の接続では使えません") as caught:
        reader.sql(query.format(root=place.root.as_posix()))
    assert "直し方" in str(caught.value)


def test_the_engine_itself_is_locked_behind_the_guard(place, reader):
    for escape in (
        "SET enable_external_access = true",
        f"FROM read_csv('{place.root.as_posix()}/plain.csv')",
        f"COPY (SELECT 1) TO '{place.root.as_posix()}/out.csv'",
        f"INSERT INTO {reader._session.lakes['internal']}.common.people VALUES ('c', 'x', 3)",
    ):
        with pytest.raises(duckdb.Error):
            reader._session.con.sql(escape)


def test_a_slip_in_a_query_keeps_the_engines_own_words(reader):
    with pytest.raises(duckdb.ParserException):
        reader.sql("SELEC 1")
    with pytest.raises(PermissionError, match=r"近い名前: internal\.common\.people"):
        reader.sql("FROM internal.common.poeple")
    with pytest.raises(duckdb.BinderException, match="近い名前: town"):
        reader.sql("SELECT twon FROM internal.common.people").fetchall()


def test_a_connection_stays_on_its_snapshot_until_it_is_refreshed(place):
    with connect(str(place.root)) as opened, open_lake(place, write=["internal"]) as con:
        before = opened.versions["internal"]
        with transaction(con, "internal", "x"):
            replace_rows(con, ("internal", "common", "fresh"), ROWS, remove=None)
            with pytest.raises(PermissionError):
                opened.sql("FROM internal.common.fresh")
        with pytest.raises(PermissionError):
            opened.sql("FROM internal.common.fresh")
        assert opened.sql("SELECT max(snapshot_id) FROM internal.snapshots()").fetchone() == (
            before,
        )
        opened.refresh()
        assert len(opened.sql("FROM internal.common.fresh").fetchall()) == 2
        assert opened.versions["internal"] > before
        with opened.at(internal=before) as earlier, pytest.raises(PermissionError):
            earlier.sql("FROM internal.common.fresh")
        for wrong in ({"internal": 999}, {"secure": 1}):
            with pytest.raises(Refusal, match="その版は見られません"):
                opened.at(**wrong)
    with pytest.raises(duckdb.Error):
        opened.sql("SELECT 1")


def test_a_snapshot_that_upkeep_cleared_away_is_said_and_never_half_read(place):
    with connect(place.root) as opened, open_lake(place, write=["internal"]) as con:
        with transaction(con, "internal", "x"):
            con.sql("DELETE FROM internal.common.people WHERE n = 1")
            con.sql("INSERT INTO internal.common.people VALUES ('c', '東町', 1)")
        versions = list(range(opened.versions["internal"] + 1))
        con.sql(f"CALL ducklake_expire_snapshots('internal', versions => {versions})")
        con.sql("CALL ducklake_cleanup_old_files('internal', cleanup_all => true)")
        with pytest.raises(Refusal, match=r"con\.refresh"):
            opened.sql("FROM internal.common.people").fetchall()
        assert opened.refresh().sql("FROM internal.common.people").pl().height == 2


def test_an_unknown_role_is_said(place):
    with pytest.raises(Refusal, match="analyst"):
        connect(place.root, role="anlyst")


def test_a_value_is_traced_to_its_cell_where_nobody_is_described(place):
    rows = ROWS.with_columns(_row=pl.Series([2, 3], dtype=pl.Int64))
    about: dict[str, object] = {"file": "施設.xlsx", "sheet": "一覧", "letters": {"town": "C"}}
    with open_lake(place, write=["internal"]) as con, transaction(con, "internal", "x"):
        replace_rows(con, ("internal", "common", "places"), rows, remove=None)
        record(con, "internal", [Loaded("internal/places", d, "f", about) for d in "ab"])
    with connect(place.root) as opened:
        found = trace(opened, "places", "town")
        cells = found.pl().select("town", "source_file", "source_sheet", "source_cell")
        assert sorted(cells.rows()) == [
            ("南町", "施設.xlsx", "一覧", "C3"),
            ("本町", "施設.xlsx", "一覧", "C2"),
        ]
        with pytest.raises(ValueError, match="個人"):
            trace(opened, "people", "town")
        for dataset, column in (("places; DROP TABLE x", "town"), ("places", "a' b")):
            with pytest.raises(ValueError, match="名前"):
                trace(opened, dataset, column)


def test_before_any_run_the_remedy_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match="machikane demo") as caught:
        connect(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_the_home_is_the_one_named_or_the_one_beside_the_code(place, tmp_path, monkeypatch):
    monkeypatch.setenv("MACHIKANE_HOME", str(place.root))
    with connect() as opened:
        assert len(opened.sql("FROM open.common.people").fetchall()) == 2
    monkeypatch.delenv("MACHIKANE_HOME")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(analyst, "_PROJECT", tmp_path / "code")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "data").symlink_to(place.root, target_is_directory=True)
    with connect() as opened:
        assert len(opened.sql("FROM open.common.people").fetchall()) == 2
