"""The marts agree with the city they speak of, and with one another."""

import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import last_day
from pipelines.whole_city.people.places import list_towns
from pipelines.whole_city.systems import budget_execution, child_allowance
from warehouse.mart import build_mart

# The last weeks are not yet wholly notified when the last file is delivered.
DAYS = (dt.date(2024, 4, 1), dt.date(2024, 6, 17), dt.date(2024, 8, 15))


@pytest.mark.parametrize("day", DAYS)
def test_persons_of_a_day_are_those_who_lived_in_the_city(ask, city, day):
    found = ask(f"""
        SELECT person_id AS resident_id, household_id, town, sex_code, birth_year
        FROM internal.mart.persons WHERE valid_from <= DATE '{day}' AND valid_to > DATE '{day}'
        ORDER BY resident_id
    """)
    true = city.residents_on(day).select(
        "resident_id", "household_id", "town", "sex_code", birth_year=pl.col("birth_date").dt.year()
    )
    assert found.height > 2900
    assert found.equals(true.sort("resident_id").with_columns(pl.col("birth_year").cast(pl.Int32)))


@pytest.mark.parametrize("day", DAYS)
def test_households_of_a_day_have_their_members_and_head(ask, city, day):
    found = ask(f"""
        SELECT household_id, member_count, head_person_id, town FROM internal.mart.households
        WHERE valid_from <= DATE '{day}' AND valid_to > DATE '{day}' ORDER BY household_id
    """)
    people = city.residents_on(day).sort("household_id")
    true = people.group_by("household_id", maintain_order=True).agg(
        member_count=pl.len(),
        head_person_id=pl.col("resident_id").filter(pl.col("relationship") == "世帯主").max(),
        town=pl.col("town").first(),
    )
    assert found["member_count"].sum() == people.height
    assert found.equals(true.with_columns(pl.col("member_count").cast(pl.Int32)))


def test_intervals_of_persons_households_and_addresses_do_not_overlap(ask):
    for table, subject in (
        ("persons", "person_id"),
        ("households", "household_id"),
        ("addresses", "person_id"),
    ):
        bad = ask(f"""
            SELECT count(*) AS n FROM (
                SELECT valid_from, valid_to,
                    lead(valid_from) OVER (PARTITION BY {subject} ORDER BY valid_from) AS next
                FROM internal.mart.{table}
            ) WHERE valid_from >= valid_to OR next < valid_to
        """)
        assert bad.item() == 0, table


def test_a_household_or_a_stay_is_not_split_where_nothing_changed(ask):
    same = ask("""
        SELECT count(*) AS n FROM internal.mart.addresses AS a JOIN internal.mart.addresses AS b
        ON a.person_id = b.person_id AND a.valid_to = b.valid_from AND a.town = b.town
    """)
    households = ask("""
        SELECT count(*) AS n FROM internal.mart.households AS a JOIN internal.mart.households AS b
        ON a.household_id = b.household_id AND a.valid_to = b.valid_from AND a.town = b.town
        AND a.member_count = b.member_count AND a.head_person_id = b.head_person_id
    """)
    assert (same.item(), households.item()) == (0, 0)


def test_addresses_tell_every_move_and_its_reason(ask, city):
    first, last = city.months[0], last_day(city.months[-1])
    known = pl.col("notified_date") <= last
    true = city.versions.filter(pl.col("effective_date").is_between(first, last), known)
    counted = dict(true.group_by("reason").len().rows())
    between = f"BETWEEN DATE '{first}' AND DATE '{last}'"
    entries = dict(ask(f"""
        SELECT entry_kind, count(*) FROM internal.mart.addresses
        WHERE valid_from {between} GROUP BY ALL
    """).rows())  # fmt: skip
    exits = dict(ask(f"""
        SELECT exit_kind, count(*) FROM internal.mart.addresses
        WHERE valid_to {between} GROUP BY ALL
    """).rows())  # fmt: skip
    assert (entries["born"], entries["moved_in"]) == (counted["born"], counted["moved_in"])
    assert (exits["died"], exits["moved_out"]) == (counted["died"], counted["moved_out"])
    assert 0 < entries["moved_within"] <= counted["moved_within"]
    assert entries["moved_within"] == exits["moved_within"]
    assert "other" not in entries
    assert "other" not in exits


