"""How a number and a table look to a Japanese reader.

Here belong the formatting of counts and rates, and an accessible HTML table.
Here do not belong computations on the data, nor charts.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import pandas as pd

MISSING = "―"
_TEXT = "padding:.35em .6em;border-bottom:1px solid #d0d5dd;text-align:left"
_NUMBER = "padding:.35em .6em;border-bottom:1px solid #d0d5dd;text-align:right;white-space:nowrap"


@dataclass(frozen=True)
class Table:
    """A table ready to be displayed; Jupyter shows it as HTML."""

    markup: str
    text: str

    def _repr_html_(self) -> str:
        """Answer Jupyter's question."""
        return self.markup

    def __repr__(self) -> str:
        """Show the caption and the plain table, where there is no HTML."""
        return self.text


def format_count(value: float | Decimal | None, unit: str = "") -> str:
    """Write a whole number with grouped digits, e.g. ``28,145件``.

    Args:
        value: The number; None is written as a dash.
        unit: Written straight after the number.

    Returns:
        The text.
    """
    return MISSING if value is None else f"{round(value):,}{unit}"


def format_rate(value: float | None, decimals: int = 1) -> str:
    """Write a percentage, rounded half up as in published tables, e.g. ``16.4％``.

    Args:
        value: The percentage; None is written as a dash.
        decimals: Digits after the point.

    Returns:
        The text, with a full-width percent sign.
    """
    if value is None:
        return MISSING
    step = Decimal(1).scaleb(-decimals)
    return f"{Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP):,}％"


def show(
    frame: "pl.DataFrame | pd.DataFrame",
    *,
    caption: str,
    titles: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    decimals: Mapping[str, int] | None = None,
    max_rows: int = 200,
) -> Table:
    """Set a frame as an accessible HTML table.

    The first column heads its rows. Numbers stand on the right with grouped
    digits, every unit stands in the heading, a missing value is a dash. If rows
    are left out, the caption says so.

    Args:
        frame: What to show; a pandas frame is accepted too.
        caption: What the table is, in Japanese.
        titles: Heading of a column; its name where none is given.
        units: Unit of a column.
        decimals: Digits after the point; 0 for integers and 1 otherwise.
        max_rows: Rows shown at most.

    Returns:
        An object that Jupyter displays.
    """
    frame = frame if isinstance(frame, pl.DataFrame) else pl.from_pandas(frame)
    shown, titles, units = frame.head(max_rows), titles or {}, units or {}
    if frame.height > max_rows:
        caption += f"(全{frame.height:,}行のうち先頭の{max_rows:,}行)"
    formatted = shown.select(
        format_column(name, dtype, (decimals or {}).get(name))
        for name, dtype in shown.schema.items()
    )
    headings = "".join(
        _build_heading(titles.get(name, name), units.get(name), numeric=dtype.is_numeric())
        for name, dtype in shown.schema.items()
    )
    markup = (
        '<div class="table-scroll" style="overflow-x:auto" tabindex="0" role="region"'
        f' aria-label="{html.escape(caption)}">'
        '<table style="border-collapse:collapse"><caption style="text-align:left">'
        f"{html.escape(caption)}</caption><thead><tr>{headings}</tr></thead>"
        f"<tbody>{_build_body(formatted, shown.schema)}</tbody></table></div>"
    )
    return Table(markup=markup, text=f"{caption}\n{formatted}")


def format_column(name: str, dtype: pl.DataType, decimals: int | None = None) -> pl.Expr:
    """Build the expression that writes one column for readers.

    Args:
        name: The column.
        dtype: Its type; numbers get grouped digits, the rest becomes text.
        decimals: Digits after the point; None for 0 (integers) or 1 (others).

    Returns:
        A String expression, missing values as a dash.
    """
    column = pl.col(name)
    if not dtype.is_numeric():
        return column.cast(pl.String).fill_null(MISSING)
    places = (0 if dtype.is_integer() else 1) if decimals is None else decimals
    rounded = column.cast(pl.Float64).round(places, mode="half_away_from_zero")
    digits = rounded.abs().cast(pl.Decimal(38, places)).cast(pl.String)
    whole = digits.str.extract(r"^(\d+)")
    fraction = digits.str.extract(r"(\.\d+)$").fill_null("")
    # Regular expressions here have no look-ahead: group from the right, reversed.
    grouped = whole.str.reverse().str.replace_all(r"(\d{3})", "${1},").str.reverse()
    sign = pl.when(rounded < 0).then(pl.lit("−")).otherwise(pl.lit(""))
    return (
        pl.concat_str(sign, grouped.str.strip_chars_start(","), fraction)
        .fill_null(MISSING)
        .alias(name)
    )


def _build_heading(title: str, unit: str | None, *, numeric: bool) -> str:
    """Write one heading cell, the unit on a line of its own."""
    label = html.escape(title) + (f"<br><small>({html.escape(unit)})</small>" if unit else "")
    style = (_NUMBER if numeric else _TEXT).replace(";white-space:nowrap", "")
    return f'<th scope="col" style="{style}">{label}</th>'


def _build_body(formatted: pl.DataFrame, schema: pl.Schema) -> str:
    """Write all body rows; ``schema`` is that of the frame before formatting."""
    if formatted.is_empty():
        return f'<tr><td colspan="{formatted.width}">該当する行はありません。</td></tr>'
    head, *_ = schema
    cells = [
        pl.concat_str(
            pl.lit(
                f'<th scope="row" style="{_TEXT}">' if name == head else f'<td style="{style}">'
            ),
            _escape(name),
            pl.lit("</th>" if name == head else "</td>"),
        )
        for name, dtype in schema.items()
        for style in [_NUMBER if dtype.is_numeric() else _TEXT]
    ]
    rows = formatted.select(pl.concat_str(pl.lit("<tr>"), *cells, pl.lit("</tr>")).str.join(""))
    return str(rows.item())


def _escape(name: str) -> pl.Expr:
    """Escape a text column for HTML (``&`` first)."""
    column = pl.col(name)
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        column = column.str.replace_all(character, entity, literal=True)
    return column
