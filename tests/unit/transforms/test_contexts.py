import polars as pl
import pytest

from transforms.contexts import find_unread, read_key


def read(context, key):
    frame = pl.DataFrame({"context": [context]}, schema={"context": pl.String})
    return frame.select(read_key(pl.col("context"), key)).item()


@pytest.mark.parametrize(
    ("context", "key", "value"),
    [
        ("era=令和", "era", "令和"),
        ("excel=1904;era=令和", "era", "令和"),
        (" excel = 1904 ; era = 令和 ", "excel", "1904"),
        ("previous=平成29年\n平均", "previous", "平成29年\n平均"),
        ("previous=a=b", "previous", "a=b"),
        ("camera=令和", "era", None),
        ("era=", "era", None),
        ("era=;era=令和", "era", None),
        ("", "era", None),
        (None, "era", None),
    ],
)
def test_a_key_is_read(context, key, value):
    assert read(context, key) == value


def test_what_nobody_reads_is_told_once_with_its_first_row_and_no_text_of_a_person():
    contexts = pl.Series(["era=令和", "ear=令和;山田太郎", None, "ear=平成", "山田太郎=女;"])
    assert list(find_unread(contexts, ["era"])) == [(1, "ear"), (1, "")]


def test_columns_without_a_context_say_nothing():
    assert list(find_unread(pl.Series([None, ""], dtype=pl.String), [])) == []
    assert list(find_unread(pl.Series([], dtype=pl.String), [])) == []
