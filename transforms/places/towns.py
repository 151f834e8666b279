"""The spelling of a town name: the number of its 丁目 in kanji, the letters of the official list.

Belongs here: a town alone in its column. Must not hold: whole addresses (`addresses`).
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.addresses.letters import fold_name
from transforms.addresses.numerals import chome_of, write_kanji
from transforms.addresses.town_lists import TownList, read_towns
from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import (
    BLANK,
    OK,
    REFUSED,
    REPAIRED,
    UNCERTAIN,
    decide,
    judge_fields,
    name_of,
    trim,
)
from transforms.width import replace_table

_CITY = "city=272035"
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "town.plain": Rule(
            OK, "町名", examples=(Example("中桜塚三丁目", "中桜塚三丁目", "town", _CITY),)
        ),
        "town.chome": Rule(
            OK,
            "丁目を漢数字に統一",
            examples=(
                Example("中桜塚3丁目", "中桜塚三丁目", "town"),
                Example("本町１２丁目", "本町十二丁目", "town"),
            ),
        ),
        "town.variant": Rule(
            REPAIRED,
            "町名の字を正式な字に統一(町名だけの列)",
            examples=(Example("蛍池中町2丁目", "螢池中町二丁目", "town", _CITY),),
        ),
        "town.chome_number": Rule(
            UNCERTAIN,
            "読み切れない丁目",
            "どの丁目か一つに決まりません。三丁目 のように一つの丁目を書いてください。",
            (Example("中桜塚03丁目", "", "town"), Example("中桜塚1・2丁目", "", "town")),
        ),
        "town.unknown": Rule(
            REFUSED,
            "市の町名の一覧にない町名",
            "市の町名の一覧にありません。町名と丁目を確認して直してください。",
            (Example("中桜塚9丁目", "", "town", _CITY), Example("梅田", "", "town", _CITY)),
        ),
    }
)

_D = "[0-9０-９]"
# 03丁目, 113丁目, 1・2丁目, 1～3丁目: which town is meant is not for a spelling rule to say.
_ODD_CHOME = (
    rf"(?:^|[^0-9０-９])[0０]{_D}*丁目|{_D}{{3,}}丁目|{_D} *[.．,，、・･~〜～‐－−―ー-]+ *{_D}+丁目"
)


def town_chome(column: pl.Expr, *, city: str | None = None) -> pl.Expr:
    """Return a town name with the number of its 丁目 in kanji: 中桜塚3丁目 is 中桜塚三丁目.

    Args:
        column: Raw text.
        city: Code of the local government whose town list decides: old letters become the official
            ones, and a town or 丁目 that is not in the list is refused. A town without its 丁目 is
            accepted, many tables count by it. Without a city nothing but the 丁目 is changed.

    Returns:
        Judged String; 03丁目 or 1・2丁目 are uncertain.

    Raises:
        ValueError: No municipality has the code.
    """
    raw, spelt, value = pl.field("raw"), pl.field("spelt"), pl.field("value")
    towns = read_towns(city) if city else None
    cases = [
        (raw == "", BLANK),
        (raw.str.contains(_ODD_CHOME), "town.chome_number"),
        (value.is_null(), "town.unknown"),
        (value != spelt, "town.variant"),
        (value != raw, "town.chome"),
    ]
    read = pl.struct(raw=trim(column)).struct.with_fields(spelt=replace_table(raw, _chome()))
    read = read.struct.with_fields(value=_official(spelt, towns) if towns else spelt)
    return judge_fields(read, decide(value, RULES, cases, "town.plain"), name_of(column))


def _official(spelt: pl.Expr, towns: TownList) -> pl.Expr:
    """Return the official name of each distinct town, null where the list has none."""

    def find(texts: pl.Series) -> pl.Series:
        distinct = texts.unique()
        names = {text: find_town(text, towns) for text in distinct.drop_nulls().to_list()}
        return texts.replace_strict(names, return_dtype=pl.String)

    return spelt.map_batches(find, return_dtype=pl.String, is_elementwise=True)


def find_town(text: str, towns: TownList) -> str | None:
    """Return the official name of a town, with or without its 丁目 in kanji; null if none is so."""
    base, chome = chome_of(text)
    names = towns.keys.get(fold_name(base), ())
    if len(names) != 1:
        return None
    known = towns.bases[names[0]]
    if chome is None:
        return known.name
    if towns.chome_known and chome not in known.chomes:
        return None
    return f"{known.name}{write_kanji(chome)}丁目"


def _chome() -> dict[str, str]:
    """Return every width of 1丁目 to 99丁目 to its kanji spelling."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    table = {}
    for n in range(1, 100):
        text = str(n)
        for head in {text[0], text[0].translate(wide)}:
            for last in {text[1:], text[1:].translate(wide)}:
                table[f"{head}{last}丁目"] = f"{write_kanji(n)}丁目"
    return table
