"""The keys of a city: made once, kept apart from the data, never in a log.

Losing the pseudonym key makes old and new pseudonyms unlinkable; replacing it does so on purpose.
A release of pseudonymised rows has a key of its own, which is destroyed when no further delivery
of the same scope is due: from then on nobody can tell whose rows they are by the tokens.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from warehouse.atomic import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

    from anonymize.pseudonyms import Scope
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
        _make(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(
            f"鍵のファイルが壊れています。\n  場所: {path}\n  直し方: 控えから元の鍵を戻してください。"
        )
    return key


def read_scope_key(home: Home, scope: Scope) -> bytes:
    """Read the key of a purpose and release (or declared series), making it on first use.

    Raises:
        ValueError: as `read_key`.
    """
    return read_key(home, _purpose_of(scope))


def destroy_scope_key(home: Home, scope: Scope) -> bool:
    """Destroy the key of a scope; tell whether there was one. A later read makes an unrelated one."""
    path = home.keys / f"{_purpose_of(scope)}.key"
    existed = path.is_file()
    path.unlink(missing_ok=True)
    return existed


def _make(path: Path) -> None:
    """Make a key that appears whole or not at all; whoever was first in the meantime wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    staged = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(staged, path)
    staged.unlink()
    sync_folder(path.parent)


def _purpose_of(scope: Scope) -> str:
    """Name the key file by a hash: names of purposes are Japanese and of any length."""
    return f"scope-{hashlib.sha256(scope.name.encode()).hexdigest()[:32]}"
