import polars as pl
import pytest

from transforms.addresses.address import city_address
from transforms.addresses.columns import PARTS, split_line


def split(text):
    read = pl.DataFrame({"text": [text]}).select(city_address(pl.col("text"), "272035").alias("a"))
    return read.unnest("a").select("value", **split_line()).row(0, named=True)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("中桜塚３丁目１番１号", ("中桜塚三丁目", "1-1", None)),
        ("豊中市中桜塚3-1-1 第二庁舎3階", ("中桜塚三丁目", "1-1", "第二庁舎3階")),
        ("中桜塚3-1-1豊中ハイツ203号", ("中桜塚三丁目", "1-1", "豊中ハイツ203号")),
        ("岡町南1-142", ("岡町南一丁目", "142", None)),
        ("服部緑地", ("服部緑地", None, None)),
        ("吹田市泉町1-3-40", (None, None, None)),
        ("中桜塚三丁目地内", (None, None, None)),
        (None, (None, None, None)),
    ],
)
def test_an_address_stands_in_the_columns_of_the_standard(text, parts):
    found = split(text)
    assert tuple(found[part] for part in PARTS) == parts
    if found["value"]:
        line = "".join(filter(None, parts[:2])) + (f" {parts[2]}" if parts[2] else "")
        assert found["value"] == f"大阪府豊中市{line}"
