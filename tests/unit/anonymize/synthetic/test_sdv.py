"""SDV runs in its own process, without a network, and is missed in plain words."""

import importlib.util
import io
import subprocess

import polars as pl
import pytest

from anonymize.synthetic import sdv
from anonymize.synthetic.schema import schema_of
from anonymize.synthetic.sdv_child import (
    FAILED,
    NO_SDV,
    NO_TORCH,
    _refuse_connections,
    read_tables,
    write_tables,
)
from anonymize.synthetic.synthesise import Sdv, synthesise
from tests.unit.anonymize.synthetic.made_up import register

FRAME = register(300)
SCHEMA = schema_of(FRAME)


@pytest.mark.parametrize(
    ("code", "words"),
    [(NO_SDV, "SDV が入っていません"), (NO_TORCH, "torch が要ります"), (FAILED, "途中で止まりました"), (-9, "始められません")],
)  # fmt: skip
def test_what_the_child_could_not_do_is_told_in_plain_words(monkeypatch, code, words):
    done = subprocess.CompletedProcess([], code, b"", b"")
    monkeypatch.setattr(sdv.subprocess, "run", lambda *_, **__: done)
    with pytest.raises(ValueError, match=words):
        synthesise(FRAME, SCHEMA, Sdv(), 10, 1)


def test_tables_pass_through_the_pipe_unchanged():
    pipe = io.BytesIO()
    tables = {"a": FRAME, "b": FRAME.select("moved").head(3)}
    write_tables(pipe, {"model": "copula", "seed": 3}, tables)
    about, found = read_tables(pipe.getvalue())
    assert about == {"model": "copula", "seed": 3}
    assert all(found[name].equals(table) for name, table in tables.items())


def test_dates_go_to_sdv_as_days_and_come_back_as_dates(monkeypatch):
    def answer(*_, **given):
        _, tables = read_tables(given["input"])
        assert tables["table"]["moved"].dtype == pl.Int32
        pipe = io.BytesIO()
        write_tables(pipe, {"version": "0", "seconds": 1.0}, {"table": tables["table"]})
        return subprocess.CompletedProcess([], 0, pipe.getvalue(), b"")

    monkeypatch.setattr(sdv.subprocess, "run", answer)
    made = synthesise(FRAME, SCHEMA, Sdv(), 300, 1)
    assert made.frame.equals(FRAME)
    assert "BUSL-1.1" in made.account.library
    assert made.account.epsilon is None


def test_the_child_refuses_connections():
    for event in ("socket.connect", "socket.getaddrinfo"):
        with pytest.raises(OSError, match="no connections"):
            _refuse_connections(event, ())
    _refuse_connections("open", ())


@pytest.mark.slow
def test_a_copula_makes_a_table_of_the_same_kinds():
    pytest.importorskip("sdv")
    made = synthesise(FRAME, SCHEMA, Sdv(), 200, 1)
    assert made.frame.schema == FRAME.schema
    assert made.frame.height == 200
    assert made.frame["moved"].drop_nulls().dt.year().is_between(2014, 2026).all()
    assert made.account.library.startswith("SDV ")


@pytest.mark.slow
def test_ctgan_without_torch_is_told():
    pytest.importorskip("sdv")
    if importlib.util.find_spec("torch") is not None:
        pytest.skip("torch が入っている")
    with pytest.raises(ValueError, match="torch"):
        synthesise(FRAME, SCHEMA, Sdv("ctgan"), 10, 1)


@pytest.mark.slow
def test_households_and_their_persons_are_made_together():
    pytest.importorskip("sdv")
    homes = pl.DataFrame({"home": range(60), "kind": ["a", "b", "b"] * 20})
    people = pl.DataFrame({"person": range(150), "home": [n % 60 for n in range(150)]})
    people = people.with_columns(FRAME["age"][:150])
    schemas = schema_of(homes.select("kind")), schema_of(people.select("age"))
    made_homes, made_people = sdv.synthesise_households(
        homes, people, schemas, household="home", person="person", scale=0.5, seed=1
    )
    assert made_homes.frame.height == 30
    assert set(made_people.frame["home"]) <= set(made_homes.frame["home"])
    assert made_people.frame.schema == people.schema
