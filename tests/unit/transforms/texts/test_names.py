"""A stored name is the delivered name, letter by letter."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.texts.names import name
from transforms.verdict import CONTROLS, WHITESPACE


def read_all_codes(codec: str) -> list[str]:
    """Return everything one or two bytes say in a codec of the Shift_JIS family."""
    singles = [bytes([lead]) for lead in range(256)]
    pairs = [bytes([lead, trail]) for lead in range(0x81, 0xFD) for trail in range(0x40, 0xFD)]
    read = (code.decode(codec, "ignore") for code in (*singles, *pairs))
    return [letters for letters in read if letters]


JIS_X_0213 = read_all_codes("shift_jis_2004")
WINDOWS = read_all_codes("cp932")
USER_DEFINED = [chr(code) for code in range(0xE000, 0xE000 + 1880)]
SELECTED = [f"葛{chr(code)}" for code in (*range(0xE0100, 0xE01F0), *range(0xFE00, 0xFE10))]
COMBINED = ["か\u309a", "セ\u309a", "ㇷ\u309a", "が", "か\u3099", "e\u0301", "æ\u0300", "˩˥"]
OUTER = WHITESPACE + CONTROLS
LETTERS = [
    letters
    for letters in dict.fromkeys(JIS_X_0213 + WINDOWS + USER_DEFINED + SELECTED + COMBINED)
    if letters == letters.strip(OUTER) and letters not in {"\ufffd", "〓"}
]


def store(texts: list[str]) -> pl.Series:
    return pl.Series("x", texts).to_frame().select(name(pl.col("x"))).to_series()


def test_every_letter_of_the_character_sets_is_stored_as_it_came():
    assert len(JIS_X_0213) > 11_000
    assert {"﨑", "髙", "①", "㈱", "𠮟", "か゚", "纊", "黑"} <= set(LETTERS)
    for texts in (LETTERS, [f"山{letters}\u3000{letters}田" for letters in LETTERS]):
        stored = store(texts)
        assert stored.struct.field("value").to_list() == texts
        assert stored.struct.field("rule").unique().to_list() == ["name.plain"]


@column_property
@given(st.lists(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=8).map("".join)))
def test_any_string_of_these_letters_is_stored_as_it_came(texts):
    assert [value for value, _, _ in run(name, [f" {t}\u3000" for t in texts])] == texts


@pytest.mark.parametrize("blank", [None, "", " ", "\u3000 \u3000", "\n"])
def test_blank_is_null_and_ok(blank):
    assert one(name, blank) == (None, "ok", "blank")


@pytest.mark.parametrize("written", ["山田  太郎", "山田 \u3000太郎", "山田\t太郎", "山田\n太郎"])
def test_spaces_inside_stay(written):
    assert one(name, f"\ufeff{written}\r\n") == (written, "ok", "name.plain")


def test_a_letter_nobody_knows_is_no_name():
    assert one(name, "\ufffd橋 一郎") == (None, "uncertain", "name.letter_lost")
    assert one(name, "〓田 太郎") == (None, "uncertain", "name.letter_lost")


@column_property
@given(texts=st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), max_size=20))
def test_total_and_idempotent(texts):
    values = [value for value, _, _ in run(name, texts)]
    assert run(name, values) == [(v, "ok", "name.plain" if v else "blank") for v in values]
