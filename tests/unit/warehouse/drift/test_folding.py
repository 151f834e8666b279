"""A fold takes away spelling, never meaning, and folding twice folds no further."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from warehouse.drift.folding import (
    STEPS,
    fold_meaning,
    fold_shape,
    fold_sound,
    fold_variants,
    fold_width,
)

HEADERS = st.text(
    st.one_of(
        st.sampled_from(
            "氏名住所番号髙高﨑ヶケｹがガｶﾞー―−‐－一（）()【】／/ 　\nＡaｱァァッｯNo№ﾞ゛ßİẞ円千計総"
        ),
        st.characters(),
    ),
    max_size=12,
)


@pytest.mark.parametrize("step", [step for step, _, _ in STEPS])
@settings(deadline=None)
@given(name=HEADERS)
@example(name="漢字name")
@example(name="総総計")
def test_folding_twice_folds_no_further(step, name):
    assert step(step(name)) == step(name)


@settings(deadline=None)
@given(name=HEADERS)
def test_each_step_folds_at_least_what_the_one_before_folds(name):
    for (coarse, _, _), (fine, _, _) in zip(STEPS[1:4], STEPS[:3], strict=True):
        assert coarse(fine(name)) == coarse(name)


@pytest.mark.parametrize(
    ("fold", "names"),
    [
        (fold_width, ("電話 番号\n（代表）", "電話番号(代表)", "電話番号（代表）")),
        (fold_width, ("サ−ビス", "サービス", "サ―ビス", "サ‐ビス", "ｻｰﾋﾞｽ")),
        (fold_variants, ("髙齢者数", "高齢者数")),
        (fold_variants, ("ヶ所", "ケ所", "ｹ所")),
        (fold_variants, ("ID", "ｉｄ", "Id")),
        (fold_sound, ("ふりがな", "フリガナ", "ﾌﾘｶﾞﾅ")),
        (fold_sound, ("ジュウショ", "ジユウシヨ", "じゅうしょ")),
        (fold_sound, ("サーバ", "サーバー")),
        (fold_sound, ("氏名【漢字】", "氏名(漢字)", "氏名「漢字」", "氏名漢字")),
        (fold_shape, ("入ロ", "入口")),
        (fold_meaning, ("宛名No.", "宛名番号", "宛名ＮＯ", "宛名ナンバー")),
        (fold_meaning, ("異動事由ＣＤ", "異動事由コード")),
    ],
)
def test_spellings_of_one_name_are_folded_to_one(fold, names):
    assert len({fold(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("男", "女"), ("0歳児", "1歳児"), ("氏名", "住所"), ("世帯番号", "宛名番号")]
)
def test_names_of_two_things_stay_two(one, other):
    for fold, _, _ in STEPS:
        assert fold(one) != fold(other)
