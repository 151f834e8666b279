"""A trader's own name in the place of a shop name is withheld, other shop names are left alone."""

import importlib.util

import polars as pl
import pytest

from assets.register import load_register

DATASET = load_register().datasets["food_businesses"]
COLUMNS = ["shop_name", "shop_name_kana", "holder_name", "holder_name_kana", "business_style"]


def tidied(*said, style="移動販売"):
    row = (*said, style)
    assert DATASET.tidy is not None
    spec = importlib.util.spec_from_file_location("tidied", DATASET.tidy)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.tidy(pl.DataFrame([row], dict.fromkeys(COLUMNS, pl.String), orient="row"))
    assert made.select("holder_name", "holder_name_kana").row(0) == said[2:]
    return (*made.row(0)[:2], made["business_style"][0]), module.WITHHELD


@pytest.mark.parametrize(
    ("shop", "kana"),
    [
        ("田中　太郎", "タナカ"),
        ("田中太郎", None),
        (" 田中 太郎 ", ""),
        ("田中・太郎の店", None),
        ("やきとり 田中太郎(本店)", None),
        ("やきとり", "タナカタロウノミセ"),
        ("やきとり", "ﾀﾅｶ ﾀﾛｳ"),
    ],
)
def test_a_shop_that_is_named_as_its_trader_is_withheld(shop, kana):
    (name, reading, _), withheld = tidied(shop, kana, "田中　太郎", "タナカ　タロウ")
    assert (name, reading) == (withheld, None)


@pytest.mark.parametrize(
    ("shop", "kana", "holder", "holder_kana"),
    [
        ("田中食堂", "タナカショクドウ", "田中　太郎", "タナカ　タロウ"),
        ("太郎ずし", "タロウズシ", "田中　太郎", "タナカ　タロウ"),
        ("李", "リ", "李", "リ"),
        ("みほん食堂", None, "田中　太郎", None),
        ("みほん食堂", "ミホンショクドウ", None, None),
        (None, None, "田中　太郎", "タナカ　タロウ"),
        ("", "", "", ""),
    ],
)
def test_other_shop_names_stay_as_they_were_written(shop, kana, holder, holder_kana):
    assert tidied(shop, kana, holder, holder_kana)[0] == (shop, kana, "移動販売")


def test_a_style_that_names_the_trader_is_withheld():
    said = ("みほん号", None, "田中　太郎", None)
    assert tidied(*said, style="移動販売(田中太郎号)")[0] == ("みほん号", None, None)
