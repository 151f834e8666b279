import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.texts.matching_keys import BODY, PERSON, SCHEMES, STEPS, name_key

SAME = [
    ("髙橋　一郎", "高橋 一郎", "高橋一郎", "\u200b髙橋\t一郎"),
    ("ﾀｶﾊｼ ｲﾁﾛｳ", "タカハシ　イチロウ", "たかはし いちろう"),
    ("渡邉", "渡邊", "渡辺", "渡邊\U000e0104"),
    ("齋藤", "斎藤"),
    ("山﨑", "山崎", "山嵜"),
    ("櫻井 國廣", "桜井国広"),
    ("神谷", "\ufa19谷"),
    ("ﾔﾏﾀﾞ", "ヤマダ", "ヤマタ\u3099", "やまた゛"),
    ("キョウコ", "キヨウコ", "ｷｮｳｺ"),
    ("コーポ・ABC", "コーポＡＢＣ", "ｺ-ﾎﾟ abc", "コーポ-ABC"),
    ("ＪＯＨＮ　Ｏ’Ｂｒｉｅｎ", "John O'Brien"),
    ("José", "Jose\u0301"),
    ("サロン〜凪", "サロン～凪", "サロン~凪"),
    ("一ノ瀬", "一の瀬"),
    ("緑ヶ丘", "緑ケ丘"),
    ("第Ⅱ棟", "第II棟"),
    ("⽥中", "田中"),
]
APART = [
    ("斎藤", "斉藤"),
    ("高橋 一郎", "高橋 二郎"),
    ("ハナ", "バナ", "パナ"),
    ("オノ", "オオノ", "オーノ"),
    ("ヴァイオリン", "バイオリン"),
    ("1-2号棟", "12号棟"),
    ("㈱豊中", "豊中㈱", "㈲豊中", "豊中"),
    ("\ue000田", "\ue001田", "田"),
    ("山田（旧姓鈴木）", "山田"),
    ("一", "ー一", "二"),
]


def key(text, scheme="body"):
    return one(name_key, text, scheme=scheme)[0]


@pytest.mark.parametrize("spellings", SAME)
@pytest.mark.parametrize("scheme", ["person", "body"])
def test_spellings_of_one_name_have_one_key(spellings, scheme):
    assert len({key(text, scheme) for text in spellings}) == 1


@pytest.mark.parametrize("names", [names for names in APART if "ー一" not in names])
def test_different_names_have_different_keys(names):
    assert len({key(text) for text in names}) == len(names)


def test_legal_forms_are_one_in_bodies_and_stay_where_they_stand():
    forms = {
        key(text) for text in ("㈱豊中", "(株)豊中", "（株） 豊中", "株式會社豊中", "( 株 )豊中")
    }
    assert forms == {"株式会社豊中"}
    assert key("山田(名)", "person") == "山田(名)"


def test_sounds_are_one_on_request():
    sounds = (*PERSON, "sounds")
    assert key("ヴァイオリン", sounds) == key("バイオリン", sounds) == "バイオリン"
    assert key("かづこ", sounds) == key("カズコ", sounds)


def test_a_scheme_is_what_its_steps_say():
    assert key("髙橋　ﾀﾛｳ", ("width",)) == "髙橋 タロウ"
    assert key("髙橋　ﾀﾛｳ", ("itaiji", "spaces")) == "高橋ﾀﾛｳ"
    assert key("髙橋　たろう", ("kana",)) == "髙橋　タロウ"
    for unknown in ("itaji", ("width", "itaji")):
        with pytest.raises(ValueError, match="itaji"):
            name_key(None, scheme=unknown)  # ty: ignore[invalid-argument-type]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("\ue000田", "name_key.gaiji"),
        ("〓田", "name_key.letter_lost"),
        ("\ufffd橋", "name_key.letter_lost"),
        ("?橋", "name_key.letter_lost"),
        ("Who?", "name_key.made"),
        ("・－", "name_key.no_letter"),
        (" ", "blank"),
    ],
)
def test_rules(text, rule):
    assert one(name_key, text)[2] == rule


@pytest.mark.parametrize("scheme", [PERSON, BODY, (*BODY, "sounds"), *((step,) for step in STEPS)])
@column_property
@given(st.lists(st.text(alphabet=st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from("髙邉﨑ｱｶﾊﾞﾟﾞｰ-−ーかはゔ゛゜\u3099\u309a ・ヽッンャ\u3000(株)㈱Npo法人1２Ａé\u0301ヴァ\U000e0100")))))  # fmt: skip
def test_total_and_idempotent(scheme, texts):
    values = [value for value, _, _ in run(name_key, texts, scheme=scheme)]
    assert [value for value, _, _ in run(name_key, values, scheme=scheme)] == values


def test_schemes_use_declared_steps():
    assert all(set(steps) <= set(STEPS) for steps in SCHEMES.values())
