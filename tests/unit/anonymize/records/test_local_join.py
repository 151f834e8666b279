import numpy as np
import polars as pl
import pytest

from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.records import judging, local_repair
from anonymize.records.demands import make_demands
from anonymize.records.groups import group
from anonymize.records.local import recode
from anonymize.records.local_join import join_many
from anonymize.records.local_ladders import make_ladders
from anonymize.records.local_members import Members
from anonymize.records.local_solution import publish
from anonymize.records.models import DistinctL, KAnonymity

AGE = hierarchy_of_rows(
    "age", [(str(n), f"{n // 4 * 4}-", f"{n // 8 * 8}+", "*") for n in range(16)]
)


def joined(rows, class_of, models):
    frame = pl.DataFrame(rows, {"age": pl.String, "ill": pl.String}, orient="row")
    groups = group(frame, [AGE], models)
    ladders = make_ladders([AGE], groups.codes, groups.rows, None)
    members = Members(groups, make_demands(models, groups))
    nodes = np.arange(ladders[0].levels)[:, None]
    return join_many(ladders, nodes, groups.codes, members, np.array(class_of)).tolist()


def test_those_left_join_the_smallest_class_at_the_lowest_label_they_share():
    rows = [("0", "x"), ("1", "x"), ("2", "x"), ("2", "y"), ("9", "x"), ("9", "y")]
    # groups: ages 0, 1, 2, 9; the classes are those of 2 and of 9
    assert joined(rows, [-1, -1, 0, 1], [KAnonymity(2), DistinctL(2, "ill")]) == [0, 0, 0, 1]
    assert joined(rows, [-1, -1, -1, -1], [KAnonymity(2)]) == [-1] * 4


def test_many_are_joined_without_one_question_each(monkeypatch):
    """The young show one care level only, so no set of theirs is a class."""
    draw = np.random.default_rng(3)
    age = draw.integers(0, 16, 3000)
    frame = pl.DataFrame(
        {
            "age": age.astype(str),
            "area": draw.integers(0, 16, 3000).astype(str),
            "care": np.where(age < 8, 0, draw.integers(0, 4, 3000)).astype(str),
        }
    )
    area = hierarchy_of_rows("area", [(str(n), f"{n // 4}", "*") for n in range(16)])
    models = [KAnonymity(5), DistinctL(3, "care")]
    groups = group(frame, [AGE, area], models)
    single = recode(groups, [AGE, area], models)
    monkeypatch.setattr(local_repair, "_WORK", 1000)
    many = recode(groups, [AGE, area], models)
    published = publish(frame, many, groups.of_rows)
    assert judging.measure(published, ["age", "area"], models).holds
    assert many.suppressed_rows == 0
    assert many.loss == pytest.approx(single.loss, rel=0.15)
