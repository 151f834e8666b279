"""Where a file is cut into parts changes nothing of what is read."""

import csv
import io
from functools import partialmethod
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from warehouse.readers.text.decoder import Decoder, judge_file
from warehouse.readers.text.dialect import find_dialect
from warehouse.readers.text.records import split_irregular, split_regular
from warehouse.readers.text.stream import stream_records
from warehouse.refusal import Refusal

cells = st.text(st.sampled_from('aあ山0 ,"\n\r。'), max_size=6)
records = st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=25)


def _decoder(raw, codec="auto"):
    return Decoder(raw, judge_file(raw, codec, "f.csv"), codec, "f.csv")


def _read(raw, width, size):
    with mock.patch.object(Decoder, "parts", partialmethod(Decoder.parts, size)):
        batches = list(stream_records(_decoder(raw), delimiter=",", width=width, file="f.csv"))
    rows = [
        (number, *row.values())
        for batch in batches
        for number, row in zip(batch.numbers.tolist(), batch.table.to_pylist(), strict=True)
    ]
    return rows, [record for batch in batches for record in batch.ragged]


def _written(rows, codec, end="\r\n", quoting=csv.QUOTE_MINIMAL):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=end, quoting=quoting).writerows(
        [["見出し", "ひらがな"], *rows]
    )
    return buffer.getvalue().encode(codec)


@settings(deadline=None, max_examples=80)
@given(
    records,
    st.integers(8, 90).map(lambda half: 2 * half),
    st.sampled_from(["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "iso2022_jp"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@example([[""], ['"\r'], [",00\r。。"]], 16, "utf-8", "\n", csv.QUOTE_ALL)
def test_parts_of_any_size_give_the_same_records(rows, size, codec, end, quoting):
    raw = _written(rows, codec, end, quoting)
    assert _read(raw, 2, size) == _read(raw, 2, 1 << 20)


@settings(deadline=None, max_examples=80)
@given(st.text(st.sampled_from('ab,"\n'), max_size=120), st.integers(8, 60))
def test_any_quotes_give_every_byte_to_one_record(text, size):
    raw = ("x,y\n" + text + "\n").encode()
    rows, ragged = _read(raw, 2, size)
    numbers = sorted([*(row[0] for row in rows), *(record.row for record in ragged)])
    assert numbers == list(range(1, len(numbers) + 1))
    assert _read(raw, 2, 1 << 20)[1] == ragged
    for record in ragged:
        assert raw[record.offset :].decode().startswith(record.text)
        assert record.line == raw[: record.offset].count(b"\n") + 1


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=8))
def test_both_ways_to_split_agree_on_regular_quotes(rows):
    block = _written(rows, "utf-8")
    one, other = split_regular(block), split_irregular(block, b",", 2, is_last=True)
    assert one.starts.tolist() == other.starts.tolist()
    assert other.unclosed == []


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ("日本\n".encode(), "encoding.mixed"),
        (b"1,\x81 \n", "encoding.broken"),
        (b"1,\xfd\n", "encoding.broken"),
        (b"1,\x93", "encoding.truncated"),
    ],
)
def test_damage_far_behind_the_beginning_is_found_with_its_line(bad, rule):
    raw = "番号,氏名\n".encode("cp932") + "1,山田\n".encode("cp932") * 50
    decoder = Decoder(raw + bad, judge_file(raw, "auto", "f"), "auto", "f")
    with pytest.raises(Refusal) as caught:
        list(decoder.parts(64))
    assert (caught.value.rule, caught.value.where) == (rule, "f の 52行目")


def test_what_begins_as_ascii_shows_its_encoding_later():
    raw = b"id,name\n" * 20 + "1,住民\n2,ひらがな\n".encode("euc_jp")
    decoder = Decoder(raw, judge_file(raw[:80], "auto", "f"), "auto", "f")
    assert decoder.verdict.encoding == "ascii"
    assert b"".join(part.text for part in decoder.parts(64)).decode().endswith("2,ひらがな\n")
    assert decoder.verdict.encoding == "euc_jp"


def test_gaiji_and_nuls_are_counted_over_all_parts():
    raw = ("\ue000,あ\x00\n" * 30).encode("cp932")
    decoder = _decoder(raw)
    list(decoder.parts(64))
    assert (decoder.gaiji, decoder.nuls) == (30, 30)


def test_the_widest_common_record_gives_the_width():
    text = "表題\n注,a\n" + "1,2,3,4\n" * 3 + "5,6,7\n"
    assert find_dialect(text.encode()).width == 4
    assert find_dialect(b"only\nwords\n").width == 1
