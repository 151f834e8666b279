"""Great Expectations over a staged table, generated from the contract, and its readable report.

Great Expectations is imported inside one function (it takes seconds), is asked for yes or no only
(its default results hold raw values), and sends nothing anywhere.
"""

from __future__ import annotations

import html
import logging
import os
import re
import shutil
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from assets.expectations import PERIOD, ROWS_IN_PERIOD, Expectation, expectations
from warehouse.atomic import write_atomically
from warehouse.promises import ask_promises

if TYPE_CHECKING:
    from pathlib import Path

    from assets.register import Dataset
    from warehouse.home import Home

# Rows up to which a table is handed over to Great Expectations.
_MOST_HELD = 200_000
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


def validate(home: Home, dataset: Dataset, rows: pl.DataFrame | pl.LazyFrame) -> list[CheckOutcome]:
    """Validate a staged table and write its report.

    Great Expectations holds the whole table in pandas. A large one is asked the same promises part
    by part, and gets a plain report.
    """
    wanted, rows = expectations(dataset.contract), rows.lazy()
    if rows.select(pl.len()).collect().item() > _MOST_HELD:
        answers = ask_promises(rows, wanted)
        page = _make_plain_page(dataset, wanted, answers)
    else:
        with_sums = _with_sums(rows.collect(), wanted)
        frame = with_sums.with_columns(pl.len().over(PERIOD).alias(ROWS_IN_PERIOD))
        needed = _columns_used(wanted, frame)
        answers, found = _run_suite(home, dataset, wanted, frame.select(needed))
        page = _make_readable(found, dataset)
    write_atomically(report_path(home, dataset.name), page)
    return [CheckOutcome(e.name, e.title, answers[e.name]) for e in wanted]


def _make_plain_page(dataset: Dataset, wanted: list[Expectation], answers: dict[str, bool]) -> str:
    title = f"品質検査: {html.escape(dataset.contract.title)}"
    lines = "".join(
        f"<tr><td>{html.escape(e.title)}</td><td>{'合格' if answers[e.name] else '不合格'}</td></tr>"
        for e in wanted
    )
    return (
        f'<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>{title}</title>{_STYLE}'
        f"</head><body><h1>{title}</h1><table><tr><th>検査の内容</th><th>結果</th></tr>{lines}"
        "</table></body></html>"
    )


def _run_suite(
    home: Home, dataset: Dataset, wanted: list[Expectation], frame: pl.DataFrame
) -> tuple[dict[str, bool], str]:
    """Run the suite. The only place that imports Great Expectations."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx  # noqa: PLC0415
        import great_expectations.expectations as catalogue  # noqa: PLC0415
        from great_expectations.checkpoint import UpdateDataDocsAction  # noqa: PLC0415
        from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

        folder = home.reports / "quality" / f".{dataset.name}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        context = gx.get_context(mode="file", project_root_dir=str(folder))
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        batch = (
            context.data_sources.add_pandas("staged")
            .add_dataframe_asset(dataset.name)
            .add_batch_definition_whole_dataframe("all")
        )
        suite = context.suites.add(gx.ExpectationSuite(name=dataset.name))
        for item in wanted:
            expectation = getattr(catalogue, item.kind)
            suite.add_expectation(
                expectation(**item.arguments, description=item.title, meta={"name": item.name})
            )
        definition = gx.ValidationDefinition(name=dataset.name, data=batch, suite=suite)
        checkpoint = gx.Checkpoint(
            name=dataset.name,
            validation_definitions=[context.validation_definitions.add(definition)],
            actions=[UpdateDataDocsAction(name="report")],
            result_format={"result_format": "BOOLEAN_ONLY"},
        )
        result = context.checkpoints.add(checkpoint).run(
            batch_parameters={"dataframe": frame.to_pandas()}
        )
    answers: dict[str, bool] = {}
    for run in result.run_results.values():
        for answer in run.results:
            config: Any = answer.expectation_config
            answers[config.meta["name"]] = bool(answer.success)
    page = next((folder / "gx/uncommitted/data_docs/local_site/validations").rglob("*.html"))
    text = page.read_text("utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    return answers, text


def _with_sums(rows: pl.DataFrame, wanted: list[Expectation]) -> pl.DataFrame:
    sums = [e.derived_sum for e in wanted if e.derived_sum]
    return rows.with_columns(
        pl.sum_horizontal(parts, ignore_nulls=False).alias(name) for name, parts in sums
    )


def _columns_used(wanted: list[Expectation], frame: pl.DataFrame) -> list[str]:
    """Hand over only the columns that an expectation reads."""
    named: set[str] = set()
    for item in wanted:
        arguments: dict[str, Any] = item.arguments
        named |= {str(arguments[k]) for k in ("column", "column_A", "column_B") if k in arguments}
        named |= set(arguments.get("column_list", ()))
    return [name for name in frame.columns if name in named] or frame.columns[:1]


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
