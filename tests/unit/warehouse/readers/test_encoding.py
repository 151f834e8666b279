"""Text arrives as it was written, or is refused by name: never as something else."""

import re
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from warehouse.readers.text.encoding import decode, judge
from warehouse.refusal import Refusal

EVERYDAY = 'あいうんがぱアイウンガパ市区町村住民記録髙﨑①㈱ｱｲｳｶﾞﾊﾟｰ令和元年,"\n\t0123aZ 　、。'
PEOPLE = "宛名番号,氏名,氏名カナ\n001,髙橋　一郎,ﾀｶﾊｼ ｲﾁﾛｳ\n002,田中　花子,ﾀﾅｶ ﾊﾅｺ\n"
TOWNS = "氏名,住所\n山田太郎,豊中市本町一丁目\n鈴木花子,大阪市北区\n"
KANA = [
    "ｱｲｳ",
    "ｱｲｳｴ",
    "ｱｲ",
    "ﾃｽﾄ",
    "ｶﾅ",
    "ﾔﾏﾀﾞ",
    "ｻﾄｳ",
    "ﾊﾟﾝ",
    "ﾄｳｷﾖｳ",
    "ﾄﾖﾅｶｼ",
    "ｵｵｻｶ",
    "ｽｽﾞｷ",
    "ｲﾄｳ",
    "ﾋﾗｶﾞﾅ",
    "ｶﾀｶﾅ",
    "ﾊﾝｶｸ",
    "ﾂｷ",
    "ﾅﾏｴ",
    "ｼﾒｲ",
    "ﾌﾘｶﾞﾅ",
    "ﾕｳﾋﾞﾝ",
    "ﾃﾞｰﾀ",
    "ﾏﾁ",
    "ﾁｮｳ",
    "ｺｳｴﾝ",
    "ｶﾞｯｺｳ",
    "ﾋﾞｮｳｲﾝ",
]
BOTH = "住民番直弘"  # in cp932 it is ｽｻﾌｱﾈﾖﾄｾｹｰ, which obeys every rule of kana
OUTPUT = {"utf-16": "utf-16-le", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}


@cache
def encodable(codec):
    codes = [*range(0x20, 0x7F), *range(0xA1, 0x3100), *range(0x4E00, 0x9FA6)]
    letters = [chr(c) for c in [*codes, *range(0xFF01, 0xFFE7)] if _fits(chr(c), codec)]
    return st.lists(st.integers(0, len(letters) - 1), max_size=30).map(
        lambda places: "".join(letters[place] for place in places)
    )


def _fits(letter, codec):
    try:
        return letter.encode(codec).decode(codec) == letter
    except UnicodeError:
        return False


def _rule(data, declared="auto"):
    with pytest.raises(Refusal) as caught:
        decode(data, declared, "f.csv")
    return caught.value.rule, caught.value.where.removeprefix("f.csv の ")


def _read(data, declared):
    try:
        return decode(data, declared, "f").text
    except Refusal as refusal:
        return refusal.rule.removeprefix("encoding.")


def _told(data, declared="auto"):
    return decode(data, declared, "f.csv").encoding


def _is_utf8_of_kana_or_kanji(data):
    try:
        return bool(re.search("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff9f]", data.decode("utf-8")))
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-8", "cp932", "euc_jp", "iso2022_jp"])
def test_a_whole_file_is_recognised_without_a_declaration(codec):
    text = PEOPLE if _fits("髙", codec) else TOWNS
    found = decode(text.encode(codec), "auto", "f.csv")
    assert (found.text, found.encoding) == (text, OUTPUT.get(codec, codec))
    assert found.proof.endswith("。")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [PEOPLE, "一,　\n", "a,b\n1,あ\n", "0\n"])
def test_utf16_is_recognised_with_and_without_its_mark(codec, text):
    for mark in ("", "\ufeff"):
        found = decode((mark + text).encode(codec), "auto", "f")
        assert (found.text, found.encoding) == (text, codec)


# No letter that stands for lost text, and none that a double conversion could have made: Latin
# letters with accents, or two letters side by side. Both are refused, marked or not.
ASCII = st.characters(max_codepoint=0x7E, exclude_characters="?")
LETTER = st.characters(
    min_codepoint=0x100, exclude_categories=["Cs"], exclude_characters="\ufeff\ufffd〓□？縺繧繝"
)


