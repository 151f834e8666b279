"""What one open-data release, mart, evidence notebook or city YAML may say.

Here stand shapes only. How a table is protected is `anonymize/`; how a release is staged, judged,
approved and frozen is `warehouse/`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assets.anonymisation import Policy
from assets.column import PERSONAL, Classification, Role
from assets.declaration import Declaration
from assets.model import Strict
from assets.names import require_names
from assets.overlaps import Overlaps
from assets.themes import Theme


class PrivacyBudget(Strict):
    """What noisy answers about one population may cost in a year (4月から翌年3月), all together.

    Attributes:
        yearly_epsilon: ε of all answers of a year at `delta`.
        delta: 0 when only discrete Laplace noise is used; far below 1 / persons otherwise.
    """

    yearly_epsilon: float = Field(gt=0, le=100)
    delta: float = Field(default=0, ge=0, le=1e-4)


class City(Strict):
    """The city that runs this platform.

    Attributes:
        bounds: south, west, north and east in degrees, JGD2011.
        open_data_url: Where the public folder is served; addresses in catalogues begin with it.
        storage_yen_per_gb_month: what a gigabyte costs the city, for `machikane sizes`.
        privacy_budgets: population to what releases with `method: noise` may spend on it.
    """

    name: str
    prefecture: str
    local_government_code: str = Field(pattern=r"^\d{6}$")
    publisher: str
    contact: str
    bounds: tuple[float, float, float, float] | None = None
    open_data_url: str | None = Field(default=None, pattern=r"^https?://")
    storage_yen_per_gb_month: float | None = Field(default=None, ge=0)
    privacy_budgets: dict[str, PrivacyBudget] = Field(default_factory=dict)


class OpenAsIs(Strict):
    """The query may touch columns classified 公開 and nothing else; values go out unchanged."""

    method: Literal["none"]
    reason: str = Field(min_length=1)


class RandomRounding(Strict):
    """A frequency table: small regions merged, cells rounded at random, margins re-added.

    `region` names the column of regions, `counts` the interior cells (a pattern with `*` is
    matched against the query's columns), `sums` each margin and its parts. Units: persons.
    """

    method: Literal["random_rounding"]
    region: str
    counts: list[str] = Field(min_length=1)
    sums: dict[str, list[str]] = Field(min_length=1)
    base: int = Field(ge=3)
    total: str
    minimum_region_total: int = Field(ge=1)


class Noise(Strict):
    """A frequency table of persons, counted and blurred with differentially private whole numbers.

    The query gives one row a person and cell; counting is done here, so that nobody is in more
    cells than declared. Regions and cells are written out because a list read off the data would
    tell who is in it. What else the query gives must be one text or day for the whole table.

    Attributes:
        population: Which of the city's `privacy_budgets` pays.
        person: Column of the person (a pseudonym).
        region: Column of the region; `regions` lists all it may have.
        cell: Column that names the count column a row belongs to; `counts` lists all of them.
        sums: Each margin and its parts.
        cells_per_person: Cells (region and count) one person is counted in at most.
        epsilon: ε of the release, once; smaller protects more.
        delta: 0 for discrete Laplace noise, else discrete Gaussian at this δ.
    """

    method: Literal["noise"]
    population: str
    person: str
    region: str
    regions: list[str] = Field(min_length=1)
    cell: str
    counts: list[str] = Field(min_length=1)
    sums: dict[str, list[str]] = Field(min_length=1)
    cells_per_person: int = Field(ge=1)
    epsilon: float = Field(gt=0, le=10)
    delta: float = Field(default=0, ge=0, le=1e-4)


class ControlledRounding(Strict):
    """A frequency table rounded as a whole: every cell and margin a multiple, each margin near too.

    `region`, `counts`, `sums`, `total`, `base`, `minimum_region_total`: as for `random_rounding`.
    `draw`: `nearest` changes as little as possible; `unbiased` draws with a key so that the mean
    over many regions is true. For tables published once or yearly: of a table published monthly a
    cell that nobody entered or left may be rounded anew.
    """

    method: Literal["controlled_rounding"]
    region: str
    counts: list[str] = Field(min_length=1)
    sums: dict[str, list[str]] = Field(min_length=1)
    base: int = Field(ge=3)
    total: str
    minimum_region_total: int = Field(ge=1)
    draw: Literal["nearest", "unbiased"]


class CellKey(Strict):
    """A frequency table counted from persons, each cell with noise that its persons determine.

    The query gives one row a person. The same persons get the same noise in every table and month.
    Margins are sums of the published cells.

    Attributes:
        person: Column of the person (a pseudonym that does not change).
        region: Column of the region.
        cell: Column that names the count column a person belongs to; `counts` lists all of them.
        sums: Each margin and its parts.
        total: The margin of all persons of a region.
        deviation: Largest noise, in persons.
        variance: Variance of the noise.
        suppressed_up_to: Counts from 1 to this are never published.
        minimum_region_total: Smaller regions are counted together.
    """

    method: Literal["cell_key"]
    person: str
    region: str
    cell: str
    counts: list[str] = Field(min_length=1)
    sums: dict[str, list[str]] = Field(min_length=1)
    total: str
    deviation: int = Field(ge=1, le=50)
    variance: float = Field(gt=0)
    suppressed_up_to: int = Field(ge=0)
    minimum_region_total: int = Field(ge=1)


class Merging(Strict):
    """A frequency table in which small regions are shown with a fixed neighbour (秘匿・合算).

    Counts of other regions go out unchanged. A hidden row is blank and its note says X and with whom
    it was added up.

    Attributes:
        region: Column of the regions, one row each, no row of totals.
        neighbours: Region to the fixed neighbour it joins when it is small.
        always: Regions hidden whatever their number, so that they do not come and go.
        within: Column of the larger area for which totals are published elsewhere.
        counts: Interior count columns (patterns with `*`).
        sums: Each margin and its parts.
        total: The margin of all persons of a region.
        note: Column of the standard for the marks, usually 備考.
        minimum_region_total: Fewest persons a row may show.
    """

    method: Literal["merging"]
    region: str
    neighbours: dict[str, str] = Field(min_length=1)
    always: list[str] = Field(default_factory=list)
    within: str | None = None
    counts: list[str] = Field(min_length=1)
    sums: dict[str, list[str]] = Field(min_length=1)
    total: str
    note: str
    minimum_region_total: int = Field(ge=2)


class Suppression(Strict):
    """A frequency table whose small cells, and those that would give them away, are left blank.

    Counts of other cells go out unchanged. Of every blank cell an outsider who solves the sums of
    the table learns no more than an interval as wide as the threshold. Totals of all regions and of
    the larger areas are taken as known to everybody.

    Attributes:
        region: Column of the regions, one row each; rows of larger areas may be among them.
        groups: Larger area to its parts (regions or areas).
        counts: Interior count columns (patterns with `*`).
        sums: Each margin and its parts.
        total: The margin of all persons of a region.
        note: Column of the standard for the marks, usually 備考: X and the blank columns of a row.
        threshold: Counts from 1 to less than this are hidden; 0 is shown.
    """

    method: Literal["suppression"]
    region: str
    groups: dict[str, list[str]] = Field(default_factory=dict)
    counts: list[str] = Field(min_length=1)
    sums: dict[str, list[str]] = Field(min_length=1)
    total: str
    note: str
    threshold: int = Field(ge=3)


class AnonymisedRecords(Strict):
    """Rows of persons or households, generalised until nobody stands alone.

    `policy` is what `machikane anonymize` reads; files it names lie beside the release's YAML. Every
    column of the query has a part in it.
    """

    method: Literal["anonymised_records"]
    policy: Policy


TableProtection = RandomRounding | ControlledRounding | CellKey | Merging | Suppression
Protection = Annotated[
    OpenAsIs | TableProtection | Noise | AnonymisedRecords, Field(discriminator="method")
]


class Release(Strict):
    """One open dataset. The SQL beside it reads `internal` and writes the standard's columns.

    `overlaps` says which persons it counts, so that it can be held against every other release; a
    release that may count persons and does not say so is stopped. `declaration` answers what only a
    person can say for the law's checklist; without it a protected release is stopped.

    Attributes:
        standard: Slug of the layout under `standards/`.
        theme: Data theme of the EU vocabulary that catalogues share (`assets.themes`).
        prepared_by: Who answers for the content.
        approvers: Who may approve it; never the one who prepared it.
        free_text: Columns that may hold sentences, each with why nobody is named in them. Long texts
            elsewhere stop the release.
        bom: CSV begins with a byte order mark, which older Excel needs to read Japanese.
        xlsx: A workbook is written besides CSV, JSON and Parquet.
    """

    title: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    description: str = Field(min_length=1)
    description_en: str = Field(min_length=1)
    standard: str
    sources: list[str] = Field(min_length=1)
    licence: Literal["CC BY 4.0", "CC0 1.0", "PDL1.0"]
    contact: str
    frequency: Literal["daily", "weekly", "monthly", "yearly", "irregular"]
    theme: Theme
    keywords: list[str] = Field(min_length=1)
    prepared_by: str
    approvers: list[str] = Field(min_length=1)
    free_text: dict[str, str] = Field(default_factory=dict)
    bom: bool = True
    xlsx: bool = False
    protection: Protection
    overlaps: Overlaps | None = None
    declaration: Declaration | None = None
    caveats: list[str] = Field(default_factory=list)


class MartColumn(Strict):
    """One column of a mart; `role` says of a column about persons what it tells of them."""

    title: str
    classification: Classification
    description: str = ""
    unit: str | None = None
    role: Role | None = None


# What stands beside the YAML or is known to the register itself, as tables for the SQL: `entries` is
# CSV of the same name, `code_lists` every code of every contract.
DeclaredName = Literal["entries", "code_lists"]


class Mart(Strict):
    """A table for analysis, computed from `internal` by the SQL beside it.

    Attributes:
        title: what it is called.
        description: what one row is, and how it is counted.
        sources: `common.<dataset>` and `mart.<mart>` that the SQL reads.
        may_be_missing: those of the sources without which it is made all the same, as if they had
            no rows. Without one of the others it waits.
        declared: tables for the SQL that nobody delivers, under `declared.<name>`.
        key: no two rows agree in these columns, and none of them is blank.
        personal: one row speaks of one person under a pseudonym (仮名加工情報に準じて扱う). Such a
            table is seen by roles granted 個人 alone and goes out only protected.
        columns: the columns in their order.
    """

    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    sources: list[str] = Field(default_factory=list)
    may_be_missing: list[str] = Field(default_factory=list)
    declared: list[DeclaredName] = Field(default_factory=list)
    key: list[str] = Field(default_factory=list)
    personal: bool = False
    columns: dict[str, MartColumn] = Field(min_length=1)

    @model_validator(mode="after")
    def _spell_names_in_ascii(self) -> Self:
        require_names(self.columns)
        return self

    @model_validator(mode="after")
    def _name_what_is_there(self) -> Self:
        if unknown := sorted({*self.key} - self.columns.keys()):
            raise ValueError(f"key に columns にない列があります: {'、'.join(unknown)}")
        if unknown := sorted({*self.may_be_missing} - {*self.sources}):
            raise ValueError(
                f"may_be_missing に sources にないデータがあります: {'、'.join(unknown)}"
            )
        return self

    @model_validator(mode="after")
    def _keep_persons_apart(self) -> Self:
        """A table speaks of persons in every column or in none, so that no role sees half a person."""
        of_persons = [n for n, c in self.columns.items() if c.classification in PERSONAL]
        if not self.personal and of_persons:
            raise ValueError(
                f"個人情報の列があります: {'、'.join(of_persons)}。集計した列にするか、"
                "1行が1人の表なら personal: true と書いてください"
            )
        if self.personal:
            self._describe_persons()
        return self

    def _describe_persons(self) -> None:
        open_ones = [n for n, c in self.columns.items() if c.classification != "個人"]
        if open_ones:
            raise ValueError(
                "personal: true の表では、すべての列の classification を 個人 にしてください: "
                f"{'、'.join(open_ones)}"
            )
        named = [n for n, c in self.columns.items() if c.role in {None, "direct_identifier"}]
        if named:
            raise ValueError(
                "personal: true の表の列には role(identifier / quasi_identifier / attribute の"
                f"どれか)が必要です: {'、'.join(named)}"
            )


class Case(Strict):
    """An evidence notebook that the pipeline runs."""

    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    owner: str
    notebook: str
    sources: list[str] = Field(min_length=1)
