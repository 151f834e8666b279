import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.texts.free_text import text
from transforms.texts.headers import header_key
from transforms.texts.kana import kana
from transforms.texts.names import name


@pytest.mark.parametrize("function", [text, name, kana])
@pytest.mark.parametrize("blank", [None, "", " ", "\u3000 \u3000", "\n"])
def test_blank_is_null_and_ok(function, blank):
    assert one(function, blank) == (None, "ok", "blank")


@pytest.mark.parametrize("function", [text, name, kana])
@column_property
@given(texts=st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), max_size=20))
def test_total_and_idempotent(function, texts):
    first = run(function, texts)
    again = run(function, [value for value, _, _ in first])
    assert [value for value, _, _ in again] == [value for value, _, _ in first]
    assert all(verdict == "ok" for _, verdict, _ in again)


def test_text_keeps_the_inside_and_drops_controls():
    assert one(text, "\u3000ａ  ｂ\u3000") == ("ａ  ｂ", "ok", "text.plain")
    assert one(text, "a\x00b") == ("ab", "repaired", "text.control_removed")
    assert one(text, "一行目\r\n二行目") == ("一行目\n二行目", "repaired", "text.control_removed")


@pytest.mark.parametrize(
    "written", ["髙﨑①㈱", "は\u309aん", "葛\U000e0100城", "山田 \u3000太郎", "\ue000田"]
)
def test_name_is_stored_as_written(written):
    assert one(name, f" {written}\u3000") == (written, "ok", "name.plain")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ﾄﾖﾅｶ ﾀﾛｳ", "トヨナカ\u3000タロウ"),
        ("とよなか　　たろう", "トヨナカ\u3000タロウ"),
        ("ｳﾞｨﾊﾟﾌﾞ", "ヴィパブ"),
        ("ゔぁ", "ヴァ"),
        ("ガｷﾞ", "ガギ"),
        ("カ゛", "ガ"),
        ("ﾒｰｶｰ･ｱ", "メーカー・ア"),
        ("すゞき", "スヾキ"),
    ],
)
def test_kana_is_repaired_to_full_width_katakana(written, read):
    assert one(kana, written) == (read, "ok", "kana.converted")


@pytest.mark.parametrize("written", ["豊中", "トヨナカ1", "タロ-", "ﾞ", "abc", "カ）トヨナカ"])
def test_kana_refuses_everything_else(written):
    assert one(kana, written) == (None, "refused", "kana.not_kana")


def test_kana_in_its_final_form_is_ok():
    assert one(kana, "トヨナカ\u3000ヴィー") == ("トヨナカ\u3000ヴィー", "ok", "kana.full_width")


def test_header_key_joins_the_spellings_of_one_header():
    assert header_key("電話 番号\n（代表）") == header_key("電話番号(代表)")
    assert {header_key(x) for x in ("コ－ド", "コード", "ｺｰﾄﾞ", "コ―ド", "コ-ド")} == {"コード"}
    assert header_key("人口一") != header_key("人口ー")


@column_property
@given(st.text())
def test_header_key_is_stable_and_has_no_space(header):
    key = header_key(header)
    assert header_key(key) == key
    assert header_key(unicodedata.normalize("NFKC", key)) == key
    assert not any(c.isspace() for c in key)
