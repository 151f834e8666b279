import unicodedata
from itertools import chain, combinations

import pytest

from transforms.texts import itaiji
from transforms.texts.itaiji import LISTED, REPRESENTATIVES

TABLES = (itaiji.OLD_FORMS, itaiji.NAME_FORMS, itaiji.PRINTED_FORMS, itaiji.COMMON)


def test_a_letter_stands_in_one_group_and_no_variant_stands_for_others():
    variants = list(chain.from_iterable(group[1:] for table in TABLES for group in table.split()))
    assert len(variants) == len(set(variants)) == len(LISTED)
    assert len(variants) >= 300
    assert not set(REPRESENTATIVES.values()) & set(REPRESENTATIVES)


def test_every_letter_is_one_kanji():
    for letter in chain.from_iterable(TABLES):
        assert letter.isspace() or "IDEOGRAPH" in unicodedata.name(letter)
        assert unicodedata.normalize("NFKC", letter) == letter


@pytest.mark.parametrize(
    "apart",
    [
        "斎斉",
        "坂阪",
        "畑畠",
        "崎埼碕",
        "藤籐",
        "堺界",
        "荘庄",
        "涌湧",
        "沖仲",
        "才戈",
        "太大",
        "己已巳",
    ],
)
def test_letters_that_only_look_or_sound_alike_stay_apart(apart):
    for one, other in combinations(apart, 2):
        assert REPRESENTATIVES.get(one, one) != REPRESENTATIVES.get(other, other)


@pytest.mark.parametrize(
    "together",
    ["辺邊邉", "斎齋斋", "斉齊", "高髙", "崎﨑嵜", "浜濱濵", "島嶋嶌", "桜櫻", "広廣", "国國圀", "沢澤", "竜龍", "寿壽", "吉𠮷", "富冨", "神\ufa19", "都\ufa26"],
)  # fmt: skip
def test_forms_of_one_letter_are_together(together):
    assert {REPRESENTATIVES.get(letter, letter) for letter in together} == {together[0]}
