"""Whether the candidate names its rows as an earlier release did.

Belongs here: the comparison of columns that name rows. Must not hold: which releases are out
(`warehouse`), differences of counts between releases (`overlap`).
"""

from collections.abc import Iterator, Sequence

import polars as pl

from anonymize.gate_words import Fault
from anonymize.patterns import fold_text, has_pseudonym
from anonymize.patterns_personal import is_hash

_NAMES_ROWS = 0.5


def judge_tokens(table: pl.DataFrame, earlier: Sequence[pl.DataFrame]) -> Iterator[Fault]:
    """Find columns of tokens of which some stood in an earlier release under whatever heading.

    A column names rows if more than half of its values are pseudonyms or hash values: a list of
    facilities keeps its names and numbers from release to release, and may.
    """
    known = [values for frame in earlier for values in _tokens(frame).values()]
    if not known:
        return
    seen = pl.concat(known).unique()
    for name, values in _tokens(table).items():
        if count := int(values.is_in(seen.implode()).sum()):
            yield Fault("tokens.repeated", (name,), count)


def _tokens(frame: pl.DataFrame) -> dict[str, pl.Series]:
    found = {}
    for name in frame.columns:
        texts = frame.select(fold_text(pl.col(name).cast(pl.String)).alias("text")).drop_nulls()
        tokens = texts.filter(has_pseudonym(pl.col("text")) | is_hash(pl.col("text")))
        if tokens.height > _NAMES_ROWS * texts.height:
            found[name] = tokens["text"]
    return found
