"""What the tests of the notebooks share: the tables of the case, and a stand-in warehouse."""

import os
import textwrap

import duckdb
import polars as pl
import pytest

PROCEDURES = {
    "図書館": (701870, 832169),
    "文化・スポーツ施設": (194195, 219382),
    "研修・講習": (771, 1002),
    "地方税": (180405, 306011),
    "水道": (8684, 39313),
    "粗大ごみ": (13732, 83755),
    "犬の登録・死亡届": (306, 1605),
    "職員採用": (3950, 4002),
    "入札参加": (71, 249),
    "公文書開示": (5, 411),
    "児童手当": (0, 3744),
    "介護保険負担割合証": (0, 1077),
}
LIFE_EVENTS = {
    "転入": (971, 19149),
    "転出": (560, 18741),
    "結婚": (247, 1662),
    "出生": (369, 3184),
    "離婚": (211, 627),
    "おくやみ": (730, 4092),
}


def build_frame(rows, name, count, rate):
    frame = pl.DataFrame(
        {
            name: list(rows),
            count: [row[0] for row in rows.values()],
            "total_count": [row[1] for row in rows.values()],
        }
    )
    percent = pl.col(count) * 100 / pl.col("total_count")
    return frame.with_columns(percent.round(1, mode="half_away_from_zero").alias(rate))


@pytest.fixture(scope="session")
def online_usage():
    frame = build_frame(PROCEDURES, "procedure_name", "online_count", "online_rate_pct")
    return frame.with_columns(offline_count=pl.col("total_count") - pl.col("online_count"))


@pytest.fixture(scope="session")
def guide_usage():
    return build_frame(LIFE_EVENTS, "life_event", "guide_count", "guide_rate_pct")


@pytest.fixture(scope="session")
def warehouse_path(online_usage, guide_usage, tmp_path_factory):
    """Give a folder whose ``warehouse.analyst`` reads a DuckDB file with the two marts."""
    root = tmp_path_factory.mktemp("stub")
    file = root / "internal.duckdb"
    con = duckdb.connect()
    con.sql(f"attach '{file}' as internal")
    con.sql("create schema internal.mart")
    con.register("online_rows", online_usage)
    con.register("guide_rows", guide_usage)
    con.sql("create table internal.mart.online_usage as from online_rows")
    con.sql("create table internal.mart.guide_usage as from guide_rows")
    con.sql("create macro internal.snapshots() as table select unnest([3, 41, 7]) as snapshot_id")
    con.close()
    package = root / "warehouse"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "analyst.py").write_text(
        textwrap.dedent(f"""
            import duckdb

            def connect():
                con = duckdb.connect()
                con.sql("attach {str(file)!r} as internal (read_only)")
                return con
        """),
        encoding="utf-8",
    )
    return root


@pytest.fixture
def kernel_environment(warehouse_path, tmp_path, monkeypatch):
    """Let kernels see the stand-in, and a home in which every new file would show."""
    home = tmp_path / "home"
    home.mkdir()
    # matplotlib's font list may stay where it is: it belongs to no user's settings.
    monkeypatch.setenv("MPLCONFIGDIR", str(warehouse_path / "matplotlib"))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    old = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(warehouse_path), old])))
    monkeypatch.chdir(tmp_path)
    return home
