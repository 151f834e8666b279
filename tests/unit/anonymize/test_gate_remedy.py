import polars as pl

from anonymize.gate_remedy import propose_levels
from anonymize.hierarchy.hierarchy import hierarchy_of_rows

TOWN = hierarchy_of_rows(
    "町", [["a", "ab", "*"], ["b", "ab", "*"], ["c", "cd", "*"], ["d", "cd", "*"]]
)
SEX = hierarchy_of_rows("性別", [["男", "*"], ["女", "*"]])
LADDERS = {"町": TOWN, "性別": SEX}


def _table(*rows):
    return pl.DataFrame(rows, schema=["町", "性別"], orient="row")


def test_the_column_that_mends_most_comes_first_with_its_level_and_loss():
    table = _table(*[("a", "男")] * 3, *[("b", "男")] * 2, *[("c", "女")] * 5)
    words = propose_levels(table, ["町", "性別"], LADDERS, 5)
    # 町 one level up joins a and b: nobody is left; ab covers 2 of 4 values, a loss of 1/3.
    assert words is not None
    assert words.startswith(
        "列「町」をレベル1に上げる(k に満たない行 5 → 0、その列の損失 0.00 → 0.33)"
    )
    assert "性別" not in words


def test_labels_already_raised_are_raised_further_and_stars_stay():
    table = _table(*[("ab", "男")] * 3, *[("cd", "男")] * 2, ("*", "*"))
    words = propose_levels(table, ["町", "性別"], LADDERS, 5)
    assert words is not None
    assert "列「町」をレベル2に上げる(k に満たない行 5 → 0、その列の損失 0.44 → 1.00)" in words


def test_nothing_is_proposed_where_no_step_helps_or_is_left():
    table = _table(("a", "男"), ("c", "女"))
    assert propose_levels(table, ["町", "性別"], {}, 5) is None
    assert propose_levels(table, ["町", "性別"], LADDERS, 5) is None
    top = _table(("*", "男"), ("*", "女"))
    assert propose_levels(top, ["町"], {"町": TOWN}, 5) is None
