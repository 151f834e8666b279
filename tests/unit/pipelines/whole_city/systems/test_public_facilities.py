import polars as pl

from pipelines.whole_city.systems.public_facilities import deliver, draw_facilities
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


def test_the_list_comes_once_a_fiscal_year_and_is_what_its_contract_reads(city):
    (sent,) = deliver(city)
    require_readable(sent)
    require_name(sent, "公共施設一覧_令和6年度.csv")


def test_facilities_stand_in_towns_of_the_city_under_addresses_that_do_not_exist(city):
    facilities = draw_facilities(city)
    assert set(facilities["town"]) <= set(city.towns["town"])
    block = pl.col("address").str.extract(r"(\d+)-\d+$").cast(pl.Int64)
    assert facilities.select((block > 900).all()).item()
    assert facilities["facility_id"].is_unique().all()
    assert facilities.equals(draw_facilities(city))
