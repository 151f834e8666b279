"""The encoding for Orion can be read back from every text, and leaves nothing forbidden."""

from __future__ import annotations

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from warehouse.exchange.orion_text import FORBIDDEN, decode, encode, encoded

tricky = st.text(st.sampled_from([*"%" + FORBIDDEN + "23C8あa\n"]))


@given(st.text() | tricky)
@example("%28")
@example("%2528")
@example("100%")
@example('図書館(本館)="中央"\';<br>')
def test_reads_back_every_text(text: str):
    written = encode(text)
    assert decode(written) == text
    assert not set(written) & set(FORBIDDEN)


@given(tricky, tricky)
def test_two_texts_never_become_one(one: str, other: str):
    assert (encode(one) == encode(other)) == (one == other)


@given(st.lists(st.text(st.characters(codec="utf-8")) | tricky, min_size=1))
def test_writes_columns_as_it_writes_texts(texts: list[str]):
    column = pl.DataFrame({"text": texts}).select(encoded(pl.col("text")))["text"]
    assert column.to_list() == [encode(text) for text in texts]


def test_leaves_what_is_allowed_alone():
    assert encode("豊中市 中桜塚3-1-1（市役所）&?/#") == "豊中市 中桜塚3-1-1（市役所）&?/#"
