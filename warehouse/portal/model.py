"""What the portal shows: one frozen `Catalogue`, filled by the warehouse, drawn by `build`.

Here stand shapes and facts derived from them alone. Nothing here reads a lake, a file or a clock,
and nothing here can hold a row of departmental data: only a release, which is open, has a preview.

Conventions for every field:

* An `href` is a path relative to the portal's folder (`releases/wifi/v2/wifi.csv`), written
  plainly and not percent-encoded; the portal encodes it and finds it from every page.
* A date or time is an ISO 8601 string; anything else is shown as it stands.
* `None` means that the fact is not known or does not apply; it is shown as a dash.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

StepStatus = Literal["成功", "変更なし", "見送り", "失敗"]
ReleaseState = Literal["公開中", "承認待ち", "取下げ"]
DeliveryState = Literal["取込済", "差替え済", "拒否", "契約の変更待ち", "重複"]
Layer = Literal["landing", "secure", "internal", "mart", "open"]

PREVIEW_ROWS = 10


@dataclass(frozen=True, kw_only=True)
class City:
    """The city that runs the portal. `contact` is text, such as a department and a number."""

    name: str
    publisher: str
    contact: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a run and its account. Counts are rows; `seconds` is its duration.

    A step that does not account row by row (a download, an aggregation) has `rows_in` None.
    """

    title: str
    asset_key: str
    zone: str
    status: StepStatus
    rows_in: int | None = None
    rows_out: int | None = None
    rows_quarantined: int | None = None
    rows_set_aside: int | None = None
    seconds: float | None = None

    @property
    def difference(self) -> int | None:
        """Rows that came in and are nowhere; 0 closes the account, None means there is none."""
        if self.rows_in is None:
            return None
        parts = (self.rows_out, self.rows_quarantined, self.rows_set_aside)
        return self.rows_in - sum(part or 0 for part in parts)


@dataclass(frozen=True, kw_only=True)
class Run:
    """The last run of the pipeline; `seconds` is its duration."""

    run_id: str
    started: str
    seconds: float
    steps: tuple[Step, ...] = ()

    @property
    def statuses(self) -> dict[StepStatus, int]:
        """Count the steps of each status, the worst first."""
        count = Counter(step.status for step in self.steps)
        order: tuple[StepStatus, ...] = ("失敗", "見送り", "成功", "変更なし")
        return {status: count[status] for status in order if count[status]}

    @property
    def open_accounts(self) -> tuple[Step, ...]:
        """List the steps whose account does not close."""
        return tuple(step for step in self.steps if step.difference)


@dataclass(frozen=True, kw_only=True)
class Link:
    """A named link; `href` None shows the name alone."""

    label: str
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A node next to this one in the lineage; `kind` is a word such as 庁内データ."""

    title: str
    kind: str
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Standard:
    """The standard layout a release follows."""

    title: str
    number: int | str
    edition: str


@dataclass(frozen=True, kw_only=True)
class ReleaseColumn:
    """One column of a release; `required` None means that the standard does not say.

    `made_of` names the columns of the delivered files behind it, each with its dataset; a column
    that is written by the query itself, or left blank, has none.
    """

    name: str
    required: bool | None = None
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Origin:
    """One delivered file that the shown version of a release was made of."""

    title: str
    period: str
    file_name: str
    sha256: str
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReleaseFile:
    """One file of the latest version, for download."""

    name: str
    format: str
    size_bytes: int
    sha256: str
    href: str


@dataclass(frozen=True, kw_only=True)
class ReleaseVersion:
    """One frozen version of a release."""

    version: str
    published_at: str
    rows: int | None = None
    note: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The first rows of an open release, as text; rows beyond the tenth are not shown."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Release:
    """One open dataset. Files, links and preview are shown only while `state` allows it."""

    slug: str
    title: str
    description: str
    licence: str
    contact: str
    frequency: str
    state: ReleaseState
    prepared_by: str
    standard: Standard | None = None
    version: str | None = None
    published_at: str | None = None
    approved_by: str | None = None
    period_label: str | None = None
    rows: int | None = None
    columns: tuple[ReleaseColumn, ...] = ()
    protection: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    files: tuple[ReleaseFile, ...] = ()
    versions: tuple[ReleaseVersion, ...] = ()
    preview: Preview | None = None
    lineage: tuple[Neighbour, ...] = ()
    origins: tuple[Origin, ...] = ()
    quality_href: str | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the latest version may be taken away."""
        return self.state == "公開中"

    @property
    def downloads(self) -> tuple[ReleaseFile, ...]:
        """List the files on offer: none unless approved and not withdrawn."""
        return self.files if self.is_open else ()

    @property
    def preview_rows(self) -> tuple[tuple[str, ...], ...]:
        """List the rows on show: none unless approved and not withdrawn."""
        return self.preview.rows[:PREVIEW_ROWS] if self.preview and self.is_open else ()

    def links_of(self, version: ReleaseVersion) -> tuple[Link, ...]:
        """List a version's links: none once withdrawn, none for a version awaiting approval."""
        awaiting = self.state == "承認待ち" and version.version == self.version
        return () if self.state == "取下げ" or awaiting else version.links


