"""What is true of a published table, so that its description promises nothing else.

Belongs here: counting, over the CSV as it lies in the public folder. Must not hold: the words of any
vocabulary. A constraint of the layout that the file does not keep to is not repeated: what a reader
is told must hold for the bytes in hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from assets.standard import StandardColumn
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from assets.standard import Standard
    from warehouse.catalogue.entries import Entry, PublicFile, PublicVersion

BOM = b"\xef\xbb\xbf"

# How values of a type are written; types not named here are any text.
PATTERNS: dict[str, str] = {
    "integer": r"^-?(0|[1-9][0-9]*)$",
    "number": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$",
    "latitude": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$",
    "longitude": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "time": r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
    "flag": r"^1$",
    "url": r"^https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$",
    "email": r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
    "postal_code": r"^[0-9]{7}$",
    "municipality_code": r"^[0-9]{6}$",
    "corporate_number": r"^[0-9]{13}$",
}


@dataclass(frozen=True, kw_only=True)
class ColumnFacts:
    """One column of a file.

    Attributes:
        spec: What the layout says of it; a bare text column where the layout does not name it.
        blanks: Cells without a value.
        keeps_type: All values are written as `PATTERNS` says for the type.
        keeps_list: All values are among the layout's words or codes; False where it has none, or
            does not say that these are all.
        is_unique: No two rows agree, in a column the layout names rows by.
    """

    spec: StandardColumn
    blanks: int
    keeps_type: bool
    keeps_list: bool
    is_unique: bool

    @property
    def name(self) -> str:
        """Give the heading."""
        return self.spec.name

    @property
    def type(self) -> str:
        """Give the layout's type where every value keeps to it, else `text`."""
        return self.spec.type if self.keeps_type and not self.spec.separated else "text"

    @property
    def is_required(self) -> bool:
        """Tell whether the layout wants it and every row has it."""
        return self.spec.required is True and self.blanks == 0

    @property
    def is_key(self) -> bool:
        """Tell whether it names each row."""
        return self.is_unique and self.blanks == 0

    @property
    def description(self) -> str:
        """Say what it holds and in which unit."""
        unit = f"単位: {self.spec.unit}" if self.spec.unit else ""
        return "。".join(part for part in (self.spec.description.rstrip("。"), unit) if part)


@dataclass(frozen=True, kw_only=True)
class TableFacts:
    """One file: its columns in their order, rows, and whether it begins with a byte order mark."""

    columns: tuple[ColumnFacts, ...]
    rows: int
    has_bom: bool

    @property
    def key(self) -> str | None:
        """Name the column that names each row, if there is one."""
        return next((column.name for column in self.columns if column.is_key), None)


@dataclass(frozen=True, kw_only=True)
class VersionFacts:
    """The CSV files of a version: the data, and by name the documents that explain them."""

    data: TableFacts
    documents: dict[str, TableFacts]

    def of(self, file: PublicFile) -> TableFacts:
        """Give what is known of a file: of a document its own, of every format of the data theirs."""
        return self.documents[file.name] if file.is_document else self.data


def facts_of(entry: Entry, version: PublicVersion, home_public: Path) -> VersionFacts:
    """Look at the CSV files of a version.

    Raises:
        Refusal: `catalogue.file_missing` when one is not in the public folder.
    """
    folder = f"datasets/{entry.name}/{version.name}/"
    data = version.file("CSV")
    files = [*([data] if data else []), *version.documents]
    missing = [file.path for file in files if not (home_public / file.path).is_file()]
    if data is None or missing:
        raise Refusal(
            "catalogue.file_missing",
            "公開フォルダーに、目録に載せるCSVがありません。",
            "、".join(missing) or folder,
            "machikane run をもう一度実行し、公開フォルダーを作り直してください。",
        )
    # What a document's columns are called, no layout says: they are text.
    bare = entry.standard.model_copy(update={"columns": [], "also": []})
    return VersionFacts(
        data=read_facts(home_public / data.path, entry.standard),
        documents={f.name: read_facts(home_public / f.path, bare) for f in version.documents},
    )


def read_facts(source: Path | bytes, standard: Standard) -> TableFacts:
    """Look at a UTF-8 CSV with a header row, a file or its content."""
    table = pl.scan_csv(source, infer_schema=False)
    names = table.collect_schema().names()
    specs = [_spec(standard, name) for name in (n.removeprefix("\ufeff") for n in names)]
    measures = [m for at, spec in enumerate(specs) for m in _measures(at, pl.nth(at), spec)]
    found = (
        table.select(pl.len().alias("rows"), *measures)
        .collect(engine="streaming")
        .row(0, named=True)
    )
    columns = tuple(
        ColumnFacts(
            spec=spec,
            blanks=found[f"blanks{at}"],
            keeps_type=bool(found[f"type{at}"]),
            keeps_list=bool(found[f"list{at}"]),
            is_unique=bool(found[f"unique{at}"]),
        )
        for at, spec in enumerate(specs)
    )
    return TableFacts(columns=columns, rows=found["rows"], has_bom=_begins_with_mark(source))


def _begins_with_mark(source: Path | bytes) -> bool:
    if isinstance(source, bytes):
        return source.startswith(BOM)
    with source.open("rb") as file:
        return file.read(len(BOM)) == BOM


def _spec(standard: Standard, name: str) -> StandardColumn:
    return standard.column(name) or StandardColumn(name=name)


def _measures(at: int, values: pl.Expr, spec: StandardColumn) -> list[pl.Expr]:
    blank = values.fill_null("") == ""
    listed = [*spec.values, *spec.codes] if spec.closed and not spec.separated else []
    return [
        blank.sum().alias(f"blanks{at}"),
        _keeps_type(values, blank, spec.type).alias(f"type{at}"),
        (blank | values.is_in(listed)).all().alias(f"list{at}")
        if listed
        else pl.lit(value=False).alias(f"list{at}"),
        (values.n_unique() == pl.len()).alias(f"unique{at}")
        if spec.unique
        else pl.lit(value=False).alias(f"unique{at}"),
    ]


def _keeps_type(values: pl.Expr, blank: pl.Expr, kind: str) -> pl.Expr:
    if kind not in PATTERNS:
        return pl.lit(value=True)
    kept = values.str.contains(PATTERNS[kind])
    if kind == "date":
        kept &= values.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return (blank | kept.fill_null(value=False)).all()
