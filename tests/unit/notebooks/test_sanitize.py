import pytest
from hypothesis import given
from hypothesis import strategies as st

from notebooks.toolkit.sanitize import clean_html, convert_markdown, list_outside_references

ATTACKS = [
    "<script>alert(1)</script>",
    "<script src='//x.example/a.js'>",
    "<img src=x onerror=alert(1)>",
    "<iframe src='https://x.example'></iframe>",
    "<p onclick='alert(1)'>text</p>",
    "<style>@import url(https://x.example/a.css);</style>",
    "<td style='background:url(https://x.example/a.png)'>1</td>",
    "<a href='javascript:alert(1)'>link</a>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "<scr<script>ipt>alert(1)</script>",
    "<link rel=stylesheet href=https://x.example/a.css>",
    "<form action=https://x.example><input></form>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_seen_and_removed(attack):
    assert list_outside_references(clean_html(attack)) == []
    assert list_outside_references(convert_markdown(attack)) == []


@pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if "<scr<" not in attack and "<math>" not in attack]
)
def test_the_inspector_does_see_what_it_is_there_for(attack):
    assert list_outside_references(attack)


@given(st.lists(st.sampled_from([*ATTACKS, "<", ">", "'", '"', "&", "x", "</", "<!--"])))
def test_no_mixture_of_attacks_gets_through(parts):
    assert list_outside_references(clean_html("".join(parts))) == []


def test_meaning_is_kept():
    table = (
        '<table><caption>表</caption><tr><th scope="row">粗大ごみ</th>'
        '<td style="text-align: right;">28,145</td></tr></table>'
    )
    cleaned = clean_html(f"<style>td {{color: red}}</style>{table}")
    assert "color" not in cleaned
    for kept in ("<caption>表", 'scope="row"', "text-align: right", "28,145"):
        assert kept in cleaned


def test_markdown_keeps_tables_and_writes_addresses_out():
    converted = convert_markdown("**強調** [出典](https://example.jp/a)\n\n|a|b|\n|-|-|\n|1|2|\n")
    assert "<strong>強調</strong>" in converted
    assert "出典(https://example.jp/a)" in converted
    assert "<td>1</td>" in converted
    assert list_outside_references(converted) == []
