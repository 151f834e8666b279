"""Local recoding from file to file: no level for a whole column, households alike."""

import polars as pl
import pytest

from tests.unit.warehouse.anonymising.tables import POLICY, persons, read, run, write_case


def test_every_class_has_labels_of_its_own(tmp_path):
    write_case(tmp_path, policy=f"{POLICY}recoding: local\n")
    told = run(tmp_path)
    after = read(tmp_path / "out.csv")
    kept = after.filter((pl.col("age") != "*") | (pl.col("sex") != "*"))
    sizes = kept.group_by("age", "sex").len()["len"].to_numpy()
    assert (told["levels"], told["optimal_proven"]) == ({}, False)
    assert (told["classes"], told["min_class"]) == (len(sizes), sizes.min())
    assert told["min_class"] >= 5
    assert after.height - kept.height == told["suppressed_rows"]
    assert told["loss"] == pytest.approx(told["utility"]["ncp"])


def test_the_members_of_a_household_come_out_alike(tmp_path):
    frame = persons().with_columns(
        home=(pl.int_range(pl.len()) // 3).cast(pl.String),
        town=((pl.int_range(pl.len()) // 3) % 20).cast(pl.String),
    )
    towns = "".join(f"{n};{'東' if n < 10 else '西'};*\n" for n in range(20))
    household = "recoding: local\nhousehold: {id: home, columns: [town]}\n"
    policy = POLICY.replace("quasi_identifiers:", "quasi_identifiers:\n  town: {hierarchy: t.csv}")
    write_case(tmp_path, policy=policy + household, frame=frame)
    (tmp_path / "t.csv").write_text(towns, "utf-8")
    told = run(tmp_path)
    after = read(tmp_path / "out.csv").with_columns(frame["home"])
    assert told["columns"]["withheld"] == ["home"]
    assert after.group_by("home").agg(pl.col("town").n_unique())["town"].unique().to_list() == [1]
    assert told["min_class"] >= 5
    mixed = frame.with_columns(home=pl.lit("1"))
    write_case(tmp_path, policy=policy + household, frame=mixed)
    with pytest.raises(ValueError, match="同じ世帯の中で値が違う"):
        run(tmp_path)
