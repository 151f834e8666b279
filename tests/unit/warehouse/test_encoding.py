"""Text arrives as it was written, or is refused: never as something else."""

from functools import cache

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from warehouse.readers.encoding import decode, detect
from warehouse.refusal import Refusal

EVERYDAY = 'あいうんがぱアイウンガパ市区町村住民記録髙﨑①㈱ｱｲｳｶﾞﾊﾟｰ令和元年,"\n\t0123aZ 　、。'
KANA = "ｱｲｳｶｷｸｻｼｽﾀﾁﾂﾊﾋﾌﾞﾟｰ0,\n"


@cache
def encodable(codec):
    codes = [
        *range(0x20, 0x7F),
        *range(0xA1, 0x3100),
        *range(0x4E00, 0x9FA6),
        *range(0xFF01, 0xFFE7),
    ]
    letters = [chr(code) for code in codes if _fits(chr(code), codec)]
    return st.lists(st.integers(0, len(letters) - 1), max_size=30).map(
        lambda places: "".join(letters[place] for place in places)
    )


def _fits(letter, codec):
    try:
        return letter.encode(codec).decode(codec) == letter
    except UnicodeError:
        return False


def _read_or_refused(data, declared):
    try:
        return decode(data, declared, "f").text
    except Refusal as refusal:
        return refusal.rule


def _is_utf8_of_kana_or_kanji(data):
    try:
        return max(data.decode("utf-8"), default="") >= "\u0800"
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff")))
def test_unicode_is_never_read_as_something_else(codec, text):
    declared = "utf-16" if codec == "utf-16" else "utf-8"
    data = text.encode(codec)
    assume("\x1b" not in text)
    assert decode(data, declared, "f").text == text
    assert _read_or_refused(data, "auto") in {text, "encoding.ambiguous"}


@given(st.text(EVERYDAY))
def test_utf16_of_either_order_is_read_by_its_mark(text):
    for codec, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        found = decode(mark + text.encode(codec), "auto", "f")
        assert (found.text, found.encoding, found.proof) == (text, "utf-16", "bom")


@pytest.mark.parametrize("codec", ["cp932", "euc_jp", "iso2022_jp"])
@settings(max_examples=150)
@given(data=st.data())
def test_a_declared_japanese_encoding_is_read_as_itself_or_refused(codec, data):
    text = data.draw(st.text([c for c in EVERYDAY if _fits(c, codec)], max_size=30))
    raw = text.encode(codec)
    assume(not _is_utf8_of_kana_or_kanji(raw))
    read = _read_or_refused(raw, codec)
    # Without an escape, a text of ASCII alone is the same in every one of them.
    assert read == text
    assert _read_or_refused(raw, "auto") in {text, "encoding.ambiguous"}


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
@settings(max_examples=200)
@given(data=st.data())
def test_any_letters_of_an_encoding_are_read_as_themselves_or_refused(codec, data):
    text = data.draw(encodable(codec))
    raw = text.encode(codec)
    assume(not _is_utf8_of_kana_or_kanji(raw))
    assert _read_or_refused(raw, codec) in {text, "encoding.differs"}
    assert _read_or_refused(raw, "auto") in {text, "encoding.ambiguous"}


@given(st.text(KANA, max_size=12))
@example("ｱｲｳ")
@example("ﾀﾅｶ ﾀﾛｳ")
@example("ｱﾞ")
def test_half_width_kana_is_read_by_the_contract(text):
    raw = text.encode("cp932")
    assert decode(raw, "cp932", "f").text == text
    assert _read_or_refused(raw, "auto") in {text, "encoding.ambiguous"}


@pytest.mark.parametrize("text", ["ｱｲｳ", "①㈱髙﨑", "髙橋　誠,ﾀｶﾊｼ ﾏｺﾄ", "~‖−￠", "ﾂｱ"])
def test_real_words_of_windows_are_read_from_cp932(text):
    raw = text.encode("cp932")
    assert decode(raw, "cp932", "f").text == raw.decode("cp932")


@pytest.mark.parametrize("word", ["住民", "氏名", "あ"])
def test_short_euc_is_read_by_the_contract_and_refused_without_one(word):
    raw = word.encode("euc_jp")
    assert decode(raw, "euc_jp", "f").text == word
    with pytest.raises(Refusal) as caught:
        decode(raw, "auto", "f")
    assert caught.value.rule == "encoding.ambiguous"
    assert "EUC-JP" in caught.value.what
    assert "Shift_JIS" in caught.value.what


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
def test_a_whole_file_is_recognised_without_a_declaration(codec):
    text = "宛名番号,氏名\n001,たなか　はなこ\n002,山田　太郎(第2希望)\n"
    found = decode(text.encode(codec), "auto", "f")
    assert (found.text, found.encoding) == (text, codec)


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
def test_a_broken_byte_is_refused_with_its_line(declared, end):
    lines = [f"{n},ひらがな".encode("cp932") for n in range(1, 8)]
    lines[4] += b"\x85\xff\xfe"
    with pytest.raises(Refusal) as caught:
        decode(end.join(lines), declared, "f.csv")
    assert (caught.value.rule, caught.value.where) == ("encoding.broken", "f.csv の 5行目")


@pytest.mark.parametrize("declared", ["auto", "utf-8"])
def test_a_line_of_another_encoding_is_refused_with_its_line(declared):
    mixed = (
        "一,ひらがな\n二,かな\n".encode() + "三,ひらがな\n".encode("cp932") + "四,かな\n".encode()
    )
    with pytest.raises(Refusal) as caught:
        decode(mixed, declared, "f.csv")
    assert (caught.value.rule, caught.value.where) == ("encoding.broken", "f.csv の 3行目")


def test_ascii_fits_every_declaration():
    for declared in ("auto", "utf-8", "cp932", "euc_jp", "utf-16", "iso2022_jp"):
        found = decode(b"id,name\n1,a\n", declared, "f")
        assert (found.text, found.proof) == ("id,name\n1,a\n", "ascii")
    assert decode(b"", "cp932", "f").text == ""


def test_a_cut_unicode_file_is_broken_not_something_else():
    assert detect("住民".encode("utf-16")[:-1]) == []
    with pytest.raises(Refusal) as caught:
        decode("住民ひらがな".encode()[:-1], "utf-8", "f")
    assert caught.value.rule in {"encoding.broken", "encoding.differs"}
