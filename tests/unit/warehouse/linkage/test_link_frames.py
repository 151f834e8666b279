"""Linking frames of keys: who is linked, who waits for a person, and what is said of it."""

import logging

import polars as pl
import pytest

from assets.linkage import Linkage
from warehouse.home import Home
from warehouse.linkage.link import link_frames
from warehouse.refusal import Refusal

PLANTED = "ヒミツノナマエ"


def linkage(**changes):
    exact = {"level": "exact", "m": 0.9, "u": 0.001}
    columns = {"kana": "k", "born": "b", "phone": "p"}
    return Linkage.model_validate(
        {
            "title": "突合",
            "purpose": "試す",
            "subject": "person",
            "legal_basis": "要確認",
            "owner": {"department": "課", "contact": "係"},
            "datasets": [
                {"dataset": "users", "columns": columns},
                {"dataset": "people", "columns": columns},
            ],
            "keys": {
                "kana": {"title": "氏名カナ", "transform": "kana"},
                "born": {"title": "生年月日", "transform": "date"},
                "phone": {"title": "電話番号", "transform": "phone"},
            },
            "blocking": ["kana", "born"],
            "maximum_pairs": 1000,
            "comparisons": [
                {
                    "key": "kana",
                    "levels": [
                        exact,
                        {"level": "jaro_winkler", "at_least": 0.85, "m": 0.05, "u": 0.01},
                    ],
                },
                {
                    "key": "born",
                    "levels": [exact, {"level": "letters", "at_most": 1, "m": 0.05, "u": 0.01}],
                },
                {"key": "phone", "levels": [exact]},
            ],
            "prior": 0.05,
            "thresholds": {"link": 0.99, "review": 0.5, "lead": 3},
            "matching": "one_to_one",
            **changes,
        }
    )


def keys(*rows):
    names = ["unique_id", "kana", "born", "phone"]
    schema = dict.fromkeys(names, pl.String)
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(pl.col("born").str.to_date("%Y-%m-%d"))


def linked(tmp_path, left, right, **changes):
    return link_frames(Home(tmp_path), "test", linkage(**changes), [left, right])


def decisions(rows):
    return {(r["left_key"], r["right_key"]): (r["decision"], r["reason"]) for r in rows.to_dicts()}


def test_the_same_person_is_linked_and_the_sum_is_explained(tmp_path):
    left = keys(("L1", "ヤマダタロウ", "1970-03-09", None))
    right = keys(("R1", "ヤマダタロオ", "1970-03-09", None), ("R2", "スズキ", "1970-03-09", None))
    rows, facts = linked(tmp_path, left, right, thresholds={"link": 0.9, "review": 0.5, "lead": 3})
    [row] = rows.to_dicts()
    assert (row["left_key"], row["right_key"], row["decision"]) == ("L1", "R1", "link")
    assert row["explanation"] == (
        "氏名カナ: 近い・綴り0.85以上(+2.3)、生年月日: 一致(+9.8)、電話番号: 欠損(+0.0) 計 +12.1、"
        "はじめの見込み -4.2 → 確率 0.9958"
    )
    assert row["weight"] == pytest.approx(12.1 - 4.2, abs=0.1)
    assert (facts.pairs, facts.links, facts.reviews) == (2, 1, 0)


def test_a_name_alone_never_links_however_heavy(tmp_path):
    heavy = [
        {"key": "kana", "levels": [{"level": "exact", "m": 0.99, "u": 1e-9}]},
        {"key": "born", "levels": [{"level": "exact", "m": 0.5, "u": 0.4}]},
    ]
    left = keys(("L1", "タロウ", "1970-03-09", None), ("L2", "ハナコ", None, None))
    right = keys(("R1", "タロウ", "1981-01-01", None), ("R2", "ハナコ", "1990-01-01", None))
    rows, facts = linked(tmp_path, left, right, comparisons=heavy)
    assert facts.links == 0
    why = "名前のほかに一致した項目がありません"
    assert decisions(rows) == {("L1", "R1"): ("review", why), ("L2", "R2"): ("review", why)}


