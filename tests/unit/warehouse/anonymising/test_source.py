"""Reading and writing: every value as it was, in every spelling a CSV comes in."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.anonymising.source import Source, Spelling
from warehouse.anonymising.target import Target, require_target
from warehouse.anonymising.texts import text_frame
from warehouse.refusal import Refusal

cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Cf"]), max_size=4
)


def rows_of(path):
    return [row for batch in Source(path).batches() for row in batch.to_pylist()]


def written(tmp_path, data):
    path = tmp_path / "in.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_is_all_text(tmp_path, encoding, end):
    text = f'町,番号{end}本町①,007{end}"髙木,北",{end}'
    path = written(tmp_path, text.encode(encoding))
    assert rows_of(path) == [{"町": "本町①", "番号": "007"}, {"町": "髙木,北", "番号": None}]
    spelling = Source(path).spelling
    assert (spelling.bom, spelling.line_end) == (encoding != "utf-8", end)


def test_empty_lines_are_no_rows_and_are_counted(tmp_path):
    source = Source(written(tmp_path, "a,b\n1,2\n\n3,4\n\n"))
    assert [batch.num_rows for batch in source.batches()] == [2]
    assert source.blank_rows == 2


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ("", "csv.empty"),
        ("a,a\n1,2\n", "in.columns"),
        ("a,\n1,2\n", "in.columns"),
        ("a,b\n1\n", "in.ragged"),
        ("a,b\n1,2,3\n4,5,6\n7,8,9\n", "in.ragged"),
        ('a,b\n1,"2\n', "in.ragged"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path, data, rule):
    source = Source(written(tmp_path, data))
    with pytest.raises(Refusal) as caught:
        [source.columns, *source.batches()]
    assert caught.value.rule == rule


def test_other_files_are_refused(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"PK")
    (tmp_path / "x.parquet").write_bytes(b"no")
    for name, rule in (("x.xlsx", "in.format"), ("none.csv", "file.missing")):
        with pytest.raises(Refusal) as caught:
            Source(tmp_path / name)
        assert caught.value.rule == rule
    source = Source(tmp_path / "x.parquet")
    with pytest.raises(Refusal, match="Parquet として読めません"):
        list(source.batches())


def test_values_of_every_type_become_the_text_of_a_hierarchy():
    table = pa.table(
        {
            "int": [39, None],
            "float": [39.0, 0.5],
            "nan": [float("nan"), -0.0],
            "text": ["039", ""],
            "date": [dt.date(2026, 4, 1), None],
            "time": [dt.datetime(2026, 4, 1), dt.datetime(2026, 4, 1, 9, 30)],  # noqa: DTZ001
            "bool": [True, False],
            "decimal": [Decimal("39.00"), Decimal("0.50")],
            "class": pa.array(["a", "b"]).dictionary_encode(),
        }
    )
    assert text_frame(table, table.column_names).to_dict(as_series=False) == {
        "int": ["39", None],
        "float": ["39", "0.5"],
        "nan": [None, "0"],
        "text": ["039", ""],
        "date": ["2026-04-01", None],
        "time": ["2026-04-01", "2026-04-01 09:30:00"],
        "bool": ["true", "false"],
        "decimal": ["39", "0.5"],
        "class": ["a", "b"],
    }
    with pytest.raises(Refusal, match="列「list」"):
        text_frame(pa.table({"list": [[1]]}), ["list"])


@settings(max_examples=20)
@given(rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_what_is_written_is_read_back(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("csv")
    kept = [row for row in rows if any(row)] or [("x", "y")]
    frame = pl.DataFrame(kept, schema=["a", "b"], orient="row")
    table = frame.with_columns(pl.when(pl.all() != "").then(pl.all())).to_arrow()
    with Target(folder / "out.csv", Spelling(bom=True, line_end="\r\n")) as target:
        target.write(table)
        target.finish()
        target.commit()
    expected = [{n: v or None for n, v in zip("ab", row, strict=True)} for row in kept]
    assert rows_of(folder / "out.csv") == expected


def test_nothing_is_left_of_a_file_that_was_not_committed(tmp_path):
    with Target(tmp_path / "out.parquet", Spelling()) as target:
        target.write(pa.table({"a": [1]}))
        target.finish()
    assert list(tmp_path.iterdir()) == []


def test_the_input_is_never_the_target(tmp_path):
    path = written(tmp_path, "a\n1\n")
    (tmp_path / "link.csv").symlink_to(path)
    for out in (path, tmp_path / "." / "in.csv", tmp_path / "link.csv"):
        with pytest.raises(Refusal, match="同じ名前"):
            require_target(out, path)
    with pytest.raises(Refusal, match=r"\.csv か \.parquet"):
        require_target(tmp_path / "out.xlsx", path)
