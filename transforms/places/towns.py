"""The spelling of a town name: the number of its 丁目 in kanji.

Belongs here: 丁目. Must not hold: which towns exist, whole addresses (`addresses`).
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Rule
from transforms.verdict import BLANK, OK, UNCERTAIN, decide, judge_fields, name_of, trim
from transforms.width import replace_table

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "town.plain": Rule(OK, "町名"),
        "town.chome": Rule(OK, "丁目を漢数字に統一"),
        "town.chome_number": Rule(
            UNCERTAIN,
            "読み切れない丁目",
            "どの丁目か一つに決まりません。三丁目 のように一つの丁目を書いてください。",
        ),
    }
)

_KANJI = "〇一二三四五六七八九"
_D = "[0-9０-９]"
# 03丁目, 113丁目, 1・2丁目, 1～3丁目: which town is meant is not for a spelling rule to say.
_ODD_CHOME = (
    rf"(?:^|[^0-9０-９])[0０]{_D}*丁目|{_D}{{3,}}丁目|{_D} *[.．,，、・･~〜～‐－−―ー-]+ *{_D}+丁目"
)


def town_chome(column: pl.Expr) -> pl.Expr:
    """Return a town name with the number of its 丁目 in kanji: 中桜塚3丁目 is 中桜塚三丁目.

    Args:
        column: Raw text.

    Returns:
        Judged String; nothing else is changed. 03丁目 or 1・2丁目 are uncertain.
    """
    raw, value = pl.field("raw"), pl.field("value")
    cases = [
        (raw == "", BLANK),
        (raw.str.contains(_ODD_CHOME), "town.chome_number"),
        (value != raw, "town.chome"),
    ]
    read = pl.struct(raw=trim(column)).struct.with_fields(value=replace_table(raw, _chome()))
    return judge_fields(read, decide(value, RULES, cases, "town.plain"), name_of(column))


def _chome() -> dict[str, str]:
    """Return every width of 1丁目 to 99丁目 to its kanji spelling."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    table = {}
    for n in range(1, 100):
        tens, ones = divmod(n, 10)
        kanji = (_KANJI[tens] if tens > 1 else "") + ("十" if tens else "")
        text = str(n)
        for head in {text[0], text[0].translate(wide)}:
            for last in {text[1:], text[1:].translate(wide)}:
                table[f"{head}{last}丁目"] = kanji + (_KANJI[ones] if ones else "") + "丁目"
    return table
