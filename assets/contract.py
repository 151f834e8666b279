"""The data contract of one departmental dataset: what one YAML of the register may say.

Here stand the shape and the cross-field laws of a contract, nothing that reads files, runs
pipelines or knows a database. A field that somebody must have thought about has no default.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from assets.column import PERSONAL, Column, EvidenceLevel
from assets.errors import suggest
from assets.history import Changes, History
from assets.model import Strict, Valid
from assets.names import require_names, require_regex
from assets.record_layout import RecordField, RecordLayout, Records, check_layouts, find_layout


class Owner(Strict):
    """Who answers for the dataset."""

    department: str
    contact: str


class Retention(Strict):
    """How long the rows may be kept, and by which rule."""

    years: int = Field(ge=1)
    basis: str


class Layout(Valid):
    """Where the header stands in the file, for the periods it is valid for.

    `header_rows` holds the first and last header row, 1-based, as the spreadsheet shows them.
    """

    header_rows: tuple[int, int]
    unit_row: int | None = None


class SetAsideRows(Strict):
    """Rows of the file that are not data, told by one source column, with the reason."""

    reason: Literal["合計", "小計", "注記", "単位", "メタデータ", "空行"]
    source: str
    values: list[str] | None = None
    pattern: str | None = None

    @model_validator(mode="after")
    def _name_one_test(self) -> Self:
        if (self.values is None) == (self.pattern is None):
            raise ValueError("values と pattern のどちらか一方を書いてください")
        require_regex(self.pattern)
        return self


def _as_list(value: object) -> object:
    """Let one shape of records be written without a list."""
    return [value] if isinstance(value, dict) else value


class Source(Strict):
    """The physical file: how it is named, encoded and laid out.

    `member` is the pattern of a file inside a delivered zip; `records` and `fields` are the layout
    of fixed-width text, whose fields are then what a column's `source` names.
    """

    file: str
    format: Literal["csv", "tsv", "workbook", "fixed_width", "json", "parquet", "dbf"]
    member: str | None = None
    encoding: Literal["auto", "cp932", "utf-8", "utf-16", "euc_jp", "iso2022_jp"] | None = None
    sheet: int | str = 1
    layouts: list[Layout] = Field(default_factory=lambda: [Layout(header_rows=(1, 1))])
    records: Annotated[list[Records], BeforeValidator(_as_list)] = Field(default_factory=list)
    fields: list[RecordField] = Field(default_factory=list)
    set_aside_rows: list[SetAsideRows] = Field(default_factory=list)
    set_aside_columns: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _name_the_encoding_of_text(self) -> Self:
        if self.format in {"csv", "tsv"} and self.encoding is None:
            raise ValueError("csv・tsv には encoding が必要です(分からなければ auto)")
        if self.format == "fixed_width" and self.encoding not in {"cp932", "utf-8", "euc_jp"}:
            raise ValueError(
                "fixed_width には encoding(cp932・utf-8・euc_jp のどれか)が必要です"
                "(バイトの位置は文字コードで変わります)"
            )
        return self

    @model_validator(mode="after")
    def _lay_out_fixed_width_alone(self) -> Self:
        if self.format != "fixed_width":
            if self.records or self.fields:
                raise ValueError("records・fields は format が fixed_width のときだけ書けます")
            return self
        if not self.records or not self.fields:
            raise ValueError("fixed_width には records(記録の形)と fields(項目)が必要です")
        if "layouts" in self.model_fields_set:
            raise ValueError("fixed_width では layouts でなく records・fields を書いてください")
        check_layouts(self.records, self.fields)
        return self

    def layout(self, period: str) -> Layout | None:
        """Find the last layout valid for a delivery period; fixed-width text has no header row."""
        if self.format == "fixed_width":
            return Layout(header_rows=(0, 0)) if self.record_layout(period) else None
        return next((layout for layout in reversed(self.layouts) if layout.covers(period)), None)

    def record_layout(self, period: str) -> RecordLayout | None:
        """Find the layout of fixed-width text valid for a delivery period."""
        return find_layout(self.records, self.fields, period)

    @property
    def unused(self) -> list[str]:
        """The headers that no column takes: set aside with a reason, or fillers."""
        return [*self.set_aside_columns, *(f.name for f in self.fields if f.filler)]


def _is_named(field: str, name: str) -> bool:
    return field == name or ("*" in name and fnmatchcase(field, name.replace("[", "[[]")))


class RowCount(Strict):
    """Every period holds a plausible number of rows."""

    check: Literal["row_count"]
    minimum: int = Field(ge=0)
    maximum: int | None = None


class Unique(Strict):
    """No two rows of one period agree in these columns."""

    check: Literal["unique"]
    columns: list[str] = Field(min_length=1)


class Complete(Strict):
    """The column has a value in at least this share of the rows."""

    check: Literal["complete"]
    column: str
    share: float = Field(gt=0, le=1)


class SumOf(Strict):
    """The column equals the sum of the parts, row by row."""

    check: Literal["sum_of"]
    column: str
    parts: list[str] = Field(min_length=2)


Check = Annotated[RowCount | Unique | Complete | SumOf, Field(discriminator="check")]


class Evidence(Strict):
    """How sure it is that the columns are as the system delivers them, and from what one knows.

    `level` holds for every column that says nothing else.
    """

    level: EvidenceLevel
    sources: list[str] = Field(min_length=1)


class Contract(Strict):
    """One departmental dataset. Its identity is the path of its YAML."""

    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    owner: Owner
    legal_basis: str = Field(min_length=1)
    frequency: Literal["monthly", "yearly", "irregular"]
    retention: Retention
    source: Source
    key: list[str] = Field(min_length=1)
    history: History
    columns: dict[str, Column] = Field(min_length=1)
    checks: list[Check] = Field(min_length=1)
    evidence: Evidence | None = None

    @model_validator(mode="after")
    def _name_only_known_columns(self) -> Self:
        named = set(self.key)
        for check in self.checks:
            fields = check.model_dump()
            named |= {*fields.get("columns", ()), *fields.get("parts", ())}
            named |= {fields["column"]} if "column" in fields else set()
        named |= {c.era for c in self.columns.values() if c.era in self.columns}
        if unknown := sorted(named - set(self.columns)):
            raise ValueError(f"columns にない列名が使われています: {'、'.join(unknown)}")
        require_names(self.columns)
        return self

    @model_validator(mode="after")
    def _order_changes_by_known_columns(self) -> Self:
        if not isinstance(self.history, Changes):
            return self
        said = self.history
        named = {*said.subject, said.effective, said.number, *said.ends}
        if unknown := sorted(named - set(self.columns)):
            raise ValueError(f"history に columns にない列名があります: {'、'.join(unknown)}")
        effective = self.columns[said.effective]
        if effective.type != "date" or not effective.required:
            raise ValueError(
                f"history の effective({said.effective})は type: date、required: true の列にしてください"
            )
        if set(self.key) != {*said.subject, said.number}:
            raise ValueError(
                "history が changes のとき、key は subject と number の列にしてください: "
                f"{'、'.join([*said.subject, said.number])}"
            )
        return self

    @property
    def table_columns(self) -> dict[str, Column]:
        """The columns of the common form: those of the contract and what stands beside them."""
        return {
            given: found
            for name, column in self.columns.items()
            for given, found in {name: column, **column.beside(name)}.items()
        }

    @model_validator(mode="after")
    def _name_each_column_once(self) -> Self:
        for name, column in self.columns.items():
            if taken := sorted(self.columns.keys() & column.beside(name).keys()):
                raise ValueError(
                    f"{name} の keep_uncertain・keep_parts が作る列と同じ名前です: {'、'.join(taken)}"
                )
        return self

    def in_period(self, period: str) -> Contract:
        """Give the contract with every column as it is delivered in a period."""
        columns = {name: column.in_period(period) for name, column in self.columns.items()}
        return self.model_copy(update={"columns": columns})

    def expected(self, period: str) -> dict[str, list[str]]:
        """Give the headers of the columns that a delivery of this period must hold.

        A column may be undelivered for a time (no header of it is valid), unless rows need it.
        """
        return {
            name: column.headers(period)
            for name, column in self.columns.items()
            if column.required or name in self.key or column.headers(period)
        }

    @model_validator(mode="after")
    def _use_every_field(self) -> Self:
        """A field is taken by a column, set aside with a reason, or a filler; none is forgotten."""
        fields = [field.name for field in self.source.fields if not field.filler]
        wanted = [name.name for c in self.columns.values() for name in c.source]
        for name in wanted if fields else ():
            if not any(_is_named(field, name) for field in fields):
                raise ValueError(f"fields にない項目です: {name}。{suggest(name, fields)}")
        known = [*wanted, *self.source.unused]
        free = [field for field in fields if not any(_is_named(field, n) for n in known)]
        if free:
            raise ValueError(
                f"どの列も使わない項目があります: {'、'.join(free)}。columns に足すか、"
                "set_aside_columns に理由を書くか、予備なら filler: true としてください"
            )
        return self

    @property
    def is_personal(self) -> bool:
        """Tell whether any column holds personal data."""
        return any(c.classification in PERSONAL for c in self.columns.values())
