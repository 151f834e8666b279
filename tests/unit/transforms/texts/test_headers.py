import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.texts.headers import header, header_key


def test_header_key_joins_the_spellings_of_one_header():
    assert header_key("電話 番号\n（代表）") == header_key("電話番号(代表)")
    assert {header_key(x) for x in ("コ－ド", "コード", "ｺｰﾄﾞ", "コ―ド", "コ-ド")} == {"コード"}


@pytest.mark.parametrize(
    ("one_header", "other"),
    [("人口一", "人口ー"), ("世帯数※", "世帯数"), ("所得(千円)", "所得(円)"), ("髙さ", "高さ")],
)
def test_header_key_keeps_different_headers_apart(one_header, other):
    assert header_key(one_header) != header_key(other)


@column_property
@given(st.text())
def test_header_key_is_stable_and_has_no_space(header):
    key = header_key(header)
    assert header_key(key) == key
    assert header_key(unicodedata.normalize("NFKC", key)) == key
    assert not any(c.isspace() for c in key)


@pytest.mark.parametrize("blank", [None, "", " \u3000", "\n"])
def test_blank_is_null_and_ok(blank):
    assert one(header, blank) == (None, "ok", "blank")


@column_property
@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]))))
def test_column_of_headers_gives_the_same_key(texts):
    keys = [header_key(text) or None for text in texts]
    judged = run(header, texts)
    assert [value for value, _, _ in judged] == keys
    assert all(verdict == "ok" for _, verdict, _ in judged)
