"""A lake of a made-up city's departments as analysts have them, and every built-in mart over it."""

from graphlib import TopologicalSorter

import polars as pl
import pytest

from assets.history import Changes
from assets.register import load_register
from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.systems import (
    budget_execution,
    child_allowance,
    citizen_voices,
    electronic_applications,
    facility_reservations,
    library_loans,
    line_messages,
    public_facilities,
    resident_changes,
)
from warehouse.history.known import note_periods
from warehouse.history.names import OPEN_END, VALID_FROM, VALID_TO, day_of
from warehouse.home import Home
from warehouse.lake import Loaded, open_lake, record, replace_rows, transaction
from warehouse.mart import build_mart
from warehouse.protect import internal_columns

DELIVERED = (
    budget_execution,
    child_allowance,
    citizen_voices,
    electronic_applications,
    facility_reservations,
    library_loans,
    line_messages,
    public_facilities,
    resident_changes,
)


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture(scope="module")
def city():
    return settle(3000, seed=1, months=count_months(6))


@pytest.fixture(scope="module")
def con(tmp_path_factory, register, city):
    home = Home(tmp_path_factory.mktemp("marts") / "home")
    with open_lake(home, write=["internal"]) as opened:
        for source in DELIVERED:
            _load(opened, register.datasets[source.DATASET], source.deliver(city))
        yield opened


@pytest.fixture(scope="module")
def outcomes(con, register):
    """Build every mart, those that others are made from first."""
    needs = {
        name: {s.removeprefix("mart.") for s in mart.spec.sources if s.startswith("mart.")}
        for name, mart in register.marts.items()
    }
    order = TopologicalSorter(needs).static_order()
    return {name: build_mart(con, register.marts[name]) for name in order}


@pytest.fixture
def ask(con, outcomes):
    assert outcomes
    return lambda query: con.sql(query).pl()


def _load(con, dataset, deliveries):
    newest = {sent.period: sent for sent in sorted(deliveries, key=lambda s: s.delivered_at)}
    sent_files = list(newest.values())
    parts = [
        sent.rows.with_columns(_delivery=pl.lit(f"d{sent.period}"), _period=pl.lit(sent.period))
        for sent in sent_files
    ]
    rows = pl.concat(parts)
    if isinstance(dataset.contract.history, Changes):
        rows = _date_changes(rows, dataset.contract.history)
    elif dataset.contract.history == "snapshots":
        rows = _date_snapshots(rows)
    dated = [name for name in (VALID_FROM, VALID_TO) if name in rows.columns]
    shown = rows.select("_delivery", "_period", *dated, *_delivered(dataset.contract))
    with transaction(con, "internal", dataset.name):
        replace_rows(con, ("internal", "common", dataset.name), shown, remove=None)
        record(con, "internal", [Loaded(f"internal/{dataset.name}", "d", "x", {})])
        current = [(sent.period, f"d{sent.period}") for sent in sent_files]
        note_periods(con, "internal", dataset.name, current)


def _delivered(contract):
    """List what reaches analysts, but for what reading puts beside a column."""
    return [name for name in internal_columns(contract) if name in contract.columns]


def _date_changes(rows, history):
    """Date rows as the contract says: from 異動日 to the next one, ends for no day."""
    ordered = rows.sort(*history.subject, history.effective, history.number)
    following = pl.col(history.effective).shift(-1).over(history.subject).fill_null(OPEN_END)
    ends = [pl.col(name).is_in(values) for name, values in history.ends.items()]
    until = pl.when(pl.any_horizontal(ends)).then(history.effective).otherwise(following)
    return ordered.with_columns(pl.col(history.effective).alias(VALID_FROM), until.alias(VALID_TO))


def _date_snapshots(rows):
    """Let every row hold for the month it was delivered for; neighbours are left apart."""
    days = {period: day_of(period) for period in rows["_period"].unique()}
    first = pl.col("_period").replace_strict(days, return_dtype=pl.Date)
    return rows.with_columns(first.alias(VALID_FROM), first.dt.offset_by("1mo").alias(VALID_TO))
