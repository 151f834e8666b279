"""The key under which a column header is looked up.

Belongs here: this one key. Must not hold: keys of names.
"""

import unicodedata

from transforms.verdict import CONTROLS, WHITESPACE
from transforms.width import DASHES

_DASH_TABLE = str.maketrans(dict.fromkeys(DASHES + "-", "ー") | {"〜": "~"})


def header_key(text: str) -> str:
    r"""Return the key under which a column header is looked up.

    Args:
        text: Header as delivered, line breaks included.

    Returns:
        NFKC form without whitespace and controls, with hyphens, dashes and long-vowel marks
        all written ー: `電話 番号\n（代表）` and `電話番号(代表)` are one.
    """
    drop = dict.fromkeys(map(ord, WHITESPACE + CONTROLS))
    kept = unicodedata.normalize("NFKC", text).translate(drop)
    return unicodedata.normalize("NFKC", kept).translate(_DASH_TABLE)
