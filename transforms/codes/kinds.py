"""A code whose kind stands beside it: one column of texts, one of kinds.

Belongs here: the words for kinds and the function behind each. Must not hold: any rule of a code.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import polars as pl

from transforms.codes.corporate_numbers import corporate_number, invoice_number
from transforms.codes.digits import digits
from transforms.codes.government_codes import local_government_code
from transforms.codes.my_numbers import blocked_my_number
from transforms.codes.postal_codes import postal_code
from transforms.codes.resident_ids import resident_id
from transforms.codes.school_codes import school_code
from transforms.codes.vocabularies import VOCABULARIES, boolean, yes_no
from transforms.rules import Example, Rule
from transforms.verdict import REFUSED, VERDICT, judged, name_of, trim
from transforms.width import fold_ascii

KINDS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = MappingProxyType(
    {
        "lg": local_government_code,
        "corporate": corporate_number,
        "invoice": invoice_number,
        "my_number": blocked_my_number,
        "resident_id": partial(resident_id, check_digit="modulus_11"),
        "postal": postal_code,
        "school": school_code,
        "digits": digits,
        "yes_no": yes_no,
        **{name: partial(boolean, vocabulary=name) for name in VOCABULARIES},
    }
)
WORDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("団体コード", "全国地方公共団体コード", "local_government_code"), "lg"),
        **dict.fromkeys(("法人番号", "corporate_number"), "corporate"),
        **dict.fromkeys(("登録番号", "インボイス登録番号", "invoice_number"), "invoice"),
        **dict.fromkeys(("個人番号", "マイナンバー", "mynumber"), "my_number"),
        **dict.fromkeys(("宛名番号", "atena"), "resident_id"),
        **dict.fromkeys(("郵便番号", "postal_code", "zip"), "postal"),
        **dict.fromkeys(("学校コード", "school_code"), "school"),
        **dict.fromkeys(("番号", "数字"), "digits"),
        **dict.fromkeys(("有無", "boolean", "yesno"), "yes_no"),
    }
)
_LISTED = "、".join(
    [*KINDS, "団体コード", "法人番号", "個人番号", "宛名番号", "郵便番号", "学校コード", "有無"]
)
UNKNOWN = "code.kind_unknown"
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        UNKNOWN: Rule(
            REFUSED,
            "種類の分からないコード",
            f"種類がないか、知らない種類です。使える種類は {_LISTED} です。context に kind=lg のように書いてください。",
            (Example("272035", "", "code", ""), Example("272035", "", "code", "kind=city")),
        )
    }
)
_DTYPE = pl.Struct({"value": pl.String, "verdict": VERDICT, "rule": pl.String})


def code_of_kind(column: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """Return every text judged as a code of its own kind.

    Args:
        column: Raw text.
        kind: Kind of each text: a key of `KINDS` or of `WORDS`, in any width and case.

    Returns:
        `Struct{value, verdict, rule}`, value a String (true and false for yes and no). A kind that is
        missing or unknown is refused, also beside a blank.
    """
    folded = fold_ascii(trim(kind)).str.to_lowercase()
    known = {**{name: name for name in KINDS}, **WORDS}
    names = folded.replace_strict(
        list(known), list(known.values()), default=None, return_dtype=pl.String
    )
    # Judged group by group, so that a column of one kind costs one function.
    return (
        pl.struct(text=column.cast(pl.String), kind=names)
        .map_batches(_judge_groups, return_dtype=_DTYPE, is_elementwise=True)
        .alias(name_of(column))
    )


def _judge_groups(rows: pl.Series) -> pl.Series:
    frame = rows.struct.unnest().with_row_index()
    groups = [
        group.select("index", _as_text(_function(kind)(pl.col("text"))))
        for (kind,), group in frame.partition_by("kind", as_dict=True).items()
    ]
    if not groups:
        return pl.Series("judged", [], dtype=_DTYPE)
    return pl.concat(groups).sort("index")["judged"]


def _function(kind: object) -> Callable[[pl.Expr], pl.Expr]:
    return KINDS.get(str(kind), _refuse_kind)


def _refuse_kind(column: pl.Expr) -> pl.Expr:
    return judged(pl.when(pl.lit(value=False)).then(column), REFUSED, UNKNOWN)


def _as_text(judged_column: pl.Expr) -> pl.Expr:
    parts = judged_column.struct
    return pl.struct(
        value=parts.field("value").cast(pl.String),
        verdict=parts.field("verdict"),
        rule=parts.field("rule"),
    ).alias("judged")
