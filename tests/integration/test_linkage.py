"""The linkages of the sample city, held against who is truly whom."""

import pytest

PERSONS = "library_users_and_residents"
PLACES = "facilities_and_shelters"


def linked(query, demo, table, *datasets):
    left, right = datasets
    pairs = query(
        demo.home,
        f"SELECT left_key, right_key FROM {table} WHERE left_dataset = '{left}' "
        f"AND right_dataset = '{right}' AND decision = 'link'",
    )
    return set(pairs)


def test_residents_are_found_and_nobody_is_taken_for_another(demo, query):
    truth = set(demo.truth.same["library_users"].items())
    found = linked(query, demo, f"secure.link.{PERSONS}", "library_users", "resident_register")
    assert found <= truth
    assert len(found) >= 0.97 * len(truth)


@pytest.mark.parametrize("shelters", ["evacuation_shelters", "emergency_shelters"])
def test_shelters_are_found_among_the_facilities(demo, query, shelters):
    truth = {(facility, shelter) for shelter, facility in demo.truth.same[shelters].items()}
    found = linked(query, demo, f"internal.link.{PLACES}", "public_facilities", shelters)
    assert found == truth


def test_persons_are_linked_in_the_secure_zone_alone(demo, query):
    tables = query(
        demo.home,
        "SELECT table_catalog, table_name FROM information_schema.tables WHERE table_schema = 'link'",
    )
    assert set(tables) == {("secure", PERSONS), ("internal", PLACES)}


def test_the_command_shows_counts_and_of_persons_nothing_else(demo, query, machikane):
    told = machikane("link", PERSONS, "--home", str(demo.home.root))
    assert told.returncode == 0, told.stdout + told.stderr
    assert "前回から変わっていません" in told.stdout
    assert "結ぶ: 確率 0.99 以上" in told.stdout
    keys = query(demo.home, f"SELECT left_key, right_key FROM secure.link.{PERSONS}")
    assert not any(key in told.stdout for pair in keys for key in pair)
    places = machikane("link", PLACES, "--home", str(demo.home.root))
    assert "結んだ: " in places.stdout
    assert "計 +" in places.stdout
