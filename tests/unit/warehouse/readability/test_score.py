"""Files against the 30 rules: verdicts with places, and points."""

import json
import re

import polars as pl
import pytest
import xlsxwriter

from tests.unit.warehouse.formats.layouts import LIBRARY, PLACES, table
from tests.unit.warehouse.small_city import ParsingHere
from warehouse.formats.definition import write_documents
from warehouse.formats.write import write_formats
from warehouse.readability.page import as_json, render_page
from warehouse.readability.score import score_file
from warehouse.refusal import Refusal

GOOD = "コード,名称,開設日,人口(人)\n{}"
ROWS = "".join(f"A{n:03},図書館{n},2026-04-{n:02},{n * 10}\n" for n in range(1, 21))


@pytest.fixture
def score(tmp_path):
    def run(text, name="a.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return score_file(path, ParsingHere())

    return run


def _verdicts(card, *wanted):
    return {j.rule.id: j.verdict for j in card.judgements if j.verdict in wanted}


def _of(card, rule):
    return next(j for j in card.judgements if j.rule.id == rule)


def test_a_clean_table_has_full_marks(score):
    card = score(GOOD.format(ROWS))
    assert card.scores == {1: 100, 2: 100, 3: 100}
    assert _verdicts(card, "不合格") == {}
    assert set(_verdicts(card, "人が確かめる")) == {"L3-07", "L3-08"}
    assert {"L1-10", "L1-12", "L2-06"} <= set(_verdicts(card, "対象外"))


@pytest.mark.parametrize(
    ("text", "rule", "level", "points"),
    [
        ("表題,,,\n" + GOOD.format(ROWS), "L3-01", 3, 0),
        (GOOD.format(ROWS).replace("図書館3,", '"二行\nの文",'), "L1-14", 1, 0),
        (GOOD.format(ROWS).replace("図書館3,", "図,書,館,"), "L1-15", 1, 0),
        (GOOD.format(ROWS).replace(",30\n", ",約30人\n"), "L2-01", 2, 0),
        (GOOD.format(ROWS).replace("図書館3,", " 図書館3,"), "L1-06", 1, 90),
        (GOOD.format(ROWS).replace("人口(人)", "定員"), "L3-04", 3, 90),
        (re.sub("2026-04-([0-9]+)", r"令和8年4月\1日", GOOD.format(ROWS)), "L3-05", 3, 90),
        (GOOD.replace("名称", "コード").format(ROWS), "L2-03", 2, 0),
        ("名称,2023年,2024年,2025年\n甲,1,2,3\n乙,4,5,6\n", "L3-09", 3, 80),
        ("名称,備考1,備考2,備考3,備考4\n甲,あ,い,う,え\n乙,え,い,あ,う\n", "L3-09", 3, 90),
    ],
)  # fmt: skip
def test_a_breach_is_told_with_its_place_and_costs_its_points(score, text, rule, level, points):
    card = score(text)
    broken = _of(card, rule)
    assert (broken.verdict, card.scores[level]) == ("不合格", points)
    assert broken.remedy
    assert all(place.where and place.why for place in broken.places)


def test_dependent_characters_are_wrong_in_shift_jis_and_to_be_seen_elsewhere(score):
    text = GOOD.format(ROWS).replace("図書館3,", "図書館③,")
    assert _of(score(text.encode("cp932")), "L1-08").verdict == "不合格"
    assert _of(score(text), "L1-08").verdict == "人が確かめる"


def test_every_table_costs_its_points(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("甲", "乙"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["名称", "人口(人)"])
            for row in range(1, 8):
                sheet.write_row(row, 0, [f"町{row}", row * 10])
            sheet.merge_range(4, 0, 5, 0, "町4")
    card = score_file(path, ParsingHere())
    merged = _of(card, "L1-12")
    assert (merged.tables, merged.points, card.scores[1]) == (2, 20, 80)
    assert "シート「甲」" in merged.places[0].where


def test_a_file_no_machine_reads_fails_the_first_rule_alone(score):
    card = score(b"%PDF-1.7\n1 0 obj\n", "a.pdf")
    assert _verdicts(card, "不合格") == {"L1-01": "不合格"}
    assert card.scores == {1: 0, 2: None, 3: None}


def test_a_file_that_is_too_much_is_left_to_a_person(tmp_path):
    class Stopped:
        def run(self, *_, **__):
            raise Refusal("parse.too_long", "時間内に終わりません。", "a.csv", "分けてください。")

    card = score_file(tmp_path / "a.csv", Stopped())  # ty: ignore[invalid-argument-type]
    assert card.scores == {1: None, 2: None, 3: None}
    assert {j.verdict for j in card.judgements} == {"人が確かめる"}


def _release(folder, *, xlsx=False, **package):
    rows = [(f"{n:03}", f"館{n}", n, n / 2, "34.78", "135.46", "1", "可", "1") for n in range(1, 9)]
    frame = table(LIBRARY, *rows)
    csv, *_, last = write_formats(frame, PLACES, folder, "t", bom=True, xlsx=xlsx)
    write_documents(frame, PLACES, folder, "t", bom=True)
    if package:
        text = json.dumps({"resources": [{"path": csv.name}], **package})
        (folder / "datapackage.json").write_text(text, "utf-8")
    return csv, last


def test_our_own_files_have_full_marks(tmp_path):
    csv, xlsx = _release(tmp_path, xlsx=True, version="1")
    assert score_file(xlsx, ParsingHere()).scores == {1: 100, 2: 100, 3: 100}
    card = score_file(csv, ParsingHere())
    assert card.scores == {1: 100, 2: 100, 3: 100}
    assert card.beside == ("t_definition.csv", "t_codes.csv", "datapackage.json")
    assert _of(card, "L3-08").verdict == "合格"


def test_without_what_explains_them_units_and_codes_are_missing(tmp_path):
    csv, _ = _release(tmp_path)
    assert _of(score_file(csv, ParsingHere()), "L3-04").verdict == "合格"
    for beside in tmp_path.glob("t_*.csv"):
        beside.unlink()
    card = score_file(csv, ParsingHere())
    assert _of(card, "L3-04").verdict == "不合格"
    assert _of(card, "L3-08").verdict == "人が確かめる"


def test_a_column_without_a_meaning_is_named(tmp_path):
    csv, _ = _release(tmp_path, version="1")
    definition = tmp_path / "t_definition.csv"
    rows = pl.read_csv(definition, infer_schema=False).filter(pl.col("項目名") != "定員")
    rows.write_csv(definition, include_bom=True)
    broken = _of(score_file(csv, ParsingHere()), "L3-08")
    assert broken.verdict == "不合格"
    assert "定員" in broken.places[0].why


def test_a_broken_descriptor_explains_nothing(tmp_path, score):
    (tmp_path / "datapackage.json").write_text('{"resources": 3}', "utf-8")
    assert score(GOOD.format(ROWS)).beside == ()


def test_the_page_and_the_data_say_the_same(score):
    card = score(GOOD.format(ROWS).replace("図書館3,", '"<b>\nx",'), "a.csv")
    page, data = render_page([card]), as_json(card)
    assert data["scores"]["L1"] == 0
    assert "<script" not in page
    assert all(rule["name"] in page for rule in data["rules"] if "“" not in rule["name"])
    assert len(data["rules"]) == 30
