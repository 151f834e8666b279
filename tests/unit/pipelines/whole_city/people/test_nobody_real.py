import polars as pl

from pipelines.whole_city.people.places import list_towns, tiny_towns


def test_no_address_exists(city):
    block = city.versions["block"].str.extract(r"^(\d+)番\d+号$").cast(pl.Int32)
    assert block.null_count() == 0
    assert block.min() >= 901


def test_no_telephone_can_be_assigned(city):
    phones = city.persons["phone"].drop_nulls()
    assert phones.len() > 3000
    assert phones.str.contains(r"^(06-1\d{3}|0[79]0-0\d{3})-\d{4}$").all()


def test_mail_goes_nowhere(city):
    mails = city.persons["email"].drop_nulls()
    assert mails.len() > 1000
    assert mails.str.ends_with("@example.jp").all()
    assert mails.is_unique().all()


def test_numbers_of_residents_and_households_have_ten_digits_of_their_own(city):
    ids = city.persons["resident_id"]
    assert ids.is_unique().all()
    assert ids.str.contains(r"^\d{10}$").all()
    assert city.versions["household_id"].str.contains(r"^\d{10}$").all()


def test_every_letter_can_be_written_by_a_department(city):
    words = [
        *city.versions["surname"].unique(), *city.persons["given"].unique(),
        *city.versions["building"].drop_nulls().unique(), *city.towns["town"], *city.towns["kana"],
    ]  # fmt: skip
    assert "".join(words).encode("cp932")
    assert any(letter in "".join(words) for letter in "髙﨑邊")


def test_foreigners_are_few_and_have_names_of_their_own(city, eve):
    there = city.residents_on(eve)
    foreign = there.filter(pl.col("nationality") != "日本")
    assert 0.005 < foreign.height / there.height < 0.05
    assert foreign["surname"].str.contains(r"^[A-Z]+$").any()
    assert foreign["surname_kana"].str.contains(r"^[ァ-ヶー]+$").all()


def test_towns_are_complete_and_lie_in_the_city():
    towns = list_towns()
    assert towns.height > 330
    assert towns.null_count().sum_horizontal().item() == 0
    assert towns["latitude"].is_between(34.730, 34.825).all()
    assert towns["longitude"].is_between(135.440, 135.509).all()
    assert towns["postal_code"].str.contains(r"^56[01]-\d{4}$").all()
    assert towns["kana"].str.contains(r"^[ｦ-ﾟ]+$").all()


def test_school_districts_group_neighbouring_towns():
    districts = (
        list_towns()
        .group_by("school_district")
        .agg(
            count=pl.len(),
            height=pl.col("latitude").max() - pl.col("latitude").min(),
            width=pl.col("longitude").max() - pl.col("longitude").min(),
        )
    )
    assert min(districts["count"]) >= 5
    assert max(districts["height"]) < 0.03
    assert max(districts["width"]) < 0.035


def test_a_few_towns_stay_tiny(city):
    tiny = list_towns().filter(pl.col("town_id").is_in(tiny_towns().tolist()))["town"].to_list()
    assert len(tiny) >= 3
    for month in city.months[::6]:
        counts = city.residents_on(month).filter(pl.col("town").is_in(tiny)).group_by("town").len()
        assert counts["len"].min() > 0
        assert counts["len"].max() < 15
