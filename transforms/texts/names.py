"""Names of persons and bodies, as they are stored.

Nothing here normalises a letter: 髙 and 高 are different people. What two spellings of one name
share is their key (`matching_keys`), what is rare in a column is counted (`rare_letters`).
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import BLANK, OK, UNCERTAIN, decide, judge_fields, name_of, trim

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "name.plain": Rule(
            OK,
            "名称（そのまま）",
            examples=(
                Example("髙﨑　\ufa19一", "髙﨑　\ufa19一", "name"),
                Example("　㈱葛\U000e0100城 ", "㈱葛\U000e0100城", "name"),
                Example("\ue000田 太郎", "\ue000田 太郎", "name"),
            ),
            source="JIS X 0213、戸籍統一文字・住民基本台帳ネットワーク統一文字（字形を変えない）",
        ),
        "name.letter_lost": Rule(
            UNCERTAIN,
            "変換で失われた文字（�・〓）がある",
            "変換で失われた文字があります。元のシステムから文字コードを確かめて出力し直してください。",
            examples=(Example("\ufffd橋 一郎", "", "name"), Example("〓田 太郎", "", "name")),
        ),
    }
)

_LOST = "[\ufffd〓]"


def name(column: pl.Expr) -> pl.Expr:
    """Return a person's or a body's name as it is stored: only outer whitespace removed.

    Args:
        column: Raw text.

    Returns:
        Judged String. No normalisation of any kind, so 髙, 﨑, ㈱ and user-defined letters stay,
        and so do spaces inside. U+FFFD, and the 〓 that systems print for a letter they lack, stand
        for a letter nobody knows any more: uncertain.
    """
    trimmed = pl.field("trimmed")
    cases = [
        (trimmed == "", BLANK),
        (trimmed.str.contains(_LOST), "name.letter_lost"),
    ]
    read = pl.struct(trimmed=trim(column))
    return judge_fields(read, decide(trimmed, RULES, cases, "name.plain"), name_of(column))
