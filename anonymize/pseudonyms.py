"""Pseudonyms: identifiers replaced by keyed tokens, and the delivered order of rows destroyed.

Belongs here: what makes rows linkable inside the city without naming a person (the idea of
仮名加工情報, 個人情報の保護に関する法律 第2条第5項). Must not hold: keys and their storage, or
anything that makes rows publishable: a pseudonymised row is still personal information.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.keyed_hash import hash_column, require_key

_RELEASE_VERSION = "r"
_VERSION = re.compile(r"^[a-z0-9]{1,8}$")
_ROWS_AT_ONCE = 100_000
_TOKEN_BYTES = 16


@dataclass(frozen=True)
class Scope:
    """Within what equal persons keep equal pseudonyms, and beyond which they do not.

    Attributes:
        purpose: What the rows are given out for.
        release: The release they are part of.
        series: Declared only when several releases of one purpose must be linkable with each other
            (a study of years): they share it, and it stands for `release`.
    """

    purpose: str
    release: str
    series: str | None = None

    def __post_init__(self) -> None:
        """Refuse a scope without bounds.

        Raises:
            ValueError: An empty purpose, release or series.
        """
        if not self.purpose or not self.release or self.series == "":
            raise complaint(
                "仮名の範囲(目的・公開・系列)に空のものがあります",
                "Scope",
                "目的と公開の名前を書き、系列は使わないなら書かないでください。",
            )

    @property
    def name(self) -> str:
        """Name the scope so that no two different ones share a name."""
        kind, bound = ("release", self.release) if self.series is None else ("series", self.series)
        return f"{len(self.purpose)}:{self.purpose}:{kind}:{bound}"


def pseudonymise_for_release(
    frame: pl.DataFrame, columns: Mapping[str, str], *, key: bytes, scope: Scope
) -> pl.DataFrame:
    """Replace identifiers by tokens of one purpose and release, and destroy the order of rows.

    One person has unrelated tokens in two releases, and under two purposes, even under one key,
    unless both declare the same `series`. All of `pseudonymise` holds as well.

    Args:
        frame: Any table.
        columns: As for `pseudonymise`.
        key: At least 32 random bytes, best of this scope alone: destroyed after the release, nobody
            can recompute a token any more.
        scope: Purpose and release.

    Raises:
        ValueError: As `pseudonymise`.
    """
    spaces = {name: f"{scope.name}:{space}" if space else "" for name, space in columns.items()}
    named = pseudonymise(frame, spaces, key=key, version=_RELEASE_VERSION)
    return shuffle_rows(named, key=key, purpose=f"{scope.name}:{scope.release}")


def pseudonymise(
    frame: pl.DataFrame, columns: Mapping[str, str], *, key: bytes, version: str
) -> pl.DataFrame:
    """Replace identifiers by tokens such as `p1_k3v…` (26 base32 letters, 128 bits).

    The same identifier, namespace, key and version always give the same token, so that tables
    stay joinable; another namespace gives an unrelated token. Null stays null.

    Protects: without the key nobody finds the identifier, not even by trying all numbers.
    Does not protect: the key holder can recompute every token; the other columns (birth date,
    address, dates of events) still single a person out; equal tokens show that rows belong
    together; the order of rows is unchanged (see `shuffle_rows`).

    Args:
        frame: Any table.
        columns: Column to namespace (`resident`, `household` …). Columns of String or integer
            type; `7` and `"007"` are different identifiers, a blank text is an identifier too:
            turn blanks into null first.
        key: At least 32 random bytes.
        version: Name of the key, the token's prefix: 1 to 8 of a-z and 0-9.

    Raises:
        ValueError: Short key, bad version, missing column, empty namespace, unfit type.
    """
    require_key(key)
    require_columns(frame.columns, list(columns), "引数 columns")
    _require_version(version)
    for name, namespace in columns.items():
        _require_identifier(frame[name], namespace)
    return frame.with_columns(
        _tokens(frame[name], key=key, version=version, namespace=namespace)
        for name, namespace in columns.items()
    )


def shuffle_rows(frame: pl.DataFrame, *, key: bytes, purpose: str) -> pl.DataFrame:
    """Sort rows by a keyed hash of their content, so that the delivered order is lost.

    Protects: a register is delivered in an order that means something (household, address,
    number of registration), which would tell neighbours and relatives apart after pseudonyms.
    Does not protect: values in the rows, the number of rows, groups of equal rows. Two
    deliveries under one purpose keep unchanged rows in the same relative order and can be
    aligned: use another purpose for each delivery that must not be aligned.

    Args:
        frame: Any table; the order of its rows has no influence on the result.
        key: At least 32 random bytes.
        purpose: Name of the delivery.

    Raises:
        ValueError: Short key.
    """
    require_key(key)
    if frame.is_empty():
        return frame
    # In slices: the rows as texts, all at once, take many times the table's memory.
    ranks = [
        hash_column(
            part.select(pl.struct(pl.all()).struct.json_encode()).to_series(),
            _rank,
            key=key,
            purpose=f"shuffle:{purpose}",
        ).cast(pl.UInt64)
        for part in frame.iter_slices(_ROWS_AT_ONCE)
    ]
    # Rows of one rank are equal rows but for a chance of 1 in 2^64 a pair: ties carry no order.
    return frame[pl.concat(ranks).arg_sort()]


def _rank(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big")


def _tokens(identifiers: pl.Series, *, key: bytes, version: str, namespace: str) -> pl.Series:
    def finish(digest: bytes) -> str:
        return f"{version}_{base64.b32encode(digest[:_TOKEN_BYTES]).decode().rstrip('=').lower()}"

    purpose = f"pseudonym:{version}:{namespace}"
    texts = identifiers.cast(pl.String)
    tokens = hash_column(texts, finish, key=key, purpose=purpose)
    return tokens.cast(pl.String).alias(identifiers.name)


def _require_version(version: str) -> None:
    if not _VERSION.match(version):
        raise complaint(
            "鍵の版の書き方が正しくありません",
            "引数 version",
            "英小文字と数字で8文字以内にしてください(例 p1)。",
        )


def _require_identifier(identifiers: pl.Series, namespace: str) -> None:
    if not namespace:
        raise complaint(
            "仮名の名前空間が空です",
            f"列「{identifiers.name}」",
            "何を識別する番号か(例 resident)を書いてください。",
        )
    if identifiers.dtype != pl.String and not identifiers.dtype.is_integer():
        raise complaint(
            "識別子の列が文字でも整数でもありません",
            f"列「{identifiers.name}」",
            "先頭の0が消えないよう、文字の列にしてから渡してください。",
        )