@dataclass(frozen=True, kw_only=True)
class DatasetColumn:
    """One column of a contract; `sources` are the headers it was delivered under."""

    name: str
    title: str
    type: str
    classification: str
    unit: str | None = None
    role: str | None = None
    required: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One file handed in. `message` says what happened and never quotes a row.

    `is_open` False means that a later delivery has settled the matter of a refused one.
    """

    period: str
    file_name: str
    received_at: str
    size_bytes: int
    sha256: str
    state: DeliveryState
    rows: int | None = None
    rows_quarantined: int | None = None
    rows_set_aside: int | None = None
    message: str = ""
    is_open: bool = True


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One check of the contract; `passed` None means that it has not run yet."""

    title: str
    passed: bool | None
    severity: str


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One departmental dataset: its contract and how its collection goes, newest delivery first."""

    name: str
    title: str
    description: str
    department: str
    owner: str
    contact: str
    legal_basis: str
    frequency: str
    retention: str
    columns: tuple[DatasetColumn, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    missing_periods: tuple[str, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    quality_href: str | None = None
    upstream: tuple[Neighbour, ...] = ()
    downstream: tuple[Neighbour, ...] = ()

    @property
    def classifications(self) -> dict[str, int]:
        """Count the columns of each classification, in the order they appear."""
        return dict(Counter(column.classification for column in self.columns))

    @property
    def in_use(self) -> Delivery | None:
        """Give the newest delivery that is loaded."""
        return next((d for d in self.deliveries if d.state == "取込済"), None)

    @property
    def refused(self) -> tuple[Delivery, ...]:
        """List the refused deliveries that nothing readable has replaced."""
        return tuple(d for d in self.deliveries if d.state == "拒否" and d.is_open)

    @property
    def waiting(self) -> tuple[Delivery, ...]:
        """List the deliveries that wait for a change of the contract."""
        return tuple(d for d in self.deliveries if d.state == "契約の変更待ち" and d.is_open)

    @property
    def failed_checks(self) -> tuple[CheckResult, ...]:
        """List the checks that ran and failed."""
        return tuple(check for check in self.checks if check.passed is False)


@dataclass(frozen=True, kw_only=True)
class Case:
    """An executed evidence notebook; `href` is its HTML."""

    title: str
    question: str
    owner: str
    href: str
    executed_at: str


@dataclass(frozen=True, kw_only=True)
class LineageNode:
    """One node of the lineage graph; `upstream` holds keys of other nodes."""

    key: str
    title: str
    layer: Layer
    upstream: tuple[str, ...] = ()
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything the portal shows. `notice` stands at the top of every page, when there is one."""

    city: City
    generated_at: str
    notice: str = ""
    run: Run | None = None
    releases: tuple[Release, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    cases: tuple[Case, ...] = ()
    lineage: tuple[LineageNode, ...] = ()
