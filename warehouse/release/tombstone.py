"""Taking versions back: no byte of their data stays where we keep it, and what they were is provable.

Belongs here: which copies there are, their removal, and the stone that is set when all are gone. Must
not hold: who decides (`ledger`), what the pages say (`catalogue`). Every step may be repeated: until
its stone stands, a version is buried again by the next one who publishes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from warehouse.atomic import sync_folder, write_atomically
from warehouse.lake import Zone, folder_of
from warehouse.refusal import Refusal
from warehouse.release.freeze import KEPT, MANIFEST, remove_folder
from warehouse.writing_lock import one_writer

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from warehouse.home import Home
    from warehouse.release.ledger import Decision, Numbered

STONE = "tombstone.json"
_ZONE: Zone = "open"
_BUSY_SECONDS = 20


@dataclass(frozen=True)
class Stone:
    """What stays of one version: who took it back, when and why, and the hashes of what was.

    Attributes:
        digests: file name to SHA-256.
    """

    version: str
    withdrawn_at: str
    withdrawn_by: str
    reason: str
    digests: dict[str, str]


def is_buried(folder: Path) -> bool:
    """Tell whether all copies of the version of a folder are gone."""
    return (folder / STONE).is_file()


def bury(
    con: duckdb.DuckDBPyConnection, home: Home, versions: list[Numbered], gone: list[Numbered]
) -> None:
    """Remove every copy of versions of one release that were taken back.

    The pointer and the table of `open` no longer show them. What a stranger could fetch goes first.

    Args:
        con: Has `open` attached for writing.
        home: Of the city.
        versions: All of the release.
        gone: Those of them to bury.

    Raises:
        Refusal: `release.catalog_busy`: another program reads the zone `open` just now.
    """
    name = gone[0].approval.release
    staying = {version.name for version in versions if version.withdrawal is None}
    _clear_public(home.public / "datasets" / name, staying)
    for pages in home.public.glob(f"*/datasets/{name}"):  # in other languages
        remove_folder(pages)
    for entities in home.public.glob(f"ngsi/{name}.*"):
        entities.unlink()
    for version in gone:
        _remove_data(home.releases / name / version.name)
    _remove_drafts(home, name)
    _forget_rows(con, name)
    for version in gone:
        if version.withdrawal is not None:
            _set_stone(home.releases / name / version.name, version.name, version.withdrawal)


def digests_of(folder: Path) -> dict[str, str]:
    """Read the hashes of a frozen version's files; empty when it was never frozen."""
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    files = json.loads(path.read_text("utf-8"))["candidate"]["files"]
    return {file["name"]: file["sha256"] for file in files}


def _clear_public(folder: Path, staying: set[str]) -> None:
    """Leave the versions that stay alone; the pages and `latest` are built anew by the site."""
    for path in folder.glob("*"):
        if path.name in staying:
            continue
        if path.is_dir() and not path.is_symlink():
            remove_folder(path)
        else:
            path.unlink(missing_ok=True)


def _remove_data(folder: Path) -> None:
    for file in folder.glob("*"):
        if file.name not in KEPT:
            file.chmod(0o600)  # Windows removes no read-only file
            file.unlink()


def _remove_drafts(home: Home, name: str) -> None:
    """Remove every staged copy, later ones may hold the same rows, and what was written about them."""
    remove_folder(home.candidates / name)
    (home.reports / "review" / f"{name}.html").unlink(missing_ok=True)
    (home.methods / f"{name}.overlap.csv").unlink(missing_ok=True)


def _forget_rows(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Let go of old snapshots, their files, files of broken writes, and values in the catalog."""
    folder = folder_of(con, _ZONE)
    with one_writer(folder, _ZONE):
        con.sql(f"CALL ducklake_expire_snapshots('{_ZONE}', older_than => now()::TIMESTAMP)")
        con.sql(f"CALL ducklake_cleanup_old_files('{_ZONE}', cleanup_all => true)")
        con.sql(f"CALL ducklake_delete_orphaned_files('{_ZONE}', cleanup_all => true)")
        _shed(folder / "catalog.sqlite", name)


def _shed(catalog: Path, name: str) -> None:
    """Write the catalog anew: deleted lines (smallest and largest values of columns) lie in it still."""
    command = [sys.executable, "-m", "warehouse.release.shed", str(catalog), str(_BUSY_SECONDS)]
    if subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603 - our own
        raise Refusal(
            "release.catalog_busy",
            "公開中止とデータファイルの削除は済みましたが、ほかの処理が公開の領域を読んでいるため、"
            "目録から古い値を消せていません。",
            name,
            "分析の画面などを閉じて、同じ取下げのコマンドをもう一度実行してください。",
        )


def _set_stone(folder: Path, version: str, withdrawal: Decision) -> None:
    stone = Stone(
        version=version,
        withdrawn_at=withdrawal.decided_at,
        withdrawn_by=withdrawal.person,
        reason=withdrawal.note,
        digests=digests_of(folder),
    )
    write_atomically(folder / STONE, json.dumps(asdict(stone), ensure_ascii=False, indent=1))
    sync_folder(folder)
