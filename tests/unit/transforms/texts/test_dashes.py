import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property
from transforms.texts.dashes import HYPHENS, LONG_VOWELS, TILDES, fold_dashes


def fold(text):
    return (
        pl.DataFrame({"x": [text, "変"]}, schema={"x": pl.String})
        .select(fold_dashes(pl.col("x")))
        .item(0, 0)
    )


@pytest.mark.parametrize("dash", HYPHENS + LONG_VOWELS)
def test_between_numbers_every_dash_is_a_hyphen(dash):
    assert fold(f"1{dash}2{dash}34") == "1-2-34"
    assert fold(f"中桜塚三丁目{dash}１{dash}１") == "中桜塚三丁目-１-１"


@pytest.mark.parametrize("dash", HYPHENS + LONG_VOWELS)
def test_after_kana_every_dash_is_a_long_vowel(dash):
    assert fold(f"サ{dash}ビ{dash}スセンタ{dash}") == "サービースセンター"
    assert fold(f"センタ{dash}前 ﾀﾛ{dash} らあめ{dash}") == "センター前 ﾀﾛー らあめー"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("コーポ-101", "コーポ-101"),
        ("コーポ−Ａ", "コーポ-Ａ"),
        ("コーポー101", "コーポー101"),
        ("ハイツ - 2", "ハイツ - 2"),
        ("ジャン－ポール", "ジャン-ポール"),
        ("豊中ー大阪", "豊中-大阪"),
        ("――了――", "-了-"),
        ("一一番地", "一一番地"),
        ("タロ一", "タロ一"),
        (None, None),
        ("", ""),
    ],
)
def test_context_decides(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize("tilde", TILDES + "~")
def test_between_numbers_every_tilde_is_a_range(tilde):
    assert fold(f"1{tilde}2{tilde}3") == "1〜2〜3"
    assert fold(f"令和5年4月1日{tilde}令和6年") == "令和5年4月1日〜令和6年"


def test_other_tildes_stay():
    assert fold("ラ〜メン") == "ラ〜メン"
    assert fold("https://example.jp/~kana") == "https://example.jp/~kana"


@column_property
@given(st.lists(st.text(alphabet=st.one_of(
    st.characters(exclude_categories=["Cs"]), st.sampled_from("カンッーｰ-−ｶﾞか1２一A 〜~～・゛日")))))  # fmt: skip
def test_folding_twice_changes_nothing_more(texts):
    once = pl.Series("x", texts, dtype=pl.String).to_frame().select(fold_dashes(pl.col("x")))
    assert once.select(fold_dashes(pl.col("x"))).equals(once)
