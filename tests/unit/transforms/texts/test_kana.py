import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.texts.dashes import HYPHENS
from transforms.texts.kana import kana


@pytest.mark.parametrize("blank", [None, "", " ", "\u3000 \u3000", "\n"])
def test_blank_is_null_and_ok(blank):
    assert one(kana, blank) == (None, "ok", "blank")


@pytest.mark.parametrize(
    "written", ["トヨナカ\u3000ヴィー", "ヷヸヹヺ", "アヽイヾ", "ㇰㇿ", "ア・イ", "ンー"]
)
def test_kana_in_its_final_form_is_ok(written):
    assert one(kana, written) == (written, "ok", "kana.full_width")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ﾄﾖﾅｶ ﾀﾛｳ", "トヨナカ\u3000タロウ"),
        ("とよなか　　たろう", "トヨナカ\u3000タロウ"),
        ("トヨナカ  タロウ", "トヨナカ\u3000タロウ"),
        ("トヨナカ\u3000\u3000タロウ", "トヨナカ\u3000タロウ"),
        ("ｳﾞｨﾊﾟﾌﾞ", "ヴィパブ"),
        ("ﾜﾞ", "ヷ"),
        ("ゔぁ", "ヴァ"),
        ("ガｷﾞ", "ガギ"),
        ("カ゛", "ガ"),
        ("か\u3099は\u309a", "ガパ"),
        ("ﾒｰｶｰ･ｱ", "メーカー・ア"),
        ("ア·イ•ウ", "ア・イ・ウ"),
        ("すゞき", "スヾキ"),
        ("ｷｬｯﾂ", "キャッツ"),
    ],
)
def test_every_width_becomes_full_width_katakana(written, read):
    assert one(kana, written) == (read, "ok", "kana.converted")


@pytest.mark.parametrize("hyphen", HYPHENS)
def test_a_dash_after_a_vowel_is_the_long_vowel(hyphen):
    assert one(kana, f"ﾀﾞﾛ{hyphen} ミラ{hyphen}") == (
        "ダロー\u3000ミラー",
        "repaired",
        "kana.long_vowel",
    )
    for other in (
        f"ジャン{hyphen}ポール",
        f"タロー{hyphen}",
        f"{hyphen}ア",
        f"ア {hyphen}イ",
        f"ア・{hyphen}",
    ):
        assert one(kana, other) == (None, "refused", "kana.not_kana")


@pytest.mark.parametrize(
    "written",
    [
        *(
            "豊中",
            "トヨナカ1",
            "abc",
            "John",
            "カ）トヨナカ",
            "タロ〜",
            "ア゠イ",
            "ア=イ",
            "タロ一",
            "?",
        ),
        *("ﾞ", "゛", "ア゛", "ー", "ー\u3000ア", "ア ーイ", "㌔", "\ue000", "ア\x00イ", "\u3099"),
    ],
)
def test_everything_else_is_refused(written):
    assert one(kana, written) == (None, "refused", "kana.not_kana")


@column_property
@given(st.lists(st.text(alphabet=st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from("ｱｶﾊﾞﾟﾞｰ-−ーかはゔ゛゜\u3099\u309a ・ヽヾッン\u3000")))))  # fmt: skip
def test_total_and_idempotent(texts):
    values = [value for value, _, _ in run(kana, texts)]
    assert run(kana, values) == [(v, "ok", "kana.full_width" if v else "blank") for v in values]
