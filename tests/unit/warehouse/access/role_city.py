"""A register of two datasets and four roles, and a home whose lakes hold more than any role sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.unit.assets.declaring import CONTRACT, MART, changed, write_register
from warehouse.home import Home
from warehouse.lake import ZONES, Loaded, open_lake, record, replace_rows, transaction

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.lake import Zone

HIDDEN = "秘密の値"
INTERNAL = {"zone": "internal", "schemas": ["common", "mart"]}
ALL = ["公開", "庁内", "個人"]
ROLES = {
    "analyst": [{**INTERNAL, "classifications": ALL, "without_roles": ["direct_identifier"]}],
    "office": [{**INTERNAL, "schemas": ["mart"], "classifications": ["公開", "庁内"]}],
    "tax": [{**INTERNAL, "departments": ["tax"], "classifications": ALL}],
    "narrow": [{**INTERNAL, "classifications": ["庁内"], "without_columns": ["users.visit_count"]}],
    "engineer": [{"zone": "secure", "schemas": ["common"], "classifications": ALL}],
}
NAME = {
    "source": "氏名",
    "title": "氏名",
    "type": "name",
    "classification": "個人",
    "role": "direct_identifier",
}
USERS = pl.DataFrame(
    {
        "_delivery": ["a", "b"],
        "_period": ["2026-04", "2026-05"],
        "person_id": ["p1", "p2"],
        "town": ["本町", "南町"],
        "visit_count": [1, 2],
        "unknown_column": [HIDDEN, HIDDEN],
    }
)
NAMED = USERS.with_columns(full_name=pl.Series([HIDDEN, HIDDEN]))
LEVIES = USERS.select("_delivery", "_period", "person_id", "town").with_columns(
    visit_count=pl.lit(77), _row=pl.Series([2, 3], dtype=pl.Int64)
)


def write_role_register(root: Path) -> Path:
    """Write the register."""
    users = changed(CONTRACT, columns__full_name=NAME)
    levies = changed(CONTRACT, title="賦課", source__file="賦課_{year}{month}.csv")
    tax_mart = changed(MART, title="賦課の集計", sources=["common.levies", "common.users"])
    return write_register(
        root,
        **{
            "citizens/users.yaml": users,
            "tax/levies.yaml": levies,
            "marts/levies_by_town.yaml": tax_mart,
            "marts/levies_by_town.sql": "SELECT town FROM internal.common.levies",
            **{
                f"roles/{name}.yaml": {
                    "title": f"{name}の役割",
                    "description": "試験",
                    "audited": name == "engineer",
                    "grants": grants,
                }
                for name, grants in ROLES.items()
            },
        },
    )


def fill_home(root: Path) -> Home:
    """Write the lakes."""
    home = Home(root)
    towns = USERS.select("town")
    tables: dict[tuple[Zone, str, str], pl.DataFrame] = {
        ("secure", "common", "users"): NAMED,
        ("secure", "raw", "users"): NAMED,
        ("internal", "common", "users"): NAMED,
        ("internal", "common", "levies"): LEVIES,
        ("internal", "common", "stranger"): NAMED,
        ("internal", "mart", "by_town"): towns.with_columns(secret=pl.lit(HIDDEN)),
        ("internal", "mart", "levies_by_town"): towns,
        ("open", "release", "population"): pl.DataFrame({"地域名": ["本町"]}),
    }
    about: dict[str, object] = {"file": "賦課.csv", "sheet": "一覧", "letters": {"town": "C"}}
    with open_lake(home, write=ZONES) as con:
        for name, rows in tables.items():
            with transaction(con, name[0], "x"):
                replace_rows(con, name, rows, remove=None)
        with transaction(con, "internal", "x"):
            record(con, "internal", [Loaded("internal/levies", d, "f", about) for d in "ab"])
    (home.root / "plain.csv").write_text(f"a\n{HIDDEN}\n", "utf-8")
    return home
