"""Addresses in the usual spellings, read column by column.

Belongs here: the one pattern of postal code, town, up to three numbers with their marks and a
building, for the texts on which it agrees with `grammar`, which reads all others. Must not hold:
any spelling that `grammar` would read otherwise (a test compares the two).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from transforms.addresses.grammar import read_head
from transforms.addresses.numerals import write_kanji
from transforms.addresses.parts import Parts

if TYPE_CHECKING:
    from transforms.addresses.town_lists import TownList

_D = "[0-9０-９]"
_N = "[1-9１-９][0-9０-９]{0,4}"
_DASH = "[-－‐‑–—―−─━ーｰ]"
_PATTERN = (
    rf"^(?:〒?[ 　]*({_D}{{3}}){_DASH}?({_D}{{4}}))?([^0-9０-９]+)"
    rf"(?:({_N})(丁目|番地の?|番の?|{_DASH}|の)?"
    rf"(?:({_N})(番地の?|番の?|号|{_DASH}|の)?(?:({_N})(号)?(?:{_DASH}({_N}))?)?)?)?"
    r"((?s:.*))$"
)
_FIELDS = ("p1", "p2", "head", "n1", "m1", "n2", "m2", "n3", "m3", "n4", "tail")
_NUMBERS = ("p1", "p2", "n1", "n2", "n3", "n4")
_KANJI = "[一二三四五六七八九十百]"
# 三丁目一番一号 to the end; the 丁目 belongs to the head.
_KANJI_PATTERN = (
    rf"^(?:〒?[ 　]*({_D}{{3}}){_DASH}?({_D}{{4}}))?([^0-9０-９]+?)"
    rf"({_KANJI}{{1,5}})(番地の?|番の?)(?:({_KANJI}{{1,5}})(号)?)?()()()()$"
)
_KANJI_NUMBERS = {write_kanji(n): str(n) for n in range(1, 100)}
_SEPARATORS = "[、，,;；/／\n\r]|及び|および|並びに|または|又は"
_REMEMBERED = 50_000
_ASCII = {chr(0xFF10 + n): str(n) for n in range(10)}
_JOINS = [None, "番", "番地", "-", "の", "番の", "番地の"]
# A building begins with a letter that is no mark or numeral, and has no number with a mark.
_BUILDING = r"^[ 　]*[\p{Han}\p{Hiragana}\p{Katakana}A-Za-zＡ-Ｚａ-ｚ]{3}"
_NOT_BUILDING = (
    "^[ 　]*(?:[〇一二三四五六七八九十百千壱壹弌弐貳貮参參弎伍拾零丁番号室のノ之ﾉー字館街町場所組棟線車]|バン|ゴウ|チ[ョヨ]ウ"
    "|ハ゛|コ゛|は゛|こ゛|ばん|ごう|ち[ょよ]う|ﾊﾞﾝ|ｺﾞｳ|ﾁ[ｮﾖ]ｳ|カラ|から|ｶﾗ|及|付近|地内|地先|周辺|近辺|一円|一帯"
    "|ほか|ホカ|ﾎｶ|あたり|アタリ|ｱﾀﾘ|辺り|近く|[ァ-ヺｦ-ﾟぁ-ゖ] *[゛゜ﾞﾟ\u3099\u309a])"
    rf"|{_D}[ 　]*(?:{_DASH}|[のノﾉ之番丁﹣])|{_SEPARATORS}"
    "|[^\\P{C}\u200d\ufe00-\ufe0f]"
)


def read_usual(texts: pl.Series, towns: TownList) -> pl.DataFrame:
    """Return `raw`, the parts, and `usual`: false where the text is left to `grammar`."""
    first = _judge(_extract(texts, _PATTERN), towns).with_row_index("at")
    left = first.filter(~pl.col("usual") & pl.col("raw").str.contains(f"{_KANJI}(?:番地?|号)$"))
    if left.is_empty():
        return first.drop("at")
    fields = _extract(left["raw"], _KANJI_PATTERN).with_columns(
        pl.col("n1", "n2").replace_strict(_KANJI_NUMBERS, default=None, return_dtype=pl.String),
        pl.col("n3", "m3", "n4").replace("", None),
        given=pl.col("n2").is_not_null(),
    )
    kanji = _judge(fields, towns, led=False).with_columns(left["at"])
    whole = pl.col("block").is_not_null() & (pl.col("number").is_not_null() | ~fields["given"])
    kanji = kanji.with_columns(pl.col("usual") & (whole | (pl.col("level") == "outside")))
    return first.update(kanji, on="at").drop("at")


def _extract(texts: pl.Series, pattern: str) -> pl.DataFrame:
    return (
        texts.to_frame("raw")
        .select("raw", found=pl.col("raw").str.extract_groups(pattern))
        .with_columns(pl.col("found").struct.rename_fields(_FIELDS))
        .unnest("found")
        .with_columns(pl.col("head").str.strip_chars(), spaced=pl.col("head").str.contains(r"\s$"))
    )


def _judge(fields: pl.DataFrame, towns: TownList, *, led: bool = True) -> pl.DataFrame:
    """Return `raw`, the parts and `usual`; `led` where the first number may be the 丁目."""
    heads = _read_heads(fields["head"], towns)
    read = _shift(fields.join(heads, on="head", how="left", maintain_order="left"))
    usual = _is_usual(towns) & (led | ~pl.col("leads").fill_null(value=False))
    return read.select("raw", *_place(), usual=usual)


def _read_heads(heads: pl.Series, towns: TownList) -> pl.DataFrame:
    """Return every distinct text before the first digit with the town it names."""
    rows = []
    if len(towns.heads) > _REMEMBERED:
        towns.heads.clear()
    for head in heads.unique().drop_nulls().to_list():
        if head not in towns.heads:
            towns.heads[head] = read_head(head, towns)
        if found := towns.heads[head]:
            base = found.base
            named = (base.name, base.has_chome) if base else (None, None)
            rows.append(
                (head, *named, found.chome, found.rule, found.reason, found.pref, found.city)
            )
    schema = {
        "head": pl.String,
        "base": pl.String,
        "has_chome": pl.Boolean,
        "chome": pl.String,
        "rule": pl.String,
        "why": pl.String,
        "pref": pl.String,
        "city": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row", strict=False)


def _shift(read: pl.DataFrame) -> pl.DataFrame:
    """Make every number ASCII, and block and number those behind the 丁目."""
    narrow = [
        pl.col(name).str.replace_many(list(_ASCII), list(_ASCII.values())) for name in _NUMBERS
    ]
    marks = [pl.col(name).str.replace(f"^{_DASH}$", "-") for name in ("m1", "m2")]
    leads = pl.col("has_chome") & pl.col("chome").is_null()
    return read.with_columns(*narrow, *marks, leads=leads).with_columns(
        chome=pl.when("leads").then("n1").otherwise("chome"),
        block=pl.when("leads").then("n2").otherwise("n1"),
        number=pl.when("leads").then("n3").otherwise("n2"),
        behind=pl.when("leads").then("m2").otherwise("m1"),
        last=pl.when("leads").then("m3").otherwise("m2"),
        more=pl.when("leads").then("n4").otherwise("n3"),
    )


def _place() -> list[pl.Expr]:
    """Return the columns of `Parts`."""
    kanji = {str(n): write_kanji(n) + "丁目" for n in range(1, 100)}
    chome = pl.col("chome").replace_strict(kanji, default=None, return_dtype=pl.String)
    level = (
        pl.when(pl.col("number").is_not_null())
        .then(pl.lit("number"))
        .when(pl.col("block").is_not_null())
        .then(pl.lit("block"))
        .otherwise(pl.lit("town"))
    )
    inside = pl.col("base").is_not_null()
    tail = pl.col("tail").str.strip_chars(" 　\t")
    made = {
        "level": pl.when(inside).then(level).otherwise(pl.lit("outside")),
        "town": pl.when("has_chome").then(pl.col("base") + chome).otherwise("base"),
        "block": pl.when(inside).then("block"),
        "number": pl.when(inside).then("number"),
        "rest": pl.when(inside & (tail != "")).then(tail),
        "room": pl.when(inside).then("more"),
        "postal": pl.col("p1") + pl.col("p2"),
        "reason": pl.when(inside & pl.col("more").is_not_null())
        .then(pl.lit("番号の最後を部屋とみなしました"))
        .otherwise("why"),
    }
    return [made.get(name, pl.col(name)).alias(name) for name in Parts._fields]


def _is_usual(towns: TownList) -> pl.Expr:
    """Return whether `grammar` reads the same; nulls are false."""
    block, number, behind, last = (pl.col(n) for n in ("block", "number", "behind", "last"))
    more = pl.col("more")
    numbered = (
        pl.when(more.is_not_null())
        .then(
            number.is_not_null()
            & behind.is_in(_JOINS[1:])
            & pl.when("leads")
            .then(pl.lit(value=True))
            .otherwise((last == "-") & pl.col("m3").is_null() & pl.col("n4").is_null())
            & (pl.col("tail") == "")
        )
        .when(number.is_not_null())
        .then(behind.is_in(_JOINS[1:]) & last.is_in([None, "号"], nulls_equal=True))
        .when(block.is_not_null())
        .then(behind.is_in(_JOINS[:3], nulls_equal=True))
        .otherwise(~pl.col("leads") | (pl.col("m1") == "丁目"))
    )
    led = pl.col("leads") & pl.col("m1").is_in(["丁目", "-", "の"]) | (~pl.col("leads"))
    known = ~pl.col("has_chome") | (pl.col("base") + "-" + pl.col("chome")).is_in(
        [f"{base.name}-{n}" for base in towns.bases.values() for n in base.chomes]
    )
    tail = pl.col("tail")
    # 三丁目 21世紀ビル is a building behind a 丁目: white space before the only number.
    glued = pl.col("spaced") & number.is_null() & ~tail.str.contains(r"^\s")
    building = (
        ~glued
        & block.is_not_null()
        & tail.str.contains(_BUILDING)
        & ~tail.str.contains(_NOT_BUILDING)
    )
    in_one_line = ~pl.col("raw").str.contains(r"[\r\n]")
    usual = pl.col("base").is_not_null() & known & led & numbered & ((tail == "") | building)
    usual &= in_one_line
    outside = pl.col("base").is_null() & (pl.col("rule") == "address.outside")
    one = ~pl.col("raw").str.contains(_SEPARATORS)
    return usual.fill_null(value=False) | (outside & one).fill_null(value=False)
