"""Personal values as shapes: enough to recognise the kind, nothing to recognise a person by."""

from __future__ import annotations

import re

MASK = "●"
_LETTER = re.compile(r"[^\W_]|[々〆ー]")


def mask(value: str) -> str:
    """Replace letters and digits by `●`; only the first letter of a longer word stays.

    A value that starts with a digit, or whose first word is one letter long, keeps nothing.
    """
    text = " ".join(value.split())
    first = re.match(r"[^\W\d_]{2,}", text)
    kept = text[0] if first and len(text) > 2 else ""  # noqa: PLR2004 - a name of two letters is half shown
    return kept + _LETTER.sub(MASK, text[len(kept) :])
