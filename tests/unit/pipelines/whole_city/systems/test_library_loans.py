import polars as pl

from pipelines.whole_city.systems.library_loans import deliver
from pipelines.whole_city.systems.public_facilities import LIBRARY, draw_facilities
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


def test_the_loans_are_what_their_contract_reads(city):
    for sent in deliver(city):
        require_readable(sent)
        require_name(sent, f"図書館貸出_{sent.period.replace('-', '')}.tsv")


def test_every_library_lends_to_the_grown_up_and_the_young_every_month(city):
    libraries = draw_facilities(city).filter(pl.col("kind") == LIBRARY)["facility_name"]
    for sent in deliver(city):
        assert set(sent.rows["library_name"]) == set(libraries)
        assert sent.rows.height == 2 * libraries.len()
        assert (sent.rows["borrower_count"] <= sent.rows["loan_count"]).all()


def test_a_city_reads_about_seven_books_a_year_and_resident(city):
    loans = sum(sent.rows["loan_count"].sum() for sent in deliver(city))
    assert 5 < loans * 2 / 3000 < 10
