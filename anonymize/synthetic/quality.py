"""How like a synthetic table is to the original, by SDMetrics.

Belongs here: the call and its numbers. Must not hold: risks (`attacks`).

SDMetrics is under the MIT licence, but loads `copulas`, which is under BUSL-1.1: so it is imported
only when somebody asks for these numbers.
"""

from dataclasses import dataclass

import polars as pl

from anonymize.synthetic.schema import Schema

_TYPES = {
    "category": "categorical",
    "integer": "numerical",
    "number": "numerical",
    "date": "datetime",
}


@dataclass(frozen=True)
class Quality:
    """Likeness from 0 (nothing alike) to 1.

    Attributes:
        overall: Mean of `shapes` and `pairs`.
        shapes: Mean over the columns: 1 - Kolmogorov-Smirnov distance for numbers and dates,
            1 - total variation distance for categories.
        pairs: Mean over pairs of columns: likeness of correlations, or of contingency tables.
        by_column: Column to its shape.
        by_pair: Pair of columns to its trend; pairs that cannot be scored are left out.
        measured_with: Library and version.
    """

    overall: float
    shapes: float
    pairs: float
    by_column: dict[str, float]
    by_pair: dict[tuple[str, str], float]
    measured_with: str


def measure_quality(original: pl.DataFrame, synthetic: pl.DataFrame, schema: Schema) -> Quality:
    """Compare two tables with the same columns by SDMetrics' QualityReport.

    Args:
        original: What the synthetic table was made from.
        synthetic: Any number of rows.
        schema: Kind of every column.
    """
    from importlib.metadata import version  # noqa: PLC0415

    from sdmetrics.reports.single_table import QualityReport  # noqa: PLC0415 - slow, see above

    names = [*schema]
    report = QualityReport()
    columns = {name: {"sdtype": _TYPES[column.kind]} for name, column in schema.items()}
    tables = (t.select(names).to_pandas() for t in (original, synthetic))
    report.generate(*tables, {"columns": columns}, verbose=False)
    scores = dict(report.get_properties().itertuples(index=False))
    shapes = report.get_details("Column Shapes")
    trends = report.get_details("Column Pair Trends").dropna(subset=["Score"])
    return Quality(
        float(report.get_score()),
        float(scores["Column Shapes"]),
        float(scores["Column Pair Trends"]),
        dict(zip(shapes["Column"], map(float, shapes["Score"]), strict=True)),
        {
            (a, b): float(score)
            for a, b, score in trends[["Column 1", "Column 2", "Score"]].itertuples(index=False)
        },
        f"SDMetrics {version('sdmetrics')}(MIT。内部で copulas(BUSL-1.1)を読み込みます)",
    )
