"""Free text: left alone but for controls.

Belongs here: what is stored of a remark. Must not hold: names (`names`), folding of letters.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Rule
from transforms.verdict import BLANK, CONTROLS, OK, REPAIRED, decide, judge_fields, name_of, trim
from transforms.width import replace_table

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "text.plain": Rule(OK, "文字列（そのまま）"),
        "text.control_removed": Rule(REPAIRED, "制御文字を除去"),
    }
)

# A line break inside a remark means something: it is unified, not removed.
_INNER: Mapping[str, str] = MappingProxyType(
    {"\r\n": "\n", "\r": "\n"} | dict.fromkeys(CONTROLS, "")
)


def text(column: pl.Expr) -> pl.Expr:
    r"""Return free text without outer whitespace and without control characters.

    Args:
        column: Raw text.

    Returns:
        Judged String. Letters, widths and inner spaces stay; line breaks become `\n`.
    """
    trimmed, clean = pl.field("trimmed"), pl.field("clean")
    # Removing twice settles a line break that only a control character had split.
    cleaned = replace_table(replace_table(trimmed, _INNER), _INNER)
    cases = [(clean == "", BLANK), (clean != trimmed, "text.control_removed")]
    read = pl.struct(trimmed=trim(column)).struct.with_fields(clean=cleaned)
    return judge_fields(read, decide(clean, RULES, cases, "text.plain"), name_of(column))