@given(st.lists(ASCII | st.tuples(LETTER, ASCII).map("".join)).map("".join))
def test_a_bom_settles_it(text):
    for codec in ("utf-8-sig", "utf-16"):
        assert decode(text.encode(codec), "auto", "f").text == text


@pytest.mark.parametrize("codec", ["cp932", "euc_jp", "utf-8", "iso2022_jp"])
@settings(max_examples=150)
@given(data=st.data())
def test_a_declared_encoding_decides(codec, data):
    text = data.draw(st.text([c for c in EVERYDAY if _fits(c, codec)], max_size=20))
    raw = text.encode(codec)
    assume(codec == "utf-8" or not _is_utf8_of_kana_or_kanji(raw))
    assert decode(raw, codec, "f").text == text


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
@settings(max_examples=200)
@given(data=st.data())
def test_any_letters_of_a_declared_encoding_come_back_or_are_refused(codec, data):
    text = data.draw(encodable(codec))
    assert _read(text.encode(codec), codec) in {text, "differs", "mixed", "double"}


@pytest.mark.parametrize("word", KANA)
def test_short_half_width_kana_is_cp932(word):
    found = decode(word.encode("cp932"), "auto", "f")
    assert (found.text, found.encoding) == (word, "cp932")


@pytest.mark.parametrize("word", ["住民", "氏名", "世帯主", "住所", "男", "女", "年月日", "番号"])
def test_short_words_of_a_city_are_euc(word):
    """All of them are valid half-width kana in cp932 too, or nearly."""
    found = decode(word.encode("euc_jp"), "auto", "f")
    assert (found.text, found.encoding) == (word, "euc_jp")


def test_what_two_readings_say_equally_well_is_refused_unless_declared():
    raw = BOTH.encode("euc_jp")
    with pytest.raises(Refusal) as caught:
        decode(raw, "auto", "f")
    assert caught.value.rule == "encoding.ambiguous"
    assert "EUC-JP" in caught.value.what
    assert decode(raw, "cp932", "f").text == raw.decode("cp932")
    assert decode(raw, "euc_jp", "f").text == BOTH


@pytest.mark.parametrize("text", ["id,temp\n1,25°C\n2,±3\n", "name\ncafé\nmüller\n", "4×5\n"])
def test_western_letters_where_they_belong_are_utf8(text):
    assert _told(text.encode()) == "utf-8"


@pytest.mark.parametrize("text", ["①㈱髙﨑", "髙橋　誠,ﾀｶﾊｼ ﾏｺﾄ", "~∥－￠", "ﾂｱ"])
def test_real_words_of_windows_are_read_from_cp932(text):
    assert decode(text.encode("cp932"), "auto", "f").text == text


def test_letters_of_vendors_are_read_in_euc_and_jis():
    assert decode(TOWNS.encode("euc_jp") + b"\xad\xea,\xfc\xe2\n", "auto", "f").text.endswith(
        "㈱,髙\n"
    )
    assert decode(b"\x1b$B\x2d\x6a0!\x1b(B,\n", "auto", "f").text == "㈱亜,\n"
    for codec in ("iso2022_jp_ext", "iso2022_jp_3", "iso2022_jp_2004"):
        extra = "ｱｲｳ" if codec == "iso2022_jp_ext" else "㈱①"
        found = decode((TOWNS + extra).encode(codec), "auto", "f")
        assert (found.text, found.encoding) == (TOWNS + extra, "iso2022_jp")


def test_gaiji_are_kept_and_counted():
    found = decode(("\ue000田,\ue757\n" + TOWNS).encode("cp932"), "auto", "f")
    assert found.text.startswith("\ue000田,\ue757\n")
    assert found.gaiji == 2


@pytest.mark.parametrize(
    ("declared", "delivered", "titles"),
    [
        ("cp932", "utf-8", ["Shift_JIS(cp932)", "UTF-8"]),
        ("utf-8", "cp932", ["UTF-8", "Shift_JIS(cp932)"]),
        ("cp932", "utf-8-sig", ["Shift_JIS(cp932)", "UTF-8"]),
        ("utf-8", "utf-16", ["UTF-8", "UTF-16"]),
        ("cp932", "iso2022_jp", ["Shift_JIS(cp932)", "ISO-2022-JP"]),
        ("utf-16", "cp932", ["UTF-16", "Shift_JIS(cp932)"]),
    ],
)
def test_another_encoding_than_declared_is_refused_naming_both(declared, delivered, titles):
    with pytest.raises(Refusal) as caught:
        decode("宛名番号,たなか".encode(delivered), declared, "住民.csv")
    assert caught.value.rule == "encoding.differs"
    assert all(title in caught.value.what for title in titles)
    assert caught.value.where == "住民.csv"


