"""How people write phone numbers: widths, brackets, labels, extensions, remarks.

Belongs here: from the text to the digits and what stood around them. Must not hold: the numbering
plan (`numbering_plan`), verdicts (`phones`).
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.width import ASCII, DASHES, replace_table

_FOLDED: Mapping[str, str] = MappingProxyType(
    {
        **ASCII,
        **dict.fromkeys(DASHES, "-"),
        **dict.fromkeys("\t\r\n\u00a0", " "),
        **dict.fromkeys("〜∼", "~"),
        **dict.fromkeys("℡☎☏📞", "TEL "),
    }
)
_SIMPLE = r"^\+?[( ]*[0-9]+\)?(?:[ .-]*\(?[0-9]+\)?)*$"
_SHORT = "^#[0-9]{4}$"
_EXTENSION = (
    r"(?i)^(|.*?[^a-z])[ ,、;/]*[(\[]? *(?:内線番号|内線|\(内\)|内|extension|ext\.?|x) *[:.]? *\)?[ -]*"
    r"([0-9]{1,6}(?: *[・、,/~-] *[0-9]{1,6})*)[)\]]?(?: *番)?$"
)
_LABEL = (
    r"(?i)^[(\[【]?(?:tel(?:ephone)?|電話番号|電話|phone)"
    r"(?:[/・&] ?(?:fax|ファックス|ファクス))?[)\]】]?[ .:]*"
)
_FAX = (
    r"(?i)^[(\[【]?(?:fax|ファックス|ファクス)(?:番号)?[)\]】]?[ .:]*"
    r"|[ (\[]*(?:fax|ファックス|ファクス)(?:番号)?[)\]]?$"
)
_NOTE = (
    r"(?i)^[(\[【]?(?:大代表|代表|代|直通|直|自宅|携帯電話|携帯)[)\]】]?[ .:]*"
    r"|[ (\[]*(?:大代表|代表|代|直通|直|自宅|携帯|(?:tel[/・])?fax ?(?:兼用|共用|兼))[)\]]?$"
)
_RUN = r"[0-9+(][0-9() .-]{7,}[0-9]"
_MORE = rf"{_RUN} *[~・、,/;] *[0-9(+-]"
_MANY_DIGITS = 18
_FLAGS = ("mail", "fax", "noted", "labelled", "several", "remark")
SCHEMA = pl.Struct({"core": pl.String, "extension": pl.String, **dict.fromkeys(_FLAGS, pl.Boolean)})


def read_spelling(raw: pl.Expr) -> pl.Expr:
    """Return what stands in each text, as a struct of `SCHEMA`.

    Args:
        raw: Trimmed text, never null.

    Returns:
        core: Digits with their separators, null where something else is left. extension: its
        digits. mail, fax, several, remark: why it is no single number. noted, labelled: a word
        beside the number was left out.
    """
    return raw.map_batches(_read, return_dtype=SCHEMA, is_elementwise=True)


def _read(raw: pl.Series) -> pl.Series:
    """Read the plain spellings at once, and only the others part by part."""
    text = pl.col("text")
    frame = raw.alias("text").to_frame().with_row_index()
    frame = frame.with_columns(replace_table(text, _FOLDED))
    simple = text.str.contains(_SIMPLE) | text.str.contains(_SHORT)
    several = text.str.count_matches("[0-9]") >= _MANY_DIGITS
    plain = frame.filter(simple).select("index", text.alias("core"), several=several)
    other = frame.filter(~simple)
    parts = [plain, _read_parts(other)] if other.height else [plain]
    read = pl.concat(parts, how="diagonal").sort("index")
    return read.select(_complete(read.columns)).to_series()


def _complete(present: list[str]) -> pl.Expr:
    """Return the struct of `SCHEMA`; what the plain spellings do not have is null or false."""
    nothing = pl.lit(None, pl.String)
    fields = {name: pl.col(name) if name in present else nothing for name in ("core", "extension")}
    flags = {
        name: pl.col(name).fill_null(value=False) if name in present else pl.lit(value=False)
        for name in _FLAGS
    }
    named = [field.alias(name) for name, field in (fields | flags).items()]
    return pl.struct(named).cast(SCHEMA)


def _read_parts(other: pl.DataFrame) -> pl.DataFrame:
    text, groups, rest = pl.col("text"), pl.col("groups").struct, pl.col("rest")
    bare = rest.str.replace(_LABEL, "")
    stages = (
        other.with_columns(groups=text.str.extract_groups(_EXTENSION))
        .with_columns(extension=groups.field("2"), rest=groups.field("1").fill_null(text))
        .with_columns(rest=bare, labelled=bare != rest)
        .with_columns(rest=_without_notes(rest), noted=_without_notes(rest) != rest)
        .with_columns(rest=rest.str.replace_all(_FAX, ""), fax=rest.str.contains(_FAX))
        .with_columns(rest.str.strip_chars(" ,、;"))
    )
    core = pl.when(rest.str.contains(_SIMPLE) | (rest == "")).then(rest)
    runs = rest.str.count_matches(_RUN)
    many = (core.str.count_matches("[0-9]") >= _MANY_DIGITS).fill_null(value=False)
    several = many | (core.is_null() & ((runs > 1) | rest.str.contains(_MORE)))
    return stages.select(
        "index", "extension", "labelled", "noted", "fax", core=core,
        mail=text.str.contains("@", literal=True), several=several,
        remark=core.is_null() & (runs == 1),
    )  # fmt: skip


def _without_notes(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(_NOTE, "")
