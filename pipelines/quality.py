"""Great Expectations over a staged table, generated from the contract, and its readable report.

Great Expectations judges and draws the page; what it asks of the rows is counted in DuckDB where
they lie (`warehouse.promises`), so that no row enters it, whatever the size of the table. It is
imported inside one function (it takes seconds) and sends nothing anywhere.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assets.expectations import expectations
from warehouse.atomic import write_atomically
from warehouse.promises import (
    BLANK,
    COMPARABLE,
    NO_MATCH,
    NOT_IN_SET,
    OUT_OF_RANGE,
    REPEATED,
    ROWS,
    UNEQUAL,
    Count,
    StagedTable,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path

    import duckdb

    from assets.expectations import Expectation
    from assets.register import Dataset
    from warehouse.home import Home

# What Great Expectations asks, by its own names, and what is counted for it. What it asks beside
# these (the types of the columns, which rows fit) it needs only when it holds the rows itself.
_COUNTED = {
    "table.row_count": ROWS,
    "column_values.nonnull.unexpected_count": BLANK,
    "column_values.between.unexpected_count": OUT_OF_RANGE,
    "column_values.in_set.unexpected_count": NOT_IN_SET,
    "column_values.match_regex.unexpected_count": NO_MATCH,
    "compound_columns.unique.unexpected_count": REPEATED,
    "compound_columns.unique.filtered_row_count": ROWS,
    "column_pair_values.equal.unexpected_count": UNEQUAL,
    "column_pair_values.equal.filtered_row_count": COMPARABLE,
}
_STYLE = """
<style>
body{font-family:"Noto Sans JP","BIZ UDPGothic","Yu Gothic",Meiryo,sans-serif;line-height:1.7;
max-width:56rem;margin:0 auto;padding:1rem;color:#1a1a1a;background:#fff}
h1{border-bottom:3px solid #0d4b81;padding-bottom:.3rem}h5,h4{font-size:1.1rem;margin:1.5rem 0 .5rem}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #767676;padding:.4rem .6rem;
text-align:left}th{background:#f1f4f9}
.navbar,.cooltip,.popover,button,.modal,footer,.footer,.col-lg-2,.collapse,a[data-toggle],
#ge-cta-footer,.ge-walkthrough-modal,thead tr th:last-child:nth-child(3),
tbody tr td:last-child:nth-child(3){display:none}
.fa-check-circle::before{content:"合格";color:#0b6b2f;font-weight:700;font-style:normal}
.fa-times::before{content:"不合格";color:#b00020;font-weight:700;font-style:normal}
.fa-exclamation-triangle::before{content:"検査できず";color:#8a4b00;font-weight:700;font-style:normal}
</style>
"""
_JAPANESE = {
    "Expectation Suite:": "検査の組:",
    "Data asset: None": "",
    "Status:": "結果:",
    "Succeeded": "",
    "Failed": "",
    "Overview": "まとめ",
    "Statistics": "件数",
    "Unsuccessful Expectations": "不合格",
    "Successful Expectations": "合格",
    "Evaluated Expectations": "検査した項目",
    "Success Percent": "合格の割合",
    "Table-Level Expectations": "表全体",
    "Status": "結果",
    "Expectation": "検査の内容",
}


@dataclass(frozen=True)
class CheckOutcome:
    """The answer to one expectation."""

    name: str
    title: str
    passed: bool


def report_path(home: Home, dataset: str) -> Path:
    """Give the path of a dataset's quality report."""
    return home.reports / "quality" / f"{dataset}.html"


def validate(
    home: Home, dataset: Dataset, con: duckdb.DuckDBPyConnection, query: str
) -> list[CheckOutcome]:
    """Validate the rows that `query` gives through `con`, and write the report."""
    wanted = expectations(dataset.contract)
    answers, page = _run_suite(dataset.name, wanted, StagedTable(con, query, wanted))
    write_atomically(report_path(home, dataset.name), _make_readable(page, dataset))
    return [CheckOutcome(e.name, e.title, answers[e.name]) for e in wanted]


@contextmanager
def _without(module: str) -> Generator[None]:
    """Hide a module while others are imported that can do without it.

    jsonschema (of altair, of Great Expectations) builds 38 grammars of addresses as soon as it finds
    rfc3987-syntax: 3 s of every first check, for formats that nobody here asks for.
    """
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # ty: ignore[invalid-assignment] - how Python says: not there
    try:
        yield
    finally:
        del sys.modules[module]


def _run_suite(
    name: str, wanted: list[Expectation], table: StagedTable
) -> tuple[dict[str, bool], str]:
    """Run the suite. The only place that imports Great Expectations."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    with warnings.catch_warnings(), _without("rfc3987_syntax"):
        warnings.simplefilter("ignore")
        import great_expectations as gx  # noqa: PLC0415
        import great_expectations.expectations as catalogue  # noqa: PLC0415
        from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415
        from great_expectations.execution_engine import PandasExecutionEngine  # noqa: PLC0415
        from great_expectations.render.renderer import (  # noqa: PLC0415
            ValidationResultsPageRenderer,
        )
        from great_expectations.render.view import DefaultJinjaPageView  # noqa: PLC0415
        from great_expectations.validator.validator import Validator  # noqa: PLC0415

        class CountingEngine(PandasExecutionEngine):
            """Answers what is asked of the rows with numbers; it is given no batch of rows."""

            def resolve_metrics(
                self,
                metrics_to_resolve: Iterable[Any],
                metrics: object = None,  # noqa: ARG002
                runtime_configuration: object = None,  # noqa: ARG002
            ) -> dict[Any, Any]:
                asked = list(metrics_to_resolve)
                numbers = _count(table, asked)
                return {metric.id: numbers.get(metric.id) for metric in asked}

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        suite = gx.ExpectationSuite(name=name)
        for item in wanted:
            expectation = getattr(catalogue, item.kind)
            suite.add_expectation(
                expectation(**item.arguments, description=item.title, meta={"name": item.name})
            )
        validator = Validator(execution_engine=CountingEngine(), data_context=context)
        result: Any = validator.validate(expectation_suite=suite, result_format="BOOLEAN_ONLY")
        page = DefaultJinjaPageView().render(ValidationResultsPageRenderer().render(result))
    answers: dict[str, bool] = {}
    for answer in result.results:
        config: Any = answer.expectation_config
        # A question that could not be asked is our fault, not the data's.
        if (answer.exception_info or {}).get("raised_exception", True):
            raise RuntimeError(f"{config.meta['name']} could not be asked")
        answers[config.meta["name"]] = bool(answer.success)
    return answers, page


def _count(table: StagedTable, asked: Iterable[Any]) -> dict[Any, int]:
    """Count what is a question about rows, all of one call together."""
    counts = {m.id: _as_count(m) for m in asked if m.metric_name in _COUNTED}
    return dict(zip(counts, table.count(list(counts.values())), strict=True)) if counts else {}


def _as_count(metric: Any) -> Count:  # noqa: ANN401 - of the library imported above
    domain, values = metric.metric_domain_kwargs, metric.metric_value_kwargs or {}
    columns = [domain[key] for key in ("column", "column_A", "column_B") if domain.get(key)]
    columns += domain.get("column_list") or []
    return Count(_COUNTED[metric.metric_name], tuple(map(str, columns)), values)


def _make_readable(page: str, dataset: Dataset) -> str:
    """Make a Data Docs page readable offline and in Japanese: no scripts, nothing remote."""
    page = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL | re.IGNORECASE)
    page = re.sub(r"<(?:link|img|iframe)\b[^>]*>", "", page, flags=re.IGNORECASE)
    page = re.sub(r"<footer\b.*?</footer>", "", page, flags=re.DOTALL | re.IGNORECASE)
    page = re.sub(r"""\s(?:href|src)=["'][^#"'][^"']*["']""", "", page, flags=re.IGNORECASE)
    page = re.sub(r"""\son\w+="[^"]*\"""", "", page)
    page = re.sub(r"https?://[^\s\"'<>]+", "", page)
    page = re.sub(r"<title>.*?</title>", "", page, flags=re.DOTALL | re.IGNORECASE)
    for english, japanese in _JAPANESE.items():
        page = re.sub(
            rf"(>\s*){re.escape(english)}(\s*(?:<|$))",
            rf"\g<1>{japanese}\g<2>",
            page,
            flags=re.MULTILINE,
        )
    for name, column in dataset.contract.table_columns.items():
        page = re.sub(rf"(>\s*){name}(\s*</)", rf"\g<1>{column.title}({name})\g<2>", page)
    title = f"品質検査: {dataset.contract.title}"
    page = page.replace("<html", '<html lang="ja"', 1).replace(
        "<body>", f"<body><h1>{title}</h1>", 1
    )
    return page.replace("</head>", f"<title>{title}</title>{_STYLE}</head>", 1)
