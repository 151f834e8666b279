"""A small layout with every kind of column, and tables of nasty values in it."""

import polars as pl
from hypothesis import strategies as st

from assets.standard import Standard

PLACES = Standard.model_validate(
    {
        "title": "施設[一覧]", "slug": "places", "family": "市の独自", "edition": "試",
        "column_order": "official", "credit": "なし",
        "columns": [
            {"name": "ID", "title_en": "id", "type": "code", "required": True, "description": "番号"},
            {"name": "名称", "description": "名前,通称\nを書く"},
            {"name": "定員", "type": "integer", "unit": "人"},
            {"name": "面積", "type": "number", "unit": "㎡"},
            {"name": "緯度", "type": "latitude"},
            {"name": "経度", "type": "longitude"},
            {"name": "区分", "codes": {"1": "公立", "2": "私立"}, "recommended": True},
            {"name": "車椅子", "values": ["可", "否"], "required": False},
            {"name": "洪水", "type": "flag"},
        ],
    }
)  # fmt: skip
PLAIN = Standard.model_validate(
    {
        "title": "一覧", "slug": "plain", "family": "市の独自", "edition": "試",
        "column_order": "official", "credit": "なし",
        "columns": [{"name": "ID"}, {"name": "値"}, {"name": "数", "type": "integer"}],
    }
)  # fmt: skip
SCHEMA = {
    "ID": pl.String, "名称": pl.String, "定員": pl.Int64, "面積": pl.Float64, "緯度": pl.String,
    "経度": pl.String, "区分": pl.String, "車椅子": pl.String, "洪水": pl.String,
}  # fmt: skip
NASTY = [
    "0012", None, "1e5", "NA", "null", 'say "hi"', "a,b", "二行の\n文", "a\r\nb", "a\rb", " 空白 ", "\u3000",
    "'", "TRUE", "2026-04-01", "1-2", "\u2028行\u0085区切り", "=1+1", "-5", "+81", "@SUM(A1)", "\t=1",
    "髙﨑", "\\n", "😀", "𠮷野", "葛\U000e0100", "_x0041_", "\x01\x1f", "\x00", "\x7f", "ｶﾅ",
    "長" * 5_000, "\ufeffx", "nan", "inf",
]  # fmt: skip
# What XML cannot hold is refused for workbooks and stopped for all.
_NOT_TEXT = "\ufffe\uffff"
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters=_NOT_TEXT), min_size=1),
)
_degrees = st.one_of(
    st.none(), st.sampled_from(["34.781300", "135", "-5.5", "北", "999", "34.", "1e1"])
)
_WHOLE = 10**15 - 1
rows = st.tuples(
    st.text("0123456789AB", min_size=1, max_size=8),
    texts,
    st.one_of(st.none(), st.integers(-_WHOLE, _WHOLE)),
    st.one_of(st.none(), st.integers(-_WHOLE, _WHOLE).map(lambda n: n / 10**6)),
    _degrees, _degrees, texts, texts, texts,
)  # fmt: skip
tables = st.lists(rows, max_size=6).map(lambda drawn: pl.DataFrame(drawn, SCHEMA, orient="row"))


def table(*rows):
    return pl.DataFrame(list(rows), SCHEMA, orient="row")


LIBRARY = ("001", "図書館", 120, 35.5, "34.781300", "135.469000", "1", "可", "1")
BLANK = ("002", None, None, None, None, None, None, None, None)
