import polars as pl

from pipelines.whole_city.systems.evacuation_shelters import deliver
from pipelines.whole_city.systems.public_facilities import draw_facilities
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


def test_the_list_is_what_its_contract_reads(city):
    (sent,) = deliver(city)
    require_readable(sent)
    require_name(sent, "evacuation_272035_2024.csv")


def test_shelters_are_facilities_and_one_school_a_district(city):
    (sent,) = deliver(city)
    facilities = draw_facilities(city)
    known = sent.rows.join(
        facilities, left_on=["shelter_name", "address"], right_on=["facility_name", "address"]
    )
    schools = sent.rows.filter(pl.col("is_same_as_emergency_shelter"))
    assert known.height > 20
    assert schools.height == city.towns["school_district"].n_unique()
    assert schools["shelter_name"].str.ends_with("小学校").all()
    assert known.height + schools.height == sent.rows.height
