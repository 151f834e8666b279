"""A published table laid out anew: an older sheet as the current layout, or the current one put right.

Belongs here: the order of work and its account. Must not hold: where columns come from
(`assets/standards/conversions`), single derivations (`derive`), repairs (`mend`), reading.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from assets.conversion import Conversion, Derivation, load_conversion
from transforms.codes.government_codes import local_government_code
from transforms.verdict import trim
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal
from warehouse.standards.account import Converted, SourceColumn, TargetColumn
from warehouse.standards.check import check_table
from warehouse.standards.derive import derive, split_point
from warehouse.standards.detect import detect
from warehouse.standards.files import drop_numbered
from warehouse.standards.headings import match_headings
from warehouse.standards.mend import mend_column

if TYPE_CHECKING:
    from assets.standard import Standard, StandardColumn
    from warehouse.standards.layouts import Layout, Layouts
    from warehouse.standards.reading import FoundTable

_REMARKS = "備考"
_POINT = ("緯度", "経度")
_CODES = ("都道府県コード又は市区町村コード", "市区町村コード", "全国地方公共団体コード")


def convert_table(
    table: FoundTable, layouts: Layouts, file: str, wanted: Layout | None = None
) -> Converted:
    """Lay a table out by the current edition of its dataset.

    Args:
        table: As read.
        layouts: Those to choose among.
        file: Name of the file.
        wanted: Its layout, when it need not be found out.

    Raises:
        Refusal: `standard.unknown` when it is no standard dataset, `standard.no_current`.
    """
    detection = detect(table.headings, layouts, file)
    source = wanted or detection.layout
    if source is None:
        nearest = detection.nearest.label if detection.nearest else "なし"
        raise Refusal(
            "standard.unknown",
            f"標準データセットの表ではありません(最も近いのは {nearest}。{detection.reason})。",
            file,
            "見出しを確かめるか、--as に標準データセットの名前を書いてください。",
        )
    target = layouts.find(source.slug) if source.standard.is_older else source
    if target is None:
        raise Refusal(
            "standard.no_current", "移行先の標準データセットがありません。", file, "machikane standard list で確かめてください。"
        )  # fmt: skip
    work = _Work.begin(table, source, target)
    work.fill()
    work.mend()
    return work.end(file, replace(detection, layout=source))


@dataclass
class _Work:
    """One conversion under way.

    Attributes:
        rows: The rows as read, without those that only carry a number.
        cells: The known columns, named as the source layout names them.
        headings: Column of the source layout to heading of the file.
        columns: Column of the result to its values.
        made: Column of the result to its account.
        went: Heading of the file to the columns it is in now, and how.
        remarks: What goes to 備考, one series a source.
    """

    table: FoundTable
    source: Layout
    target: Layout
    conversion: Conversion
    rows: pl.DataFrame
    cells: pl.DataFrame
    headings: dict[str, str]
    own: list[str]
    columns: dict[str, pl.Series]
    made: dict[str, TargetColumn]
    went: dict[str, SourceColumn]
    remarks: list[pl.Series]

    @classmethod
    def begin(cls, table: FoundTable, source: Layout, target: Layout) -> _Work:
        rows = drop_numbered(table, source.standard)
        names = [name for name in rows.columns if name not in {ROW, *table.asides}]
        matches = match_headings(names, source.standard)
        cells = rows.select(_clean(m.heading).alias(m.column.name) for m in matches.found)
        known = {m.heading for m in matches.found}
        conversion = load_conversion(source.slug) if source.standard.is_older else Conversion()
        went = {name: SourceColumn(name, (), "様式の説明なので移さない") for name in table.asides}
        return cls(
            table, source, target, conversion, rows, cells, matches.headings,
            [name for name in names if name not in known], {}, {}, went, [],
        )  # fmt: skip

    def fill(self) -> None:
        """Fill every column of the result, then find a place for what is left."""
        self._split_point()
        for column in self.target.standard.columns:
            self._fill_column(column)
        for column in self.target.standard.also:
            if column.name in self.cells.columns:
                self._fill_column(column)
        self._place_rest()

    def _split_point(self) -> None:
        """Split one column of coordinates into two, where the file has no two."""
        joined = next((c.name for c in self.source.all_columns if c.type == "point"), None)
        if joined not in self.cells.columns or _POINT[0] in self.cells.columns:
            return
        north, east = split_point(self.cells[joined])
        heading = self.headings[joined]
        unread = self.cells[joined].is_not_null() & north.is_null()
        rest = pl.select(pl.when(unread).then(self.cells[joined])).to_series()
        rest = pl.select(pl.when(rest.str.contains(r"\d")).then(rest)).to_series()
        self.cells = self.cells.with_columns(north.alias(_POINT[0]), east.alias(_POINT[1]))
        self.headings |= dict.fromkeys(_POINT, heading)
        self.cells = self.cells.drop(joined)
        del self.headings[joined]
        self._remark(heading, rest)

    def _fill_column(self, column: StandardColumn) -> None:
        derivation = self._derivation(column.name)
        if derivation.cannot:
            self._leave_blank(column.name, "作れない", derivation.cannot)
            return
        values = derive(self.cells, derivation, self._city())
        used = [name for name in derivation.sources if name in self.cells.columns]
        if values is None:
            missing = "・".join(derivation.sources)
            self._leave_blank(column.name, "元の列がない", f"ファイルに「{missing}」がない")
            return
        headings = tuple(dict.fromkeys(self.headings[name] for name in used))
        self.columns[column.name] = values.alias(column.name)
        plain = derivation.take is not None and self.headings[used[0]] == column.name
        split = column.name in _POINT and headings[0] not in {*_POINT, column.name}
        how = "写した" if derivation.take is not None and not split else "変換した"
        self.made[column.name] = TargetColumn(
            column.name, how, headings, derivation.note or ("" if plain else "名前を改めた")
        )
        if derivation.part is None:
            for heading in headings:
                self._note(heading, column.name, how)

    def _derivation(self, name: str) -> Derivation:
        """A column of the same name is the same column, unless the conversion says otherwise."""
        said = self.conversion.columns.get(name)
        same = name in self.cells.columns
        if said is None or (same and said.take != name and not said.cannot):
            return Derivation(take=name)
        return said

    def _leave_blank(self, name: str, made: str, reason: str) -> None:
        self.columns[name] = pl.Series(name, [None] * self.rows.height, dtype=pl.String)
        self.made[name] = TargetColumn(name, made, reason=reason)  # ty: ignore[invalid-argument-type]

    def _city(self) -> str | None:
        """Give the publisher's code, where the whole file has one."""
        for name in _CODES:
            if name in self.cells.columns:
                judged = self.cells.select(
                    local_government_code(pl.col(name)).struct.field("value")
                )
                codes = judged.to_series().drop_nulls().unique()
                return codes[0] if len(codes) == 1 else None
        return None

    def _place_rest(self) -> None:
        """Put what has no column into the remarks where that is said, else keep it as a column."""
        for name, heading in self.headings.items():
            if heading in self.went or name not in self.cells.columns:
                continue
            reason = self.conversion.remarks.get(name)
            if reason and self._remarks_column():
                self._remark(heading, self.cells[name], label=name, reason=reason)
            else:
                self._keep(heading, self.cells[name])
        for heading in self.own:
            self._keep(heading, self.rows.select(_clean(heading)).to_series())

    def _keep(self, heading: str, values: pl.Series) -> None:
        if values.null_count() == len(values):
            self.went[heading] = SourceColumn(heading, (), "値がないので移すものがない")
            return
        name = heading if heading not in self.columns else f"{heading}(元の列)"
        self.columns[name] = values.alias(name)
        self.made[name] = TargetColumn(name, "写した", (heading,), "標準にない列をそのまま残した")
        self.went[heading] = SourceColumn(heading, (name,), "標準にない列として残した")

    def _remarks_column(self) -> str | None:
        columns = self.target.standard.columns
        return next((c.name for c in columns if c.name.endswith(_REMARKS)), None)

    def _remark(
        self, heading: str, values: pl.Series, *, label: str = "", reason: str = ""
    ) -> None:
        """Queue values for 備考, each with the name of the column it stood in."""
        into = self._remarks_column()
        if into is None:
            self._keep(heading, values)
            return
        named = pl.select(pl.format("{}: {}", pl.lit(label or heading), values)).to_series()
        self.remarks.append(named)
        if reason:
            self.went[heading] = SourceColumn(heading, (into,), f"備考へ({reason})")

    def _note(self, heading: str, column: str, how: str) -> None:
        before = self.went.get(heading)
        targets = (*before.targets, column) if before else (column,)
        self.went[heading] = SourceColumn(heading, targets, how)

    def mend(self) -> None:
        """Bring the values into the form of the layout, and write the remarks."""
        into = self._remarks_column()
        for name, values in list(self.columns.items()):
            column = self.target.standard.column(name)
            if column is None:
                continue
            mended = mend_column(values, column, may_move=into is not None)
            self.columns[name] = mended.values.alias(name)
            moved = mended.aside.len() - mended.aside.null_count()
            if moved:
                self.remarks.append(
                    pl.select(pl.format("{}: {}", pl.lit(name), mended.aside)).to_series()
                )
            made = self.made[name]
            changed = made.made == "写した" and (mended.rewritten or moved)
            self.made[name] = replace(
                made,
                made="変換した" if changed else made.made,
                rewritten=mended.rewritten,
                moved=moved,
            )
        self._write_remarks(into)

    def _write_remarks(self, into: str | None) -> None:
        if into is None or not self.remarks:
            return
        parts = [self.columns[into], *self.remarks]
        frame = pl.DataFrame({str(number): part for number, part in enumerate(parts)})
        joined = frame.select(pl.concat_str(pl.all(), separator=" / ", ignore_nulls=True))
        values = joined.select(pl.when(pl.nth(0) != "").then(pl.nth(0))).to_series()
        self.columns[into] = values.alias(into)
        made = self.made[into]
        self.made[into] = replace(made, made="変換した", reason="ほかの列から移した語句を加えた")

    def end(self, file: str, detection: object) -> Converted:
        standard: Standard = self.target.standard
        order = [c.name for c in standard.columns]
        order += [name for name in self.columns if name not in order]
        result = pl.DataFrame({name: self.columns[name] for name in order})
        targets = tuple(
            replace(self.made[name], filled=result.height - result[name].null_count())
            for name in order
        )
        headings = [n for n in self.table.rows.columns if n != ROW]
        missing = SourceColumn("", (), "値がないので移すものがない")
        sources = tuple(
            self.went.get(heading) or replace(missing, heading=heading) for heading in headings
        )
        return Converted(
            file=file,
            sheet=self.table.sheet,
            detection=detection,  # ty: ignore[invalid-argument-type]
            layout=self.target,
            table=result,
            targets=targets,
            sources=sources,
            left=tuple(check_table(result, standard)),
            dropped_rows=self.table.rows.height - self.rows.height,
        )


def _clean(heading: str) -> pl.Expr:
    text = trim(pl.col(heading))
    return pl.when(text != "").then(text).alias(heading)
