"""A small table of persons with its policy, and one run of it."""

from __future__ import annotations

import random

import polars as pl

from warehouse.anonymising.run import anonymise

POLICY = """
quasi_identifiers:
  age: {rule: age}
  sex: {hierarchy: sex.csv, weight: 2}
sensitive: [care]
insensitive: [note]
models: [{k: 5}]
suppression_limit: 0.1
"""


def persons(rows=400, seed=3):
    draw = random.Random(seed)  # noqa: S311 - made-up rows
    return pl.DataFrame(
        {
            "id": [f"{draw.randrange(rows // 2):04}" for _ in range(rows)],
            "age": [str(min(99, abs(int(draw.gauss(45, 20))))) for _ in range(rows)],
            "sex": [draw.choice("MF") for _ in range(rows)],
            "care": [draw.choice(["none", "none", "none", "a", "b"]) for _ in range(rows)],
            "note": [f'{n}, "{n}"' if n % 3 else None for n in range(rows)],
        }
    )


def write_case(folder, *, policy=POLICY, frame=None, name="in.csv"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sex.csv").write_text("M;*\nF;*\n", "utf-8")
    (folder / "policy.yaml").write_text(policy, "utf-8")
    table = persons() if frame is None else frame
    if name.endswith(".csv"):
        table.write_csv(folder / name)
    else:
        table.write_parquet(folder / name)


def run(folder, name="in.csv", out="out.csv"):
    return anonymise(folder / name, folder / "policy.yaml", folder / out, folder / "report.json")


def read(path):
    return pl.read_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.read_parquet(path)
