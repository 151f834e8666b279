"""What a layout of an open dataset says: the national standard datasets, the older ones, our own.

Here stand shapes only: one YAML a layout under `assets/standards/` (the current ones and the
city's own) and `assets/standards/older/` (推奨データセット, superseded in 2023). Whether a file
keeps to a layout is `warehouse/standards/`.

A layout says how sure it is of itself. Where the order of columns is not evidenced, columns are
compared as a set; where 必須 is not evidenced, nothing is called missing.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from assets.model import Strict

ColumnType = Literal[
    "text",
    "kana",
    "code",
    "integer",
    "number",
    "date",
    "time",
    "weekdays",
    "latitude",
    "longitude",
    "point",
    "phone",
    "postal_code",
    "municipality_code",
    "corporate_number",
    "flag",
    "url",
    "email",
]
# Columns whose values are numbers in every format; all others are text, leading zeros kept.
NUMBERS: frozenset[str] = frozenset({"integer", "number"})

Evidence = Literal["sheet", "published", "importer", "guidebook", "inferred"]


class StandardColumn(Strict):
    """One column of a layout.

    Attributes:
        name: The heading, letter by letter.
        title_en: An English heading, for readers and for names that must be ASCII.
        required: 必須. Blank cells may still be right (blank disaster flags = 非該当); None: unknown.
        recommended: 推奨; None where the source does not tell 推奨 from 任意.
        type: What a value is. `flag` is 1 or blank; `point` is both coordinates in one cell, which
            no layout asks for but some files have.
        values: Words a value must be one of.
        codes: Codes a value must be one of, with their meanings.
        code_list: A national list of codes a value must be in (`standard_codes`).
        closed: Whether `values` are all there are; False: they come from a guidebook, and a word
            outside them is worth a look, no more.
        separated: A cell is a list, separated by half-width `;`.
        unit: Of a number, such as 人 or 円.
        description: What the column holds, in the words of the source or ours.
        unique: Whether the value names one row of the body that publishes.
        aliases: Headings seen in published files for the same column.
        evidence: Where the column itself was seen.
    """

    name: str = Field(min_length=1)
    title_en: str = ""
    required: bool | None = None
    recommended: bool | None = None
    type: ColumnType = "text"
    values: list[str] = Field(default_factory=list)
    codes: dict[str, str] = Field(default_factory=dict)
    code_list: Literal["poi"] | None = None
    closed: bool = True
    separated: bool = False
    unit: str | None = None
    description: str = ""
    example: str = ""
    unique: bool = False
    aliases: list[str] = Field(default_factory=list)
    evidence: Evidence = "inferred"

    @property
    def is_number(self) -> bool:
        """Tell whether values are numbers in JSON, Parquet and spreadsheets."""
        return self.type in NUMBERS


class Standard(Strict):
    """One layout.

    Attributes:
        title: Japanese name, such as 公衆トイレ一覧.
        number: Of the national list; None for the city's own layouts.
        slug: English name in file names: `<6桁コード>_<slug>.csv`.
        slugs: Other names seen in file names.
        family: Whose layout it is.
        book: 定義書 (A to H) it is printed in.
        edition: Which edition the columns are from.
        column_order: Whether the order of columns is evidenced.
        confidence: How sure the list of columns is.
        prefixes: What stands before column names in one of two forms: the columns here carry the
            first one and a flat form drops it, or they carry none and the data-model form adds it.
        credit: What must stand beside data laid out by it.
        sources: Where the columns were seen.
        notes: What a reader must know, in Japanese.
        columns: In their order; empty for those that only refer to a form defined elsewhere.
        also: Columns that files of this layout may have besides.
    """

    title: str
    title_en: str = ""
    number: int | None = None
    slug: str
    slugs: list[str] = Field(default_factory=list)
    family: Literal["自治体標準オープンデータセット", "推奨データセット", "市の独自"] = (
        "自治体標準オープンデータセット"
    )
    book: str = ""
    edition: str
    column_order: Literal["official", "unverified"]
    confidence: Literal["high", "medium", "low"] = "medium"
    prefixes: list[str] = Field(default_factory=list)
    credit: str
    sources: list[str] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    columns: list[StandardColumn] = Field(default_factory=list)
    also: list[StandardColumn] = Field(default_factory=list)

    @model_validator(mode="after")
    def _name_each_column_once(self) -> Self:
        names = [column.name for column in (*self.columns, *self.also)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"同じ名前の列が2つあります: {'、'.join(twice)}")
        return self

    @property
    def is_older(self) -> bool:
        """Tell whether the layout was superseded in 2023."""
        return self.family == "推奨データセット"

    @property
    def label(self) -> str:
        """Name the layout as a citizen reads it."""
        if self.number is None:
            return self.title
        family = "旧・推奨データセット" if self.is_older else "標準データセット"
        return f"{family} {self.number:02} {self.title}"

    def column(self, name: str) -> StandardColumn | None:
        """Find a column by its heading."""
        return next((c for c in (*self.columns, *self.also) if c.name == name), None)