def test_twins_of_one_record_wait_for_a_person(tmp_path):
    left = keys(("L1", "タロウ", "1970-03-09", None))
    right = keys(("R1", "タロウ", "1970-03-09", None), ("R2", "タロウ", "1970-03-09", None))
    rows, facts = linked(tmp_path, left, right)
    assert {decision for decision, _ in decisions(rows).values()} == {"review"}
    assert facts.tallies["users"].review == 1
    freely, _ = linked(tmp_path, left, right, matching="many")
    assert [row["decision"] for row in freely.to_dicts()] == ["link", "link"]
    assert freely["cluster_id"].n_unique() == 1


def test_a_rival_far_behind_is_dropped_and_counted(tmp_path):
    left = keys(("L1", "タロウ", "1970-03-09", "090"))
    right = keys(("R1", "タロウ", "1970-03-09", "090"), ("R2", "タロウ", "1970-03-08", None))
    rows, facts = linked(tmp_path, left, right)
    assert decisions(rows) == {("L1", "R1"): ("link", None)}
    assert facts.rivals == 1


def test_every_record_is_accounted_for(tmp_path):
    left = keys(("L1", "タロウ", "1970-03-09", None), ("L2", "ハナコ", "1970-03-08", None))
    right = keys(("R1", "タロウ", "1970-03-09", None))
    _, facts = linked(tmp_path, left, right)
    for name, rows in (("users", 2), ("people", 1)):
        tally = facts.tallies[name]
        assert (tally.rows, tally.linked + tally.review + tally.unlinked) == (rows, rows)
    assert sum(facts.histogram) == facts.pairs


def test_no_rows_link_nothing(tmp_path):
    rows, facts = linked(tmp_path, keys(), keys(("R1", "タロウ", "1970-03-09", None)))
    assert rows.is_empty()
    assert facts.pairs == 0


def test_duplicates_within_one_dataset_are_one_cluster(tmp_path):
    one = [{"dataset": "users", "columns": {"kana": "k", "born": "b", "phone": "p"}}]
    same = [(f"L{n}", "タロウ", "1970-03-09", None) for n in range(3)]
    spec = linkage(datasets=one, matching="many")
    rows, _ = link_frames(Home(tmp_path), "test", spec, [keys(*same, ("L9", "ジロウ", None, None))])
    assert len(rows) == 3
    assert rows["cluster_id"].n_unique() == 1
    assert set(rows["left_dataset"]) == {"users"}


def test_estimated_chances_are_the_same_on_every_run(tmp_path):
    people = [
        (f"{n:03}", f"ナ{n % 40:03}", f"19{n % 90 + 10}-01-{n % 28 + 1:02}", f"{n}")
        for n in range(300)
    ]
    left, right = keys(*people), keys(*people[50:], ("x", "ナ001", "1980-05-05", None))
    spec = linkage(
        comparisons=[{"key": k, "levels": [{"level": "exact"}]} for k in ("kana", "born", "phone")],
        estimation={"seed": 7, "pairs": 20_000, "rules": [["kana"], ["born"]]},
        maximum_pairs=100_000,
    )
    first, second = (link_frames(Home(tmp_path / n), "test", spec, [left, right]) for n in "ab")
    assert first[0].equals(second[0])
    assert first[1] == second[1]
    assert first[1].links >= 240


def test_a_rule_that_is_too_wide_is_refused_before_it_runs(tmp_path):
    many = keys(*[(f"{n}", "タロウ", None, None) for n in range(50)])
    with pytest.raises(Refusal, match="2,500 組") as caught:
        linked(tmp_path, many, many)
    assert "blocking: 氏名カナ" in caught.value.where


def test_nothing_of_a_record_is_printed_logged_or_raised(tmp_path, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    left = keys(("L1", PLANTED, "1970-03-09", None))
    rows, facts = linked(tmp_path, left, left)
    spec = linkage(
        comparisons=[{"key": k, "levels": [{"level": "exact"}]} for k in ("kana", "born")],
        estimation={"seed": 1, "pairs": 10_000, "rules": [["phone"]]},
    )
    with pytest.raises(Refusal) as caught:
        link_frames(Home(tmp_path), "test", spec, [left, left])
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    out, err = capfd.readouterr()
    said = [out, err, caplog.text, str(caught.value), str(facts), str(rows.to_dicts())]
    assert not any(PLANTED in text for text in said)
    assert (out, err) == ("", "")
    left_behind = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert left_behind == []
