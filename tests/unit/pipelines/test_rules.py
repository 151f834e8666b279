from pathlib import Path

import pipelines
from pipelines.commands.rules import OTHERS, render_rules
from transforms.catalogue import RULES

PAGE = Path(pipelines.__file__).resolve().parent.parent / "docs" / "ja" / "正規化規則.md"


def test_the_page_is_what_the_code_says():
    assert PAGE.read_text("utf-8") == render_rules(), "machikane rules --out docs/ja/正規化規則.md"


def test_every_rule_stands_on_the_page_once_under_a_subject():
    page = render_rules()
    assert all(page.count(f"| `{rule}` |") == 1 for rule in RULES)
    assert f"### {OTHERS}" not in page


def test_every_line_of_a_table_has_its_six_cells():
    lines = [
        line
        for line in render_rules().splitlines()
        if line.startswith("| `") and "." in line.split("|")[1]
    ]
    assert len(lines) == len(RULES) - 1
    for line in lines:
        assert line.replace("\\|", "").count("|") == 7
