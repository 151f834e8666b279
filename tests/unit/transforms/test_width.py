import unicodedata

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property
from transforms.width import fold_ascii, fold_kana, fold_width, fold_word


def fold(function, text):
    return pl.select(function(pl.lit(text))).item()


def test_names_keep_what_nfkc_would_change():
    assert fold(fold_width, "髙﨑①㈱Ⅲ神") == "髙﨑①㈱Ⅲ神"


def test_half_width_kana_joins_its_sound_marks():
    assert fold(fold_kana, "ｶﾞﾊﾟｳﾞｱﾞﾜﾞ｡｢｣､･ｰ") == "ガパヴア゛ヷ。「」、・ー"
    assert fold(fold_kana, "ガ") == "ガ"
    assert fold(fold_kana, "カ\u3099") == "ガ"


@column_property
@given(st.text(alphabet=[chr(c) for c in (*range(0xFF01, 0xFF5F), 0x3000)]))
def test_full_width_ascii_folds_as_nfkc_does(text):
    assert fold(fold_ascii, text) == unicodedata.normalize("NFKC", text) == fold_word(text)


@column_property
@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    once = fold(fold_width, text)
    assert fold(fold_width, once) in (once, fold(fold_kana, once))
