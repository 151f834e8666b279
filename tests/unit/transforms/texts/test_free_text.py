import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.texts.free_text import text
from transforms.verdict import CONTROLS


@pytest.mark.parametrize("blank", [None, "", " ", "\u3000 \u3000", "\n", "\x00\u200b"])
def test_blank_is_null_and_ok(blank):
    assert one(text, blank) == (None, "ok", "blank")


@pytest.mark.parametrize(
    "written", ["ａ  ｂ", "９時〜正午", "9時～正午", "ｺｰﾎﾟ①㈱Ⅲ", "神\u3099", "1)\t2)", "a\u200db"]
)
def test_letters_widths_and_inner_spaces_stay(written):
    assert one(text, f"\u3000{written}\u3000") == (written, "ok", "text.plain")


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("a\x00b", "ab"),
        ("転入\u200b届", "転入届"),
        ("一行目\r\n二行目", "一行目\n二行目"),
        ("一\r二", "一\n二"),
        ("一\r\x00\n二", "一\n二"),
        ("一\n\n二\x7f", "一\n\n二"),
    ],
)
def test_controls_go_and_line_breaks_are_one(written, stored):
    verdict = ("ok", "text.plain") if written.strip(CONTROLS) == stored else (
        "repaired", "text.control_removed")  # fmt: skip
    assert one(text, written) == (stored, *verdict)


@column_property
@given(texts=st.lists(st.text(alphabet=st.one_of(
    st.characters(exclude_categories=["Cs"]), st.sampled_from(CONTROLS + "\r\n\t ")))))  # fmt: skip
def test_total_and_idempotent(texts):
    values = [value for value, _, _ in run(text, texts)]
    again = run(text, values)
    assert [value for value, _, _ in again] == values
    assert all(verdict == "ok" for _, verdict, _ in again)
    assert not any(set(value or "") & set(CONTROLS + "\r") for value in values)
