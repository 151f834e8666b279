from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from warehouse.account import Account, Cells, add_up, code_fingerprint, version_of

counts = st.integers(0, 1000)
accounts = st.builds(
    Account,
    rows_in=counts,
    rows_out=counts,
    quarantined=counts,
    set_aside=st.dictionaries(st.sampled_from(["合計", "注記"]), counts),
    notes=st.lists(st.text(), max_size=2).map(tuple),
)
closed = st.builds(
    lambda out, bad, aside: Account(out + bad + sum(aside.values()), out, bad, aside),
    counts, counts, st.dictionaries(st.sampled_from(["合計", "注記"]), counts),
)  # fmt: skip


@given(accounts)
def test_an_account_comes_back_as_it_was_written(account):
    assert Account.from_json({**account.as_json(), "file": "f"}) == account


@given(st.lists(closed))
def test_closed_accounts_add_up_to_a_closed_account(several):
    assert all(account.closes for account in several)
    total = add_up(several)
    assert total.closes
    assert total.rows_in == sum(account.rows_in for account in several)


@given(closed, st.integers(1, 9))
def test_an_account_with_a_cell_missing_is_open(account, lost):
    cells = Cells(cells_in=lost + 5, mapped=2, quarantined=2, set_aside={"空欄": 1})
    assert not replace(account, cells=cells).closes
    assert replace(account, cells=replace(cells, mapped=2 + lost)).closes
    assert not add_up([account, replace(account, cells=cells)]).closes


@given(closed, st.integers(1, 9))
def test_an_account_with_a_row_missing_is_open(account, lost):
    assert not Account(
        account.rows_in + lost, account.rows_out, account.quarantined, account.set_aside
    ).closes


@given(st.lists(st.text("abc", min_size=1), min_size=1), st.randoms())
def test_a_version_follows_the_parts_and_not_their_order(parts, random):
    mixed = random.sample(parts, len(parts))
    assert version_of(mixed) == version_of(parts) != version_of([*parts, "z"])


def test_the_code_has_a_fingerprint_for_each_choice_of_rooms():
    assert code_fingerprint() == code_fingerprint() != code_fingerprint(("transforms",))
    assert len(code_fingerprint()) == 16
