"""Two writers of one zone: the second waits, says so, and loses nothing."""

import threading
import time

import polars as pl
import pytest

from warehouse import writing_lock
from warehouse.lake import open_lake, replace_rows, transaction
from warehouse.refusal import Refusal
from warehouse.writing_lock import one_writer

ROWS = pl.DataFrame({"_delivery": ["a"], "n": [1]})


def _write(home, dataset, entered=None, hold=0.0):
    with open_lake(home, write=["internal"]) as con, transaction(con, "internal", dataset):
        if entered is not None:
            entered.set()
        replace_rows(con, ("internal", "common", dataset), ROWS, remove=None)
        con.sql(f"INSERT INTO internal.meta.loaded VALUES ('{dataset}', 'd', 'f', '{{}}')")
        con.sql("DELETE FROM internal.meta.loaded WHERE asset = 'shared'")
        time.sleep(hold)


def test_the_second_writer_waits_and_both_are_kept(home, monkeypatch, capsys):
    monkeypatch.setattr(writing_lock, "_QUIET_SECONDS", 0.05)
    with open_lake(home, write=["internal"]) as con, transaction(con, "internal", "x"):
        con.sql("INSERT INTO internal.meta.loaded VALUES ('shared', 'd', 'f', '{}')")
    entered = threading.Event()
    first = threading.Thread(target=_write, args=(home, "first", entered, 0.5))
    first.start()
    entered.wait(20)
    _write(home, "second")
    first.join()
    with open_lake(home, read=["internal"]) as con:
        kept = con.sql("SELECT asset FROM internal.meta.loaded ORDER BY 1").fetchall()
    assert kept == [("first",), ("second",)]
    assert "終わるのを待っています" in capsys.readouterr().err


def test_a_writer_that_never_ends_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(writing_lock, "_QUIET_SECONDS", 0.05)
    monkeypatch.setattr(writing_lock, "_PATIENT_SECONDS", 0.05)
    with (
        one_writer(tmp_path, "internal"),
        pytest.raises(Refusal, match="1時間以上"),
        one_writer(tmp_path, "internal"),
    ):
        pass
    with one_writer(tmp_path, "internal"):
        pass


def test_the_words_of_a_failed_transaction_are_its_own(home):
    def fail_after_the_end(con):
        with transaction(con, "internal", "x"):
            con.sql("COMMIT")
            raise ValueError("mine")

    with open_lake(home, write=["internal"]) as con, pytest.raises(ValueError, match="mine"):
        fail_after_the_end(con)
