"""Matching keys of names: what two spellings of one person or body have in common.

A key serves only to find rows that may belong together. It is no name: never stored or shown as one
(`names` keeps the name). The scheme is a list of declared steps, applied in their fixed order.

Belongs here: the steps, the schemes, the rules of a key. Must not hold: deciding whether two rows
are the same person, the tables of letters (`key_letters`, `itaiji`).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Example, Rule
from transforms.texts.dashes import fold_dashes
from transforms.texts.key_letters import SMALL, SOUNDS, join_letters
from transforms.texts.legal_forms import LEGAL_FORMS
from transforms.texts.mending import mend_where
from transforms.verdict import (
    BLANK,
    OK,
    REFUSED,
    UNCERTAIN,
    WHITESPACE,
    decide,
    judge_fields,
    name_of,
    trim,
)
from transforms.width import replace_table

PERSON = ("width", "case", "kana", "small_kana", "itaiji", "dashes", "marks", "spaces")
"""Persons only: (名) or (資) after a name is no legal form."""
BODY = (*PERSON, "legal_forms")
"""Companies, facilities, and names of whatever kind: ㈱ and (株) are 株式会社, where they stand."""
SCHEMES: Mapping[str, tuple[str, ...]] = MappingProxyType({"person": PERSON, "body": BODY})

STEPS: Mapping[str, str] = MappingProxyType(
    {
        "width": "全角・半角と互換文字（①㈱Ⅲなど）を一つの書き方に。濁点を結合",
        "case": "英大文字を小文字に",
        "kana": "ひらがなをカタカナに",
        "small_kana": "小書きのカナを大きいカナに（ッ→ツ、ヶ→ケ）",
        "sounds": "同じ音の仮名を一つに（ヴ→ブ、ヂ→ジ、ヅ→ズ、ヲ→オ、ヰ→イ、ヱ→エ）",
        "itaiji": "異体字・旧字体を代表字に（髙→高、邉→辺）。異体字セレクタを除く",
        "dashes": "カナの後のハイフンを長音に。数字の間のほかのハイフンを除く",
        "marks": "中点・読点・引用符など、区切りの記号を除く",
        "spaces": "空白を除く",
        "legal_forms": "法人格の略記を正式な名称に（㈱→株式会社）",
    }
)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "name_key.made": Rule(
            OK,
            "照合キー",
            examples=(
                Example("髙橋　一郎", "高橋一郎", "name-key"),
                Example("ﾀｶﾊｼ ｲﾁﾛｳ", "タカハシイチロウ", "name-key"),
                Example("渡邉", "渡辺", "name-key"),
            ),
            source="常用漢字表（平成22年内閣告示第2号）、戸籍法施行規則別表第二、表外漢字字体表",
        ),
        "name_key.gaiji": Rule(
            OK,
            "外字を含む照合キー（同じ外字ファイルの中でだけ照合できる）",
            examples=(Example("\ue000田 太郎", "\ue000田太郎", "name-key"),),
        ),
        "name_key.letter_lost": Rule(
            UNCERTAIN,
            "失われた文字（�・〓・■・?など）がある",
            "変換で失われた文字があります。元のシステムから出力し直してください。",
            examples=(Example("〓田 太郎", "", "name-key"), Example("?橋 一郎", "", "name-key")),
        ),
        "name_key.no_letter": Rule(
            REFUSED,
            "照合に使える文字がない",
            "記号だけで、照合に使える文字がありません。名称を確かめてください。",
            examples=(Example("・・・", "", "name-key"),),
        ),
    }
)

_MARKS = "・.,、。，．'\"`´‘’“”·‧•∙⋅゠"
_LOST = "[\ufffd〓●■□]|\\p{Han}[?？]|[?？]\\p{Han}"
_GAIJI = "[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"


def _drop(steps: frozenset[str]) -> str:
    """Return the pattern of what the steps leave out."""
    marks = _MARKS if "marks" in steps else ""
    return f"[{marks}{WHITESPACE if 'spaces' in steps else ''}]+"


def _drop_hyphens(texts: pl.Expr) -> pl.Expr:
    # 1-2 is not 12: a hyphen between digits tells numbers apart.
    texts = texts.str.replace_all("(^|[^0-9０-９-])-+", "${1}")
    return texts.str.replace_all("-+([^0-9０-９-]|$)", "${1}")


def _fold(column: pl.Expr, steps: frozenset[str]) -> pl.Expr:
    folded = replace_table(column, join_letters(steps))
    if "dashes" in steps:
        folded = fold_dashes(folded)
    if steps & {"marks", "spaces"}:
        drop = _drop(steps)
        folded = mend_where(folded, drop, lambda texts: texts.str.replace_all(drop, ""))
    if "dashes" in steps:
        folded = mend_where(folded, "-", _drop_hyphens)
    if "legal_forms" in steps:
        folded = mend_where(folded, "[(Nn]", lambda texts: replace_table(texts, LEGAL_FORMS))
    if "sounds" in steps:
        folded = replace_table(folded, SOUNDS)
        if "small_kana" in steps:
            folded = replace_table(folded, SMALL)
    if "width" in steps:
        folded = mend_where(folded, "[\u0300-\u036f]", lambda texts: texts.str.normalize("NFC"))
    # What the steps left out may have stood before a space.
    folded = folded if "spaces" in steps else trim(folded)
    return folded.str.to_lowercase() if "case" in steps else folded


def name_key(column: pl.Expr, *, scheme: str | Sequence[str] = "body") -> pl.Expr:
    """Return the key under which names are compared.

    Args:
        column: Raw text: a name in kanji, kana or Latin letters.
        scheme: A word of `SCHEMES`, or steps, words of `STEPS`.

    Returns:
        Judged String. Names with the same key may be one; gaiji stay (`name_key.gaiji`), a name
        that lost a letter in a conversion has no key (`name_key.letter_lost`).

    Raises:
        ValueError: If the scheme or a step is unknown.
    """
    steps = frozenset(SCHEMES.get(scheme, [scheme]) if isinstance(scheme, str) else scheme)
    if unknown := steps - STEPS.keys():
        msg = f"照合キーの手順にない語です: {'、'.join(sorted(unknown))}。使える語: {'、'.join(STEPS)}"
        raise ValueError(msg)
    trimmed, key = pl.field("trimmed"), pl.field("key")
    cases = [
        (trimmed == "", BLANK),
        (key.str.contains(_LOST), "name_key.letter_lost"),
        (key == "", "name_key.no_letter"),
        (key.str.contains(_GAIJI), "name_key.gaiji"),
    ]
    read = pl.struct(trimmed=trim(column)).struct.with_fields(key=_fold(trimmed, steps))
    return judge_fields(read, decide(key, RULES, cases, "name_key.made"), name_of(column))