def test_population_by_month_counts_the_residents_of_the_first(ask, city):
    found = ask("SELECT month, sum(resident_count)::BIGINT FROM internal.mart.population_by_month GROUP BY ALL ORDER BY ALL")  # fmt: skip
    assert found.rows() == [(m, city.residents_on(m).height) for m in city.months]
    day = city.months[3]
    old = city.residents_on(day).filter(pl.col("birth_date") <= day.replace(year=day.year - 85))
    counted = ask(f"SELECT sum(resident_count)::BIGINT FROM internal.mart.population_by_month WHERE age_band = 17 AND month = DATE '{day}'")  # fmt: skip
    assert counted.item() == old.height > 0


def test_a_months_population_and_its_changes_give_the_next(ask):
    unequal = ask("""
        WITH counted AS (
            SELECT month, town, sum(resident_count) AS n
            FROM internal.mart.population_by_month GROUP BY ALL
        )
        SELECT count(*) AS towns, count(*) FILTER (
            coalesce(later.n, 0) <> coalesce(counted.n, 0)
            + born_count + moved_in_count + came_within_count + entered_other_count
            - died_count - moved_out_count - left_within_count - left_other_count
        ) AS unequal
        FROM internal.mart.population_changes AS moved
        LEFT JOIN counted USING (month, town)
        LEFT JOIN counted AS later
            ON moved.town = later.town AND later.month = moved.month + INTERVAL 1 MONTH
        WHERE moved.month < DATE '2024-09-01'
    """)
    assert unequal["unequal"].item() == 0
    assert unequal["towns"].item() > 100


def test_service_use_counts_what_the_departments_delivered(ask, city):
    ordered = sorted(child_allowance.deliver(city), key=lambda s: s.delivered_at)
    sent = {s.period: s for s in ordered}.values()
    found = ask("""
        SELECT strftime(month, '%Y-%m') AS period, quantity, person_count, yen
        FROM internal.mart.service_use_by_month
        WHERE service_code = 'child_allowance' ORDER BY month
    """)
    assert found.rows() == [
        (s.period, s.rows.height, s.rows.height, s.rows["monthly_amount_yen"].sum()) for s in sent
    ]


def test_service_use_by_month_is_the_sum_of_service_use(ask):
    long = ask("SELECT sum(quantity), sum(yen), count(DISTINCT service_code) FROM internal.mart.service_use")  # fmt: skip
    short = ask("SELECT sum(quantity), sum(yen), count(DISTINCT service_code) FROM internal.mart.service_use_by_month")  # fmt: skip
    assert long.rows() == short.rows()
    assert long.row(0)[2] == 6


def test_loans_bookings_and_applications_reach_service_use_once(ask):
    pairs = {
        "library_loan": "SELECT sum(loan_count) FROM internal.common.library_loans",
        "facility_reservation": "SELECT count(*) FROM internal.common.facility_reservations WHERE status_code = '1'",
        "electronic_application": "SELECT count(*) FROM internal.common.electronic_applications WHERE status_code <> '3'",
        "line_message": "SELECT count(*) FROM internal.common.line_messages",
        "citizen_voice": "SELECT count(*) FROM internal.common.citizen_voices",
    }  # fmt: skip
    for service, query in pairs.items():
        found = ask(f"SELECT sum(quantity) FROM internal.mart.service_use WHERE service_code = '{service}'")  # fmt: skip
        assert found.item() == ask(query).item() > 0, service


def test_every_person_of_service_use_is_in_persons(ask):
    strangers = ask("""
        SELECT count(DISTINCT person_id) FROM internal.mart.service_use
        WHERE person_id IS NOT NULL AND service_code = 'child_allowance'
        AND person_id NOT IN (SELECT person_id FROM internal.mart.persons)
    """)
    assert strangers.item() == 0


