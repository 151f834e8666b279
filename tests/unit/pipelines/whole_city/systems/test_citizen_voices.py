import polars as pl

from pipelines.whole_city.systems.citizen_voices import deliver
from tests.unit.pipelines.whole_city.systems.checking import (
    CONTRACTS,
    require_name,
    require_readable,
)


def test_the_voices_are_what_their_contract_reads(city):
    for sent in deliver(city):
        require_readable(sent)
        require_name(sent, f"市民の声_{sent.period.replace('-', '')}.tsv")


def test_a_place_is_named_in_the_text_and_no_letter_is_answered_unasked(city):
    rows = pl.concat([sent.rows for sent in deliver(city)])
    placed = rows.filter(pl.col("town").is_not_null())
    assert placed.height > 1
    assert placed.select(pl.col("body").str.contains(pl.col("town"), literal=True).all()).item()
    assert rows.filter(~pl.col("needs_reply"))["replied_date"].null_count() == rows.filter(~pl.col("needs_reply")).height  # fmt: skip
    assert (rows["replied_date"] >= rows["received_date"]).drop_nulls().all()


def test_the_text_never_reaches_the_analysts():
    assert CONTRACTS["citizen_voices"].columns["body"].role == "direct_identifier"
