"""Names for columns and datasets: known words in English, kana in Hepburn, always legal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.names import IDENTIFIER, RESERVED
from warehouse.diagnosis.romanise import romanise, unique_names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("名称", "name"),
        ("住所", "address"),
        ("電話番号", "phone"),
        ("氏名カナ", "full_name_kana"),
        ("ﾎｰﾑﾍﾟｰｼﾞ", "website"),
        ("しょうがっこう", "shougakkou"),
        ("cityName", "city_name"),
        ("#property", "property"),
        ("2023年", "year_2023"),
        ("鬱", ""),
        ("7月", "month_07"),
        ("5丁目", "n_5_chome"),
    ],
)
def test_words(text, name):
    assert romanise(text) == name


def test_names_are_given_once_and_never_reserved():
    wanted = [
        ("name", "column_01"),
        ("name", "column_02"),
        ("", "column_03"),
        ("order", "column_04"),
    ]
    assert unique_names(wanted) == ["name", "column_02", "column_03", "column_04"]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=12))
def test_every_text_gets_a_legal_name(texts):
    given_names = unique_names((romanise(t), f"column_{i:02}") for i, t in enumerate(texts))
    assert len(set(given_names)) == len(texts)
    assert all(IDENTIFIER.match(name) and name not in RESERVED for name in given_names)
