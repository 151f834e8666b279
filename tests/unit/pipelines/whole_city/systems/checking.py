"""What every source of the city must keep: its rows are what the contract reads off a clean file."""

import polars as pl

from assets.register import load_register
from transforms.codes.vocabularies import VOCABULARIES
from warehouse.inbox import NO_PERIOD, period_of
from warehouse.normalise import normalise

CONTRACTS = {name: dataset.contract for name, dataset in load_register().datasets.items()}


def require_readable(sent):
    """Write the rows as plain text, read them by the contract, and ask for the very same rows."""
    contract, read = CONTRACTS[sent.dataset], read_as_written(sent)
    assert read.quarantine.rows() == []
    # What is ok is told of marks alone.
    assert set(read.verdicts["verdict"]) <= {"ok", "repaired"}
    # Parts of an address stand beside it; they are nobody's to deliver.
    rows = read.rows.sort("_row").drop("_row").select(pl.exclude(_parts(contract)))
    assert rows.equals(sent.rows)
    assert rows.schema == sent.rows.schema


def read_as_written(sent):
    """Read the rows, written as plain text, by their contract."""
    contract = CONTRACTS[sent.dataset]
    if sent.period != NO_PERIOD:
        contract = contract.in_period(sent.period)
    texts = [_spell(pl.col(name), column) for name, column in contract.columns.items()]
    raw = sent.rows.select(pl.int_range(pl.len()).cast(pl.Int64).alias("_row"), *texts)
    return normalise(raw, contract)


def require_name(sent, name):
    """Ask that a file name fits the dataset and tells its period, and fits no other dataset."""
    fitting = {n: period_of(c.source.file, name) for n, c in CONTRACTS.items()}
    assert {n: p for n, p in fitting.items() if p is not None} == {sent.dataset: sent.period}


def _parts(contract):
    addresses = {n: c for n, c in contract.columns.items() if c.keep_parts}
    return [name for n, column in addresses.items() for name in column.beside(n)]


def _spell(value, column):
    if column.labels:
        return value.replace(column.labels)
    if column.type == "boolean":
        named = VOCABULARIES[column.vocabulary] if column.vocabulary else column
        yes, no = named.true[0], (*named.false, "")[0]
        return pl.when(value).then(pl.lit(yes)).when(~value).then(pl.lit(no)).alias(value.meta.output_name())  # fmt: skip
    written = value.cast(pl.String)
    # A required cell is never blank: what is not there has its mark.
    return (
        written.fill_null(next(iter(column.marks))) if column.required and column.marks else written
    )
