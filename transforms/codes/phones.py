"""Phone numbers in the form of the national standard.

Belongs here: the verdict on a number. Must not hold: spellings (`phone_spellings`), where an area
code ends (`numbering_plan`), the words of the rules (`phone_rules`).
"""

import polars as pl

from transforms.codes.numbering_plan import SHORT, standard_form
from transforms.codes.phone_rules import PHONE_RULES
from transforms.codes.phone_spellings import read_spelling
from transforms.verdict import BLANK, decide, judge_fields, name_of, trim

RULES = PHONE_RULES
_SEPARATORS = "[() .-]"
_FOREIGN = r"^\+|^00[1-9]|^010"
_SENTINEL = "^0+$|^9+$|0{8}$|9{8}$|^0(?:120|570)0{6}$"
# Without its 0 a number of a place or a service has nine digits, a mobile ten.
_LOST_ZERO = "^(?:[1-9][0-9]{8}|[5-9]0[1-9][0-9]{7})$"


def phone(column: pl.Expr) -> pl.Expr:
    """Return a domestic phone number in the standard's form, its extension apart.

    Args:
        column: Raw text: 06-6858-2525, ０６（６８５８）２５２５, 0668582525, TEL 06-6858-2525 内線123.

    Returns:
        `Struct{value, verdict, rule, extension}`: (06)6858-2525 for places, 090-1234-5678 and
        0120-123-456 for numbers that belong to none; 110 and #7119 as they are. A number that
        lost its 0 gets it back where the numbering plan has the result.
    """
    raw, spelling, x = pl.field("raw"), pl.field("spelling").struct, pl.field("x")
    read = (
        pl.struct(raw=trim(column))
        .struct.with_fields(spelling=read_spelling(raw))
        .struct.with_fields(x=_domestic(spelling.field("core")))
        .struct.with_fields(lost=x.str.contains(_LOST_ZERO))
        .struct.with_fields(
            form=standard_form(pl.when(pl.field("lost")).then("0" + x).otherwise(x))
        )
    )
    value = pl.when(x.str.contains(SHORT)).then(x).otherwise(pl.field("form"))
    decided = read.struct.with_fields(
        decided=decide(value, PHONE_RULES, _cases(), "phone.written_form")
    )
    parts = [pl.field("decided").struct.field(name) for name in ("value", "verdict", "rule")]
    judged = pl.struct(*parts, spelling.field("extension"))
    return judge_fields(decided, judged, name_of(column))


def _domestic(core: pl.Expr) -> pl.Expr:
    """Return the digits, +81 read as the leading 0; a plus of another country stays."""
    return core.str.replace_all(_SEPARATORS, "").str.replace(r"^\+810?", "0")


def _cases() -> list[tuple[pl.Expr, str]]:
    raw, spelling, x, form = (pl.field(name) for name in ("raw", "spelling", "x", "form"))
    told = {
        name: spelling.struct.field(name)
        for name in ("core", "extension", "mail", "fax", "noted", "labelled", "several", "remark")
    }
    extended = told["extension"].is_not_null()
    return [
        (raw == "", BLANK),
        (told["mail"], "phone.mail"),
        (told["several"], "phone.several"),
        (extended & (told["core"] == ""), "phone.extension_only"),
        (told["remark"], "phone.remark"),
        (x.is_null() | (x == ""), "phone.not_phone"),
        (told["fax"], "phone.fax"),
        (x.str.contains(SHORT), "phone.short_number"),
        (x.str.contains(_SENTINEL), "phone.sentinel"),
        (x.str.contains(_FOREIGN), "phone.foreign"),
        (x.str.contains("^[1-9][0-9]{5,7}$"), "phone.no_area_code"),
        (
            form.is_null() & x.str.contains("^0[0-9]{9}$") & ~x.str.contains("^0[5-9]0"),
            "phone.unassigned",
        ),
        (form.is_null(), "phone.length"),
        (pl.field("lost"), "phone.zero_restored"),
        (told["noted"], "phone.annotation"),
        (extended, "phone.extension"),
        (told["core"].str.starts_with("+"), "phone.country_code"),
        (told["labelled"], "phone.labelled"),
        (raw == form, "phone.plain"),
    ]
