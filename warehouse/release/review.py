"""Everything an approver must have seen of a candidate, gathered in one place.

Belongs here: which comparisons and checks are told, and reading them together. Must not hold: the
comparisons (`diff`), what a stranger learns (`outsider`), the page (`review_page`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assets.overlaps import CountsPersons
from warehouse.account import Account, add_up
from warehouse.lake import loaded
from warehouse.lineage.origins import datasets_behind
from warehouse.release.candidate import folder_of
from warehouse.release.diff import ColumnDiff, RowDiff, compare_columns, compare_rows, read_text
from warehouse.release.outsider import Outsider, look_as_outsider
from warehouse.release.version import Version, all_versions, version_folder
from warehouse.standards.check import check_table

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from assets.register import Register, ReleaseQuery
    from assets.release import Release
    from assets.standard import Standard
    from warehouse.home import Home
    from warehouse.release.candidate import Candidate
    from warehouse.standards.difference import Difference


@dataclass(frozen=True)
class Source:
    """Quality of one dataset behind the release.

    Attributes:
        rows: Rows that were loaded.
        quarantined: Rows that a rule refused; they are not in the release.
        checks: Promises that were checked; `broken`: those that did not hold.
    """

    name: str
    title: str
    rows: int
    quarantined: int
    checks: int
    broken: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """What is told of a candidate.

    Attributes:
        against: The newest version on offer; None: there is none.
        rows: None when there is nothing to compare with; so `columns`.
        differences: From the standard layout.
        disclosure: Name of the disclosure report under `reports/disclosure`; None: no persons.
    """

    title: str
    name: str
    spec: Release
    standard: Standard
    candidate: Candidate
    made_at: str
    against: Version | None
    rows: RowDiff | None
    columns: ColumnDiff | None
    differences: tuple[Difference, ...]
    sources: tuple[Source, ...]
    outsider: Outsider
    disclosure: str | None

    @property
    def errors(self) -> int:
        """Count the differences from the layout that make other programs stumble."""
        return sum(difference.is_error for difference in self.differences)


def review(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    register: Register,
    release: ReleaseQuery,
    candidate: Candidate,
) -> Review:
    """Gather what there is to see of a candidate. `con` has `secure` attached.

    Raises:
        Refusal: `ledger.broken`.
    """
    public = all_versions(home)
    own = public.get(release.name, [])
    against = own[-1] if own else None
    table = read_text(folder_of(home, release.name, candidate.id), candidate)
    before = _read(home, against) if against else None
    report = f"{release.name}.html"
    return Review(
        title=release.spec.title,
        name=release.name,
        spec=release.spec,
        standard=release.standard,
        candidate=candidate,
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        against=against,
        rows=None if before is None else compare_rows(before, table, _keys(release)),
        columns=None if before is None else compare_columns(before, table),
        differences=tuple(check_table(table, release.standard)),
        sources=tuple(
            _judge_source(con, register, name)
            for name in datasets_behind(register, release.spec.sources)
        ),
        outsider=look_as_outsider(
            home, register, release, table, integers=candidate.integers, public=public
        ),
        disclosure=report if (home.reports / "disclosure" / report).is_file() else None,
    )


def _read(home: Home, version: Version) -> pl.DataFrame:
    return read_text(version_folder(home, version.release, version.name), version.candidate)


def _keys(release: ReleaseQuery) -> list[list[str]]:
    """Name the columns that may tell rows apart: the layout's ids, then the labels of counts."""
    columns = release.standard.columns
    ids = [c.name for c in columns if c.name == "ID"]
    ids += [c.name for c in columns if c.type == "code" and c.name not in ids]
    overlaps = release.spec.overlaps
    labels = list(overlaps.rows) if isinstance(overlaps, CountsPersons) else []
    return [*([name] for name in ids), labels]


def _judge_source(con: duckdb.DuckDBPyConnection, register: Register, name: str) -> Source:
    entries = loaded(con, "secure", f"common/{name}").values()
    account = add_up(Account.from_json(entry.account) for entry in entries)
    quality = loaded(con, "secure", f"quality/{name}").get("")
    checks: list[dict[str, Any]] = _checks(quality.account if quality else {})
    return Source(
        name=name,
        title=register.datasets[name].contract.title,
        rows=account.rows_out,
        quarantined=account.quarantined,
        checks=len(checks),
        broken=tuple(str(check["title"]) for check in checks if not check["passed"]),
    )


def _checks(account: dict[str, Any]) -> list[dict[str, Any]]:
    return list(account.get("checks", []))
