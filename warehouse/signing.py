"""Signatures under what the city publishes, in the format of minisign, so that anybody can check.

Belongs here: signing bytes with the city's key, and checking. Must not hold: what is signed, or
where signatures lie (`release.freeze`). The format: https://jedisct1.github.io/minisign/ (Ed25519
over the BLAKE2b-512 hash; a second signature binds the trusted comment to the first).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from warehouse.keys import read_key

if TYPE_CHECKING:
    from warehouse.home import Home

KEY_PURPOSE = "signing"
_KEY_KIND, _PREHASHED = b"Ed", b"ED"
_KIND_BYTES, _ID_BYTES, _KEY_BYTES, _SIGNATURE_BYTES = 2, 8, 32, 64
_UNTRUSTED, _TRUSTED = "untrusted comment: ", "trusted comment: "


def sign(home: Home, data: bytes, comment: str) -> bytes:
    """Sign bytes with the city's key, which is made on first use.

    Args:
        home: Of the city.
        data: What is signed.
        comment: Signed with it and shown by whoever checks; blanks and line ends become one space.

    Returns:
        A minisign signature file of four lines.

    Raises:
        ValueError: in Japanese, when the key file is damaged.
    """
    key = _private_key(home)
    said = " ".join(comment.split())
    signature = key.sign(_hash(data))
    bound = key.sign(signature + said.encode("utf-8"))
    head = _PREHASHED + _key_id(key.public_key())
    lines = (
        f"{_UNTRUSTED}machikane",
        _encode(head + signature),
        f"{_TRUSTED}{said}",
        _encode(bound),
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def public_key(home: Home) -> str:
    """Give the city's public key as minisign's `.pub` text; the key is made on first use.

    Raises:
        ValueError: as `sign`.
    """
    key = _private_key(home).public_key()
    key_id = _key_id(key)
    # minisign shows an id as one little-endian number.
    shown = key_id[::-1].hex().upper()
    body = _encode(_KEY_KIND + key_id + key.public_bytes_raw())
    return f"{_UNTRUSTED}minisign public key {shown}\n{body}\n"


def verify(public_key: str, data: bytes, signature: bytes) -> bool:
    """Tell whether a signature file is by the owner of a public key, over these bytes.

    Args:
        public_key: minisign's `.pub` text, or its second line alone.
        data: What is said to be signed.
        signature: A prehashed minisign signature file; its trusted comment must be intact too.
    """
    try:
        key_id, key = _read_public_key(public_key)
        own_id, made, comment, bound = _read_signature(signature)
        if own_id != key_id:
            return False
        key.verify(made, _hash(data))
        key.verify(bound, made + comment)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private_key(home: Home) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(read_key(home, KEY_PURPOSE))


def _key_id(key: Ed25519PublicKey) -> bytes:
    """Name a key by its own bytes; minisign takes any eight."""
    return hashlib.blake2b(key.public_bytes_raw(), digest_size=_ID_BYTES).digest()


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data).digest()


def _read_public_key(text: str) -> tuple[bytes, Ed25519PublicKey]:
    body = _decode(text.strip().rsplit("\n", 1)[-1], _KIND_BYTES + _ID_BYTES + _KEY_BYTES)
    if body[:_KIND_BYTES] != _KEY_KIND:
        raise ValueError("not an Ed25519 key")
    raw = body[_KIND_BYTES + _ID_BYTES :]
    return body[_KIND_BYTES:][:_ID_BYTES], Ed25519PublicKey.from_public_bytes(raw)


def _read_signature(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Take a signature file apart: key id, signature, trusted comment, signature of both."""
    untrusted, first, trusted, second = data.decode("utf-8").removesuffix("\n").split("\n")
    if not untrusted.startswith(_UNTRUSTED) or not trusted.startswith(_TRUSTED):
        raise ValueError("not a minisign signature")
    body = _decode(first, _KIND_BYTES + _ID_BYTES + _SIGNATURE_BYTES)
    if body[:_KIND_BYTES] != _PREHASHED:
        raise ValueError("not a prehashed signature")
    key_id, made = body[_KIND_BYTES:][:_ID_BYTES], body[_KIND_BYTES + _ID_BYTES :]
    comment = trusted.removeprefix(_TRUSTED).encode("utf-8")
    return key_id, made, comment, _decode(second, _SIGNATURE_BYTES)


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decode(text: str, size: int) -> bytes:
    try:
        data = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if len(data) != size:
        raise ValueError("wrong length")
    return data
