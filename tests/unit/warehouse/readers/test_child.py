"""A hostile file is refused by name, and the next file is read all the same."""

import os
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import polars as pl
import psutil
import pytest
import xlsxwriter

from tests.unit.warehouse.small_city import make_contract, people
from warehouse.readers import child
from warehouse.readers.child import ParsingChild
from warehouse.refusal import Refusal

FAR_CELL = (
    '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
    '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>番号</t></is></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)


@pytest.fixture(scope="module")
def parsing():
    with ParsingChild() as opened:
        yield opened


@pytest.fixture
def rows(tmp_path):
    """Where the parsed rows go."""
    return tmp_path / "rows.parquet"


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.csv"
    path.write_text(people("001,甲,本町,3"), "utf-8")
    return path


@pytest.fixture
def far_cell(tmp_path):
    """A workbook of a few hundred bytes that claims 17 thousand million cells."""
    plain, far = tmp_path / "plain.xlsx", tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(str(plain))
    book.add_worksheet()
    book.close()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(far, "w") as target:
        for name in source.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            target.writestr(name, FAR_CELL if is_sheet else source.read(name))
    return far


def _refused(parsing, path, contract):
    with pytest.raises(Refusal) as caught:
        parsing.store(path, contract, "2026-04", "届いた.xlsx", path.with_name("rows.parquet"))
    assert caught.value.where.startswith("届いた.xlsx")
    return caught.value


def test_a_far_cell_is_refused_and_the_next_file_read(parsing, good, far_cell, rows):
    workbook = make_contract(source={"file": "f.xlsx", "format": "workbook"})
    refusal = _refused(parsing, far_cell, workbook)
    assert refusal.rule == "workbook.far_cell"
    assert "直し方" in str(refusal)
    assert parsing.store(good, make_contract(), "2026-04", "good.csv", rows).rows == rows
    assert pl.read_parquet(rows).rows() == [(2, "001", "甲", "本町", "3")]


def test_a_refusal_of_the_reader_comes_through_whole(parsing, tmp_path, rows):
    path = tmp_path / "f.csv"
    path.write_text("番号,氏名,町名\n", "utf-8")
    with pytest.raises(Refusal) as caught:
        parsing.store(path, make_contract(), "2026-04", "f.csv", rows)
    assert caught.value.rule == "header.missing"
    assert "回数" in caught.value.what


def test_an_unforeseen_error_refuses_the_file_without_its_words(parsing, tmp_path, good, rows):
    refusal = _refused(parsing, tmp_path / "gone.csv", make_contract())
    assert refusal.rule == "parse.failed"
    assert "FileNotFoundError" in refusal.what
    assert str(tmp_path) not in str(refusal)
    assert parsing.store(good, make_contract(), "2026-04", "good.csv", rows).account.rows_out == 1


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_read(
    parsing, good, rows, monkeypatch
):
    monkeypatch.setattr(child, "SECONDS", 0)
    with pytest.raises(Refusal) as caught:
        parsing.run(time.sleep, 30, file="届いた.csv")
    assert caught.value.rule == "parse.slow"
    monkeypatch.undo()
    assert parsing.store(good, make_contract(), "2026-04", "good.csv", rows).account.rows_out == 1


def _eat(size):
    """Take so much memory, little by little, as a parser does."""
    parts = []
    while len(parts) < size >> 20:
        parts.append(b"x" * (1 << 20))
        time.sleep(0.001)
    return len(parts)


def _reserve_at_once(size):
    return len(bytes(size))


def _die():
    os._exit(3)


def _answer_with_a_lock():
    return threading.Lock()


def test_a_reader_that_eats_the_memory_is_stopped_while_it_eats(parsing, monkeypatch):
    monkeypatch.setattr(child, "MEMORY_BYTES", 500 << 20)
    with pytest.raises(Refusal) as caught:
        parsing.run(_eat, 2 << 30, file="f")
    assert (caught.value.rule, "メモリ" in caught.value.what) == ("parse.died", True)
    monkeypatch.undo()
    assert parsing.run(_eat, 1 << 20, file="f") == 1


@pytest.mark.skipif(os.name != "posix", reason="the limit is POSIX's")
def test_a_reader_that_asks_for_absurdly_much_at_once_gets_nothing(parsing):
    with pytest.raises(Refusal) as caught:
        parsing.run(_reserve_at_once, 1 << 40, file="f")
    assert (caught.value.rule, "メモリ" in caught.value.what) == ("parse.died", True)


def test_a_reader_that_dies_refuses_its_file_and_no_other(parsing):
    with pytest.raises(Refusal) as caught:
        parsing.run(_die, file="f")
    assert (caught.value.rule, "止まりました" in caught.value.what) == ("parse.died", True)
    assert parsing.run(len, "abc", file="f") == 3


def test_a_child_that_died_between_two_files_is_replaced(parsing):
    assert parsing.run(len, "abc", file="f") == 3
    parsing._process.kill()
    parsing._process.join()
    assert parsing.run(len, "abcd", file="f") == 4


def test_an_answer_that_cannot_be_sent_is_a_refusal(parsing):
    with pytest.raises(Refusal) as caught:
        parsing.run(_answer_with_a_lock, file="f")
    assert caught.value.rule == "parse.failed"
    assert parsing.run(len, "abc", file="f") == 3


def test_big_files_may_take_more(tmp_path):
    path = tmp_path / "big.csv"
    path.write_bytes(b"x" * (3 << 20))
    small, big = child._Limits.of(("a", 1)), child._Limits.of((path, "a"))
    assert (small.memory, small.seconds) == (child.MEMORY_BYTES, child.SECONDS)
    assert big.memory - small.memory == child.MEMORY_PER_BYTE * (3 << 20)
    assert big.seconds - small.seconds == 3 * child.SECONDS_PER_MEGABYTE
    assert small.seconds < 60


def test_the_child_ends_with_its_block(good, rows):
    with ParsingChild() as parsing:
        assert parsing._process is None
        parsing.store(good, make_contract(), "2026-04", "good.csv", rows)
        assert parsing._process is not None
        number = parsing._process.pid
        assert psutil.pid_exists(number)
    assert not psutil.pid_exists(number)
    assert parsing._process is None


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.unit.warehouse.small_city import make_contract
from warehouse.readers.child import ParsingChild

if __name__ == "__main__":
    path, parsing = Path(sys.argv[1]), ParsingChild()
    parsing.store(path, make_contract(), "2026-04", "good.csv", path.with_name("rows.parquet"))
    print(parsing._process.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_the_child_of_a_killed_run_ends_by_itself(good, tmp_path):
    script = tmp_path / "killed.py"
    script.write_text(KILLED, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(child.__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, str(script), str(good)],
        stdout=subprocess.PIPE, timeout=60, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == -9
    number, end = int(done.stdout), time.monotonic() + 20
    while _is_running(number) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _is_running(number)


def _is_running(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{number}/stat")
    return not state.is_file() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
