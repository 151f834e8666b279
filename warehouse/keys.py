"""The pseudonym key of a city: made once, kept apart from the data, never in a log.

Losing it makes old and new pseudonyms unlinkable; replacing it does so on purpose.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.home import Home

KEY_BYTES = 32
VERSION = "p1"


def read_key(home: Home, purpose: str) -> bytes:
    """Read the key of a purpose, making it on first use.

    Raises:
        ValueError: in Japanese, when the key file is damaged; it is never replaced silently.
    """
    path = home.keys / f"{purpose}.key"
    if not path.is_file():
        home.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(
            f"鍵のファイルが壊れています。\n  場所: {path}\n  直し方: 控えから元の鍵を戻してください。"
        )
    return key
