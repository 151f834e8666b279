import polars as pl

from pipelines.whole_city.city import period_of
from pipelines.whole_city.systems.facility_reservations import deliver
from pipelines.whole_city.systems.public_facilities import draw_facilities
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


def test_the_bookings_are_what_their_contract_reads(city):
    for sent in deliver(city):
        require_readable(sent)
        require_name(sent, f"施設予約_{sent.period.replace('-', '')}.csv")


def test_a_room_is_booked_once_a_slot_in_a_facility_that_is_listed(city):
    rows = pl.concat([sent.rows for sent in deliver(city)])
    slot = ["facility_id", "room_name", "use_date", "time_slot_code"]
    assert rows.select(slot).is_unique().all()
    assert rows["reservation_id"].is_unique().all()
    listed = draw_facilities(city).select("facility_id", "facility_name")
    assert rows.join(listed, on=["facility_id", "facility_name"]).height == rows.height > 300


def test_bookings_lie_in_their_month_and_are_made_before(city):
    for sent, month in zip(deliver(city), city.months, strict=True):
        assert set(sent.rows["use_date"].dt.strftime("%Y-%m")) == {period_of(month)}
        assert (sent.rows["reserved_date"] < sent.rows["use_date"]).all()
        cancelled = sent.rows.filter(pl.col("status_code") == "2")
        assert cancelled["fee_yen"].sum() == 0


def test_one_user_is_of_one_kind(city):
    rows = pl.concat([sent.rows for sent in deliver(city)])
    kinds = rows.group_by("booking_user_id").agg(pl.col("user_kind_code").n_unique())
    assert set(kinds["user_kind_code"]) == {1}
    assert set(rows["user_kind_code"]) == {"1", "2"}