def test_finance_adds_up_over_the_year(ask, city):
    last = list(budget_execution.deliver(city))[-1].rows
    summed = ask("SELECT sum(executed_yen)::BIGINT FROM internal.mart.finance").item()
    assert summed == last["cumulative_executed_yen"].sum() > 0
    bad = ask("""
        SELECT count(*) FROM internal.mart.finance
        WHERE current_budget_yen <> cumulative_executed_yen + remaining_yen
    """)
    assert bad.item() == 0


def test_towns_of_the_csv_are_those_of_the_made_up_city(ask):
    towns = list_towns().select(
        "town",
        base_town="base",
        kana=pl.col("kana").str.normalize("NFKC"),
        postal_code=pl.col("postal_code").str.replace("-", ""),
        area="area",
        school_district="school_district",
        latitude="latitude",
        longitude="longitude",
    )
    assert ask("FROM internal.mart.dim_towns").equals(towns.sort("town"))


def test_every_town_of_a_fact_is_in_the_dimension(ask):
    for table in ("persons", "addresses", "population_by_month", "service_use", "dim_facilities"):
        unknown = ask(f"""
            SELECT count(*) FROM internal.mart.{table} WHERE town IS NOT NULL
            AND town NOT IN (SELECT town FROM internal.mart.dim_towns)
        """)
        assert unknown.item() == 0, table


def test_the_calendar_knows_fiscal_years_and_eras(ask):
    rows = ask("""
        SELECT day, fiscal_year, fiscal_quarter, fiscal_month_number, japanese_day, fiscal_year_label
        FROM internal.mart.dim_calendar
        WHERE day IN (DATE '2019-04-30', DATE '2019-05-01', DATE '2024-02-29', DATE '2024-04-01')
        ORDER BY day
    """).rows()
    assert rows == [
        (dt.date(2019, 4, 30), 2019, 1, 1, "平成31年4月30日", "令和元年度"),
        (dt.date(2019, 5, 1), 2019, 1, 2, "令和元年5月1日", "令和元年度"),
        (dt.date(2024, 2, 29), 2023, 4, 11, "令和6年2月29日", "令和5年度"),
        (dt.date(2024, 4, 1), 2024, 1, 1, "令和6年4月1日", "令和6年度"),
    ]


def test_codes_are_those_of_every_contract(ask, register):
    declared = {
        (name, column, code, label)
        for name, dataset in register.datasets.items()
        for column, said in dataset.contract.columns.items()
        for code, label in (said.labels or {}).items()
    }
    found = ask("SELECT dataset, column_name, code, label FROM internal.mart.dim_codes")
    assert set(found.rows()) == declared


def test_every_facility_has_its_town(ask):
    towns = ask("SELECT count(*), count(town) FROM internal.mart.dim_facilities").row(0)
    assert towns[0] == towns[1] > 30


def test_what_is_not_delivered_is_left_out_or_waited_for(outcomes, con, register):
    assert "生活保護" in outcomes["service_use"].account.notes[0]
    waits = outcomes["population_by_town"]
    assert not waits.changed
    assert waits.account.notes == (
        "まだ作れません。届くのを待っているデータ: 住民記録(resident_register)",
    )
    assert not build_mart(con, register.marts["persons"]).changed


def test_every_column_of_the_model_is_described_also_in_the_lake(register, ask):
    model = [m for m in register.marts.values() if m.spec.key or m.spec.personal]
    assert len(model) == 13
    comments = ask("""
        SELECT table_name, column_name, comment FROM duckdb_columns()
        WHERE database_name = 'internal' AND schema_name = 'mart'
    """)
    said = {(table, column): text for table, column, text in comments.rows()}
    for mart in model:
        for name, column in mart.spec.columns.items():
            assert column.description, (mart.name, name)
            assert said[mart.name, name].endswith(column.description)
