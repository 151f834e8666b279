import polars as pl

from pipelines.whole_city.systems.line_messages import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


def test_the_messages_are_what_their_contract_reads(city):
    for sent in deliver(city):
        require_readable(sent)
        require_name(sent, f"LINE相談通報_{sent.period.replace('-', '')}.json")


def test_a_report_names_a_town_and_an_open_case_has_no_end(city):
    rows = pl.concat([sent.rows for sent in deliver(city)])
    assert rows["message_id"].is_unique().all()
    assert rows.filter(pl.col("kind_code") == "1")["town"].null_count() == 0
    assert rows.filter(pl.col("kind_code") == "2")["town"].null_count() > 0
    assert set(rows["town"].drop_nulls()) <= set(city.towns["town"])
    done = rows["finished_date"].is_not_null()
    assert ((rows["status_code"] == "1") == done).all()
    assert (rows["finished_date"] >= rows["received_date"]).drop_nulls().all()


def test_the_same_friend_writes_again(city):
    friends = pl.concat([sent.rows for sent in deliver(city)])["line_user_id"]
    assert 1 < friends.n_unique() <= 1000
