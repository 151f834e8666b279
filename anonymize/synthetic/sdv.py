"""SDV's models behind our interface, in a process of their own, only when asked for.

Belongs here: the request to the child and what its answer becomes. Must not hold: any import of SDV
(`sdv_child`).

SDV and the libraries below it (copulas, CTGAN, RDT) are under the Business Source License 1.1, which
is no open-source licence: whoever installs them has to read it. This software neither needs nor
brings them.
"""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.synthetic.account import Account, Synthesis
from anonymize.synthetic.schema import Schema, require_schema
from anonymize.synthetic.sdv_child import FAILED, NO_SDV, NO_TORCH, read_tables, write_tables

_PROJECT = Path(__file__).resolve().parents[2]
_SECONDS = 3600
_CAVEATS = (
    "SDV は BUSL-1.1(オープンソースではないライセンス)です。業務での利用条件を確かめてください。",
    "差分プライバシーではありません。1人の影響に数学的な上限はありません。",
    "元データの最も近い行との距離は、安全の証明になりません。攻撃(単独特定・連結・推定)で確かめてください。",
    "SDV は内部の固定の種も使うので、seed を変えても同じ表になることがあります。",
)


def synthesise_by_sdv(
    frame: pl.DataFrame, schema: Schema, model: str, rows: int, seed: int
) -> Synthesis:
    """Make a table by GaussianCopula (`copula`) or CTGAN (`ctgan`).

    Raises:
        ValueError: An unknown model, SDV or torch is not installed, or SDV gave up.
    """
    if model not in {"copula", "ctgan"}:
        raise complaint("知らない合成モデルです", "Sdv(model)", "copula か ctgan にしてください。")
    metadata = {"tables": {"table": {"columns": _columns(schema)}}}
    about = {"model": model, "metadata": metadata, "rows": rows, "seed": seed}
    made, ran = _ask(about, {"table": frame})
    return _finish(model, made["table"], frame, seed, ran)


def synthesise_households(
    households: pl.DataFrame,
    persons: pl.DataFrame,
    schemas: tuple[Schema, Schema],
    *,
    household: str,
    person: str,
    scale: float,
    seed: int,
) -> tuple[Synthesis, Synthesis]:
    """Make households and the persons in them together, by SDV's hierarchical model (HMA).

    Args:
        households: One row a household.
        persons: One row a person, with the household's number.
        schemas: Of both tables, without the numbers.
        household: Column of the household's number, in both tables.
        person: Column of the person's number.
        scale: Rows to make, as a multiple of those given.
        seed: Of what SDV lets be decided.

    Raises:
        ValueError: Missing columns, SDV is not installed or gave up.
    """
    require_columns(households.columns, [household], "引数 household")
    require_columns(persons.columns, [household, person], "引数 household・person")
    require_schema(households.drop(household), schemas[0])
    require_schema(persons.drop(household, person), schemas[1])
    number = {"sdtype": "id"}
    tables = {
        "households": {
            "columns": {household: number, **_columns(schemas[0])},
            "primary_key": household,
        },
        "persons": {
            "columns": {person: number, household: number, **_columns(schemas[1])},
            "primary_key": person,
        },
    }
    link = {
        "parent_table_name": "households",
        "child_table_name": "persons",
        "parent_primary_key": household,
        "child_foreign_key": household,
    }
    about = {
        "model": "hma",
        "metadata": {"tables": tables, "relationships": [link]},
        "scale": scale,
        "seed": seed,
    }
    given = {"households": households, "persons": persons}
    made, ran = _ask(about, given)
    finished = [_finish("HMA", made[name], frame, seed, ran) for name, frame in given.items()]
    return finished[0], finished[1]


def _columns(schema: Schema) -> dict[str, dict[str, str]]:
    return {
        name: {"sdtype": "categorical" if column.kind == "category" else "numerical"}
        for name, column in schema.items()
    }


def _ask(
    about: dict[str, Any], tables: dict[str, pl.DataFrame]
) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """Run the child and give its tables, SDV's version and its CPU seconds."""
    question = io.BytesIO()
    write_tables(question, about, {name: _in_days(table) for name, table in tables.items()})
    with tempfile.TemporaryDirectory() as folder:
        own = {"HOME": folder, "XDG_DATA_HOME": folder, "PYTHONPATH": str(_PROJECT)}
        done = subprocess.run(
            [sys.executable, "-m", "anonymize.synthetic.sdv_child"],
            input=question.getvalue(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            cwd=folder,
            env={**os.environ, **own},
        )
    if done.returncode:
        raise _explain(done.returncode)
    ran, made = read_tables(done.stdout)
    return made, ran


def _in_days(table: pl.DataFrame) -> pl.DataFrame:
    """Give dates as days: SDV 1.32 with pandas 3 makes dates of 1970 out of those of today."""
    return table.with_columns(pl.col(pl.Date).cast(pl.Int32))


def _finish(
    model: str, made: pl.DataFrame, frame: pl.DataFrame, seed: int, ran: dict[str, Any]
) -> Synthesis:
    plain = {n: pl.Int32() if t == pl.Date else t for n, t in frame.schema.items()}
    typed = made.select(pl.col(n).cast(t, strict=False) for n, t in plain.items()).cast(
        dict(frame.schema)
    )
    account = Account(
        method=f"SDV {model}",
        library=f"SDV {ran['version']}(BUSL-1.1。オープンソースではありません)",
        rows_in=frame.height,
        rows_out=typed.height,
        seed=seed,
        repeatable=True,
        cost=None,
        epsilon=None,
        delta=0.0,
        rare_values={},
        seconds=ran["seconds"],
        caveats=_CAVEATS,
    )
    return Synthesis(typed, account)


def _explain(code: int) -> ValueError:
    if code == NO_SDV:
        return complaint(
            "SDV が入っていません。",
            "合成の方法 Sdv",
            "BUSL-1.1 の利用条件を確かめて pip install sdv を実行するか、Trees か Marginals を使ってください。",
        )
    if code == NO_TORCH:
        return complaint(
            "CTGAN には torch が要りますが、入っていません。",
            "合成の方法 Sdv(model=ctgan)",
            "model を copula にするか、Trees か Marginals を使ってください。",
        )
    stopped = "合成の途中で止まりました" if code == FAILED else "合成の処理を始められませんでした"
    return complaint(
        f"SDV が{stopped}(終了コード {code})。",
        "合成の方法 Sdv",
        "列の種類(category・integer・number・date)を確かめるか、Trees を使ってください。",
    )
