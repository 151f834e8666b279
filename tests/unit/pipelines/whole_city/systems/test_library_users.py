import itertools

import polars as pl

from pipelines.whole_city.systems.library_users import deliver, draw_users
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


def test_the_users_are_what_their_contract_reads(city):
    sent = list(deliver(city))
    require_readable(sent[-1])
    require_name(sent[0], "図書館利用者_202404.csv")


def test_users_are_residents_as_they_were_when_they_signed_up(city):
    users = draw_users(city).filter(pl.col("person").is_not_null())
    assert users.height > 300
    lived = users.join(city.spells.join(city.towns, on="town_id"), on="person").filter(
        pl.col("is_resident"),
        pl.col("effective_date") <= pl.col("registered_date"),
        pl.col("registered_date") < pl.col("until_date").fill_null(pl.date(9999, 12, 31)),
    )
    there = lived.filter(pl.col("address").str.starts_with("豊中市" + pl.col("town")))
    # Of two rows of one day the later counts; the earlier one's address may differ.
    assert set(there["user_id"]) == set(users["user_id"])
    named = there.filter(pl.col("full_name").str.starts_with(pl.col("surname")))
    assert set(named["user_id"]) == set(users["user_id"])


def test_some_users_live_elsewhere_and_nobody_is_lost_from_month_to_month(city):
    months = [sent.rows for sent in deliver(city)]
    for before, after in itertools.pairwise(months):
        assert before.equals(after.head(before.height))
    elsewhere = months[-1].filter(~pl.col("address").str.starts_with("豊中市"))
    assert 0 < elsewhere.height < months[-1].height / 10
    assert months[-1].height > months[0].height
