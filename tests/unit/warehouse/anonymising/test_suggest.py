"""A proposed policy: parts by the register or by content, rules that read every value, points."""

import json

import polars as pl
import pytest

from assets.anonymisation import load_policy
from tests.unit.warehouse.anonymising.tables import persons, run
from warehouse.anonymising import suggest as suggesting
from warehouse.anonymising.curve import Point, draw_curve
from warehouse.anonymising.profile import contributions, profile, share_unique
from warehouse.anonymising.proposal import Said, propose
from warehouse.anonymising.rule_choice import choose_rule
from warehouse.anonymising.source import Source
from warehouse.anonymising.suggest import suggest
from warehouse.refusal import Refusal


def parts(frame, said=None):
    return {one.profile.column: one.part for one in propose(frame, said or {}, today_year=2026)}


def test_entropy_and_uniqueness_are_counted():
    frame = pl.DataFrame({"a": ["x", "x", "y", None], "b": ["1", "2", "1", "1"]})
    told = profile(frame["a"])
    assert (told.distinct, told.blanks, told.entropy, told.most) == (3, 0.25, 1.5, 0.5)
    assert share_unique(frame, ["a", "b"]) == 1
    assert contributions(frame, ["a", "b"]) == {"a": 0.75, "b": 0.5}


def test_the_register_decides_where_it_speaks():
    frame = persons().with_columns(_delivery=pl.lit("d"))
    said = {
        "id": Said("個人", "identifier"),
        "age": Said("個人", "quasi_identifier"),
        "sex": Said("個人", "attribute"),
        "care": Said("公開", "attribute"),
    }
    found = parts(frame, said)
    assert found["_delivery"] == found["id"] == "identifiers"
    assert (found["age"], found["sex"]) == ("quasi_identifiers", "sensitive")
    assert found["care"] == "insensitive"


def test_content_decides_for_a_file():
    rows = 60
    frame = pl.DataFrame(
        {
            "宛名番号": [f"{n:010}" for n in range(rows)],
            "年齢": [str(20 + n % 50) for n in range(rows)],
            "性別": ["男", "女"] * (rows // 2),
            "病名": ["かぜ", "骨折", "がん"] * (rows // 3),
            "備考": ["窓口で聞き取った内容をそのまま書いた長い文章がここに入ります。"] * rows,
            "市": ["豊中市"] * rows,
        }
    )
    assert parts(frame) == {
        "宛名番号": "identifiers",
        "年齢": "quasi_identifiers",
        "性別": "quasi_identifiers",
        "病名": "sensitive",
        "備考": "insensitive",
        "市": "insensitive",
    }


@pytest.mark.parametrize(
    ("values", "title", "spec"),
    [
        (["0", "39", "101"], "age", {"rule": "age", "top": 85}),
        (["要介護1", "要支援2", "不明"], "認定", {"rule": "care_level", "unknown": ["不明"]}),
        (["ベトナム", "日本"], "国籍", {"rule": "nationality"}),
        (["560-0001", "561-0002"], "郵便番号", {"rule": "postal_code"}),
        (["S40.3.1", "H1.1.8"], "生年月日", {"rule": "date", "calendar": "wareki"}),
        (["1965-03-01", "1989-01-08"], "生年月日", {"rule": "date"}),
        ([f"27{n:03}" for n in range(20)], "code", {"rule": "number"}),
        ([f"0{n:04}" for n in range(20)], "code", {"rule": "prefix", "keep": [4, 3, 1]}),
    ],
)
def test_a_rule_is_chosen_that_reads_every_value(values, title, spec):
    choice = choose_rule(pl.Series(title, values), title, "")
    assert spec.items() <= dict(choice.spec).items()


def test_categories_get_a_draft_with_the_rare_ones_together():
    column = pl.Series("job", ["a"] * 60 + ["b"] * 139 + ["c"])
    rows = choose_rule(column, "job", "").rows
    assert rows == (("b", "b", "*"), ("a", "a", "*"), ("c", "その他(まれな値)", "*"))
    towns = pl.Series("town", ["本町1丁目", "本町2丁目", "南町"])
    assert choose_rule(towns, "town", "").rows[0][1] in {"本町", "南町"}


def test_the_suggestion_can_be_used_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.setattr(suggesting, "KS", (5, 200))
    persons(300).write_csv(tmp_path / "in.csv")
    folder = tmp_path / "draft"
    found = suggest(Source(tmp_path / "in.csv"), {}, folder, year=2026)
    assert {path.name for path in folder.iterdir()} == {
        *("policy.yaml", "hierarchies", "curve.svg", "suggest.json"),
    }
    assert load_policy(folder / "policy.yaml").suppression_limit == 0.02
    assert next(point.name for point in found.points) == "元のまま"
    assert len(found.points) + len(found.missing) == 3
    numbers = json.loads((folder / "suggest.json").read_text("utf-8"))
    assert numbers["unique_share"] == found.unique > 0
    (tmp_path / "in.csv").rename(folder / "in.csv")
    told = run(folder)
    five = next(point for point in found.points if point.name == "k=5")
    assert told["utility"]["ncp"] == pytest.approx(five.loss)
    assert told["min_class"] == five.smallest
    with pytest.raises(Refusal, match="すでにファイル"):
        suggest(Source(folder / "in.csv"), {}, folder, year=2026)


def test_a_table_of_nobody_is_refused(tmp_path):
    pl.DataFrame({"a": ["x"] * 5}).write_csv(tmp_path / "in.csv")
    with pytest.raises(Refusal, match="準識別子"):
        suggest(Source(tmp_path / "in.csv"), {}, tmp_path / "draft", year=2026)
    assert not (tmp_path / "draft").exists()


def test_the_curve_is_one_picture_without_outside_parts():
    points = [Point(f"k={k}", 1 / k, 1 / k, k / 20, 0, 0, 0, k) for k in (3, 5, 10)]
    svg = draw_curve(points, "図")
    assert svg == draw_curve(points, "図")
    assert "<text" not in svg
    assert 'href="http' not in svg


@pytest.mark.slow
def test_too_many_levels_are_recoded_locally(tmp_path, monkeypatch):
    monkeypatch.setattr(suggesting, "_MOST_NODES", 9)
    monkeypatch.setattr(suggesting, "KS", (3,))
    persons(60).write_csv(tmp_path / "in.csv")
    found = suggesting.suggest(Source(tmp_path / "in.csv"), {}, tmp_path / "draft", year=2026)
    assert load_policy(tmp_path / "draft" / "policy.yaml").recoding == "local"
    assert [point.name for point in found.points] == ["元のまま", "k=3"]
