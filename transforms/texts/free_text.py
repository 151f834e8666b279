"""Free text: left alone but for controls.

Belongs here: what is stored of a remark. Must not hold: names (`names`), folding of letters.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Example, Rule
from transforms.texts.mending import mend_where
from transforms.verdict import BLANK, CONTROLS, OK, REPAIRED, decide, judge_fields, name_of, trim

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "text.plain": Rule(
            OK,
            "文字列（そのまま）",
            examples=(
                Example("　午前９時〜正午　", "午前９時〜正午", "text"),
                Example("ｺｰﾎﾟ桜①号室", "ｺｰﾎﾟ桜①号室", "text"),
            ),
        ),
        "text.control_removed": Rule(
            REPAIRED,
            "制御文字を除去",
            examples=(Example("転入\u200b届", "転入届", "text"),),
            source="JIS X 0211（制御機能）、Unicode 一般カテゴリ Cc・Cf",
        ),
    }
)

_CONTROL = f"[{CONTROLS}]"
_DIRTY = f"[\r{CONTROLS}]"


def _unify(texts: pl.Expr) -> pl.Expr:
    # A line break inside a remark means something: it is unified, not removed. Controls go
    # first, so that one inside a line break does not make two of it.
    return texts.str.replace_all(_CONTROL, "").str.replace_all("\r\n?", "\n")


def text(column: pl.Expr) -> pl.Expr:
    r"""Return free text without outer whitespace and without control characters.

    Args:
        column: Raw text.

    Returns:
        Judged String. Letters, widths and inner spaces stay; line breaks become `\n`.
    """
    trimmed, clean = pl.field("trimmed"), pl.field("clean")
    cases = [(clean == "", BLANK), (clean != trimmed, "text.control_removed")]
    read = pl.struct(trimmed=trim(column)).struct.with_fields(
        clean=mend_where(trimmed, _DIRTY, _unify)
    )
    return judge_fields(read, decide(clean, RULES, cases, "text.plain"), name_of(column))
