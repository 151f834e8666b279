"""Keyed hashes of whole columns, computed once per distinct value.

Belongs here: the key's minimum length and HMAC-SHA-256 over a column. Must not hold: where a key
is kept, and what a hash is used for.
"""

import hmac
from collections.abc import Callable

import polars as pl

from anonymize.complaint import complaint

MINIMUM_KEY_BYTES = 32


def require_key(key: bytes) -> None:
    """Raise unless the key is as long as the hash's output (RFC 2104, section 3).

    Raises:
        ValueError: The key has fewer than 32 bytes.
    """
    if len(key) < MINIMUM_KEY_BYTES:
        raise complaint(
            f"鍵が短すぎます({MINIMUM_KEY_BYTES}バイト以上が必要です)",
            "引数 key",
            "暗号用の乱数で32バイト以上の鍵を作り、鍵の保管場所に登録してから渡してください。",
        )


def hash_column(
    values: pl.Series, finish: Callable[[bytes], object], *, key: bytes, purpose: str
) -> pl.Series:
    """Return `finish(HMAC-SHA-256(key, purpose, value))` for every value; null stays null.

    Args:
        values: String column.
        finish: Turns the 32 bytes of the hash into what the result holds.
        key: At least 32 bytes.
        purpose: Separates uses of one key: equal values hash differently under another purpose.

    Raises:
        ValueError: The key is too short.
    """
    require_key(key)
    # The length in front keeps (purpose, value) from meaning two different pairs.
    prefix = f"{len(purpose.encode())}:{purpose}:".encode()
    distinct = values.drop_nulls().unique().alias("value")
    hashes = [hmac.digest(key, prefix + value.encode(), "sha256") for value in distinct.to_list()]
    table = pl.DataFrame({"value": distinct, "hash": [finish(digest) for digest in hashes]})
    whole = pl.DataFrame({"value": values})
    return whole.join(table, on="value", how="left", maintain_order="left")["hash"]


def uniform(digest: bytes) -> float:
    """Return a number in [0, 1) from the first 53 bits of a hash."""
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53