@pytest.mark.parametrize("declared", ["auto", "cp932"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("bad", [b"\x85\xff\xfe", b"\x80", b"1,\xa0", b"\xfd", b"\x81\x20"])
def test_a_broken_byte_is_refused_with_its_line(declared, end, bad):
    lines = [f"{n},ひらがな".encode("cp932") for n in range(1, 8)]
    lines[4] += bad
    assert _rule(end.join(lines), declared) == ("encoding.broken", "5行目")


@pytest.mark.parametrize(("usual", "strange"), [("utf-8", "cp932"), ("cp932", "utf-8")])
@pytest.mark.parametrize("word", ["ひらがな", "山田", "あい"])
def test_a_line_of_another_encoding_is_refused_with_its_line(usual, strange, word):
    lines = [TOWNS.encode(usual), f"{word}\n".encode(strange), "末行\n".encode(usual)]
    assert _rule(b"".join(lines)) == ("encoding.mixed", "4行目")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-16-be"])
def test_a_file_that_ends_within_a_letter_is_truncated(codec):
    assert _rule(TOWNS.rstrip().encode(codec)[:-1]) == ("encoding.truncated", "3行目")


def test_a_jis_file_that_never_returns_to_ascii_is_truncated():
    data = TOWNS.encode("iso2022_jp")
    assert _rule(data[: data.rfind(b"\x1b(B")])[0] == "encoding.truncated"


def _as_western(data):
    letters = (bytes((byte,)) for byte in data)
    return "".join(one.decode("cp1252", "ignore") or one.decode("latin-1") for one in letters)


@pytest.mark.parametrize("outer", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "wrong",
    [
        TOWNS.encode().decode("latin-1"),
        _as_western(TOWNS.encode()),
        TOWNS.encode().decode("cp932", "replace").replace("\ufffd", "・"),
        "東京都\n".encode().decode("cp932"),
        TOWNS.encode("cp932").decode("latin-1"),
    ],
)
def test_a_file_encoded_twice_is_refused(wrong, outer):
    assert _rule(wrong.encode(outer)) == ("encoding.double", "1行目")


def test_a_file_encoded_twice_is_refused_in_euc():
    assert _rule("ひらがなとかな\n".encode().decode("cp932", "ignore").encode("euc_jp", "ignore"))[0] == (
        "encoding.double"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (("a,b\n" + TOWNS).encode("cp932").decode("utf-8", "replace").encode(), "2行目"),
        (TOWNS.encode("ascii", "replace"), "1行目"),
        ("氏名,住所\n張,习近平们\n".encode("cp932", "replace"), None),
        (re.sub("[一-龥]", "〓", TOWNS).encode("cp932"), "1行目"),
        (re.sub("[一-龥]", "□", TOWNS).encode(), "1行目"),
    ],
)
def test_letters_lost_for_good_are_refused(data, line):
    if line is None:
        assert _told(data) == "cp932"
    else:
        assert _rule(data) == ("encoding.lost", line)


@pytest.mark.parametrize(
    "text", ["質問,答\n何歳ですか??,はい\n", "項目,値\nA,??\nB,2\nC,3\n予算,4\n", "〓田,1\n"]
)
def test_a_mark_is_no_loss(text):
    assert _told(text.encode("cp932")) == "cp932"


def test_ascii_fits_every_declaration():
    for declared in ("auto", "utf-8", "cp932", "euc_jp", "utf-16", "iso2022_jp"):
        found = decode(b"id,name\n1,a\n", declared, "f")
        assert (found.text, found.encoding) == ("id,name\n1,a\n", "ascii")
    assert decode(b"", "cp932", "f").text == ""


def test_a_verdict_names_codec_and_mark():
    verdict = judge(PEOPLE.encode("utf-8-sig"), "auto", "f")
    assert (verdict.codec, verdict.skip) == ("utf-8", 3)
