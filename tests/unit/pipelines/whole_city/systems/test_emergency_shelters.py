from pipelines.whole_city.parks import draw_parks
from pipelines.whole_city.systems.emergency_shelters import deliver
from pipelines.whole_city.systems.evacuation_shelters import deliver as deliver_evacuation
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


def test_the_list_is_what_its_contract_reads(city):
    (sent,) = deliver(city)
    require_readable(sent)
    require_name(sent, "emergency_272035_2024.csv")


def test_what_is_no_park_is_a_shelter_too_under_the_same_address(city):
    (sent,), (evacuation,) = deliver(city), deliver_evacuation(city)
    parks = sent.rows.join(draw_parks(city), left_on="shelter_name", right_on="name", how="semi")
    same = sent.rows.join(evacuation.rows, on=["shelter_name", "address"], how="semi")
    assert parks.height >= 5
    assert same.height + parks.height == sent.rows.height
    assert same["is_same_as_evacuation_shelter"].all()
    assert parks["is_same_as_evacuation_shelter"].null_count() == parks.height
