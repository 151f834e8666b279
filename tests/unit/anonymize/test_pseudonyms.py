import base64
import datetime as dt
import hmac
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.pseudonyms import Scope, pseudonymise, pseudonymise_for_release, shuffle_rows

KEY = bytes(range(32))
SHAPE = r"^p1_[a-z2-7]{26}$"

identifiers = st.lists(st.none() | st.text(max_size=12), max_size=20)


def _tokens(values, namespace="resident", key=KEY, version="p1"):
    frame = pl.DataFrame({"id": pl.Series(values, dtype=pl.String)})
    return pseudonymise(frame, {"id": namespace}, key=key, version=version)["id"].to_list()


@given(identifiers)
def test_tokens_are_a_one_to_one_renaming_and_null_stays_null(values):
    tokens = _tokens(values)
    assert [token is None for token in tokens] == [value is None for value in values]
    assert len(set(tokens)) == len(set(values))
    assert dict(zip(values, tokens, strict=True)) == dict(
        zip(reversed(values), _tokens(values[::-1]), strict=True)
    )
    assert pl.Series(tokens, dtype=pl.String).drop_nulls().str.contains(SHAPE).all()


def test_tokens_depend_on_identifier_namespace_key_and_version():
    (token,) = _tokens(["0000000001"])
    others = {
        *_tokens(["0000000002"]),
        *_tokens(["0000000001"], namespace="household"),
        *_tokens(["0000000001"], key=KEY[::-1]),
        *_tokens(["0000000001"], version="p2"),
    }
    assert len(others | {token}) == 5
    assert token[3:] not in {other[3:] for other in others}


def test_namespace_and_identifier_cannot_run_into_each_other():
    assert _tokens(["bc"], namespace="a") != _tokens(["c"], namespace="ab")
    assert _tokens([":c"], namespace="a") != _tokens(["c"], namespace="a:")


def test_the_token_never_changes_between_releases_of_the_code():
    """A stored pseudonym must be found again: computed here once more from the standard library."""
    digest = hmac.digest(KEY, b"21:pseudonym:p1:resident:0000000001", "sha256")
    assert _tokens(["0000000001"]) == ["p1_" + base64.b32encode(digest[:16]).decode().lower()[:26]]


def test_only_named_columns_change_and_all_of_them():
    frame = pl.DataFrame({"a": [7, 8], "b": ["7", "7"], "c": ["x", None]})
    result = pseudonymise(frame, {"a": "n", "b": "n"}, key=KEY, version="p1")
    assert result.columns == frame.columns
    assert result["a"][0] == result["b"][0]
    assert result["c"].equals(frame["c"])


@pytest.mark.parametrize(
    ("columns", "key", "version"),
    [
        ({"id": "n"}, KEY[:31], "p1"),
        ({"nowhere": "n"}, KEY, "p1"),
        ({"id": ""}, KEY, "p1"),
        ({"id": "n"}, KEY, "P 1"),
        ({"weight": "n"}, KEY, "p1"),
    ],
)
def test_wrong_arguments_are_refused_in_japanese_without_a_value(columns, key, version):
    frame = pl.DataFrame({"id": ["ひみつ"], "weight": [1.5]})
    with pytest.raises(ValueError, match="直し方") as error:
        pseudonymise(frame, columns, key=key, version=version)
    assert "ひみつ" not in str(error.value)


rows = st.lists(st.tuples(st.none() | st.text(max_size=3), st.none() | st.integers(0, 5)))


@given(rows, st.randoms())
def test_shuffling_depends_on_the_rows_and_not_on_their_order(content, random):
    other = content.copy()
    random.shuffle(other)
    schema = {"a": pl.String, "b": pl.Int64}
    one, two = (pl.DataFrame(part, schema=schema, orient="row") for part in (content, other))
    shuffled = shuffle_rows(one, key=KEY, purpose="x")
    assert shuffled.equals(shuffle_rows(two, key=KEY, purpose="x"))
    assert shuffled.sort(pl.all()).equals(one.sort(pl.all()))


def test_shuffling_leaves_no_trace_of_the_order():
    frame = pl.DataFrame({"n": range(2000)})
    shuffled = shuffle_rows(frame, key=KEY, purpose="2026-10")
    ranks = pl.DataFrame({"a": shuffled["n"], "b": range(2000)})
    assert abs(ranks.select(pl.corr("a", "b")).item()) < 0.1
    assert not shuffled.equals(shuffle_rows(frame, key=KEY, purpose="2026-11"))
    assert not shuffled.equals(shuffle_rows(frame, key=KEY[::-1], purpose="2026-10"))


def test_shuffling_takes_every_ordinary_type():
    frame = pl.DataFrame(
        {
            "day": [dt.date(2026, 1, 1), None],
            "time": [dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None],
            "share": [0.1, None],
            "money": pl.Series([Decimal("1.50"), None]),
            "flag": [True, None],
            "kind": pl.Series(["a", None], dtype=pl.Enum(["a", "b"])),
            "many": [["x"], None],
        }
    )
    assert shuffle_rows(frame, key=KEY, purpose="x").height == 2


def test_shuffling_needs_a_key():
    with pytest.raises(ValueError, match="鍵が短すぎます"):
        shuffle_rows(pl.DataFrame({"n": [1]}), key=b"short", purpose="x")


def _released(scope, key=KEY):
    frame = pl.DataFrame({"id": [f"{n:010d}" for n in range(50)], "n": range(50)})
    named = pseudonymise_for_release(frame, {"id": "resident"}, key=key, scope=scope)
    return dict(zip(named["n"], named["id"], strict=True)), named["n"].to_list()


def test_two_releases_share_no_pseudonym_and_no_order():
    (first, order), (second, other) = (
        _released(Scope("統計の研究", name)) for name in ("2024", "2025")
    )
    assert not {*first.values()} & {*second.values()}
    assert order != list(range(50)) != other
    assert order != other
    (elsewhere, _) = _released(Scope("別の目的", "2024"))
    assert not {*first.values()} & {*elsewhere.values()}


def test_releases_of_a_declared_series_are_linkable_but_not_by_order():
    (first, order), (second, other) = (
        _released(Scope("統計の研究", name, series="追跡")) for name in ("2024", "2025")
    )
    assert first == second
    assert order != other
    assert not {*first.values()} & {*_released(Scope("統計の研究", "追跡"))[0].values()}


def test_the_same_release_made_again_is_the_same():
    scope = Scope("統計の研究", "2024")
    assert _released(scope) == _released(scope)
    assert _released(scope) != _released(scope, KEY[::-1])


@pytest.mark.parametrize("parts", [("", "a"), ("a", ""), ("a", "b", "")])
def test_a_scope_without_bounds_is_refused(parts):
    with pytest.raises(ValueError, match="空"):
        Scope(*parts)


def test_purpose_and_release_cannot_run_into_each_other():
    assert Scope("a", "b:release:c").name != Scope("a:release:b", "c").name
    assert Scope("a", "x", series="b").name != Scope("a", "b").name


def test_an_empty_namespace_is_still_refused_for_a_release():
    with pytest.raises(ValueError, match="名前空間"):
        pseudonymise_for_release(
            pl.DataFrame({"id": ["1"]}), {"id": ""}, key=KEY, scope=Scope("a", "b")
        )
