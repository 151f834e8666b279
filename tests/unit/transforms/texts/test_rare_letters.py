import polars as pl

from transforms.texts.rare_letters import KINDS, rare_letters, sum_rare_letters

TEXTS = [
    "髙﨑\ufa19",
    "葛\U000e0100城",
    "\ue000田\uf8ff",
    "山田",
    None,
    "渡邉 邊",
    "\ufffd",
    "𠮷\U0002f800",
]
FRAME = pl.DataFrame({"x": TEXTS})


def test_letters_of_each_kind_are_counted_in_each_text():
    rows = FRAME.select(rare_letters(pl.col("x"))).to_series().to_list()
    found = [{kind: count for kind, count in row.items() if count} for row in rows]
    assert found == [
        {"variant": 2, "compatibility_ideograph": 1},
        {"variation_sequence": 1},
        {"gaiji": 2},
        {},
        {},
        {"variant": 2},
        {"lost": 1},
        {"variant": 1, "compatibility_ideograph": 1},
    ]


def test_a_column_is_summed_up_in_one_row():
    for engine in ("in-memory", "streaming"):
        total = FRAME.lazy().select(sum_rare_letters(pl.col("x"))).collect(engine=engine)
        assert total.to_series()[0] == {
            "gaiji": {"letters": 2, "texts": 1},
            "variation_sequence": {"letters": 1, "texts": 1},
            "compatibility_ideograph": {"letters": 2, "texts": 2},
            "variant": {"letters": 5, "texts": 3},
            "lost": {"letters": 1, "texts": 1},
        }


def test_an_empty_column_has_none():
    total = FRAME.clear().select(sum_rare_letters(pl.col("x"))).to_series()[0]
    assert total == {kind: {"letters": 0, "texts": 0} for kind in KINDS}
