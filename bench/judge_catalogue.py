"""A public folder judged by programs that are not ours: every catalogue file, good means 0 errors.

    python bench/judge_catalogue.py PUBLIC [--programs BIN] [--schemas FOLDER] [--rows N]

BIN holds `frictionless`, `check-jsonschema`, `csvwvalidate`, `pyshacl` and `mlcroissant`, installed in
an environment of their own; else they are taken from PATH. FOLDER holds the profile of Data Package v2
(`dp20.json`) and the shapes of DCAT-AP 3.0.1 (`dcat-ap-SHACL.ttl`). A program or schema that is not
there is named as not asked. Of each Croissant file N rows are loaded (all by default). Ends with 1
when a judge finds an error.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

# What Croissant's loader calls the rows of a file.
ROWS = "rows"


@dataclass(frozen=True)
class Judge:
    """A program, the files it is asked about, and how; `schema` must be there too."""

    name: str
    program: str
    pattern: str
    arguments: tuple[str, ...]
    schema: str | None = None


JUDGES = [
    Judge("Data Package, data", "frictionless", "**/datapackage.json", ("validate", "{file}")),
    Judge(
        "Data Package, profile", "check-jsonschema", "**/datapackage.json",
        ("--schemafile", "{schema}", "{file}"), "dp20.json",
    ),
    Judge("CSVW", "csvwvalidate", "**/*.csv-metadata.json", ("{file}",)),
    Judge("DCAT-AP, Turtle", "pyshacl", "**/*.ttl", ("-s", "{schema}", "{file}"), "dcat-ap-SHACL.ttl"),
    Judge(
        "DCAT-AP, JSON-LD", "pyshacl", "*.jsonld",
        ("-s", "{schema}", "-df", "json-ld", "{file}"), "dcat-ap-SHACL.ttl",
    ),
    Judge("Croissant, format", "mlcroissant", "**/croissant.json", ("validate", "--jsonld", "{file}")),
    Judge(
        "Croissant, rows", "mlcroissant", "**/croissant.json",
        ("load", "--jsonld", "{file}", "--record_set", ROWS, "--num_records", "{rows}"),
    ),
]  # fmt: skip


def main() -> None:
    """Ask every judge about every file and print what it said."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("public", type=Path)
    parser.add_argument("--programs", type=Path)
    parser.add_argument("--schemas", type=Path)
    parser.add_argument("--rows", type=int, default=-1)
    asked = parser.parse_args()
    faults = [_ask(judge, asked) for judge in JUDGES]
    sys.exit(1 if any(faults) else 0)


def _ask(judge: Judge, asked: argparse.Namespace) -> int:
    program = _find(judge.program, asked.programs)
    schema = asked.schemas / judge.schema if judge.schema and asked.schemas else None
    if program is None or (judge.schema and (schema is None or not schema.is_file())):
        print(
            f"{judge.name:24} not asked: {judge.schema if program else judge.program} is not there"
        )
        return 0
    files = sorted(asked.public.resolve().glob(judge.pattern))
    words = {"schema": str(schema), "rows": str(asked.rows)}
    commands = [
        [program, *(part.format(file=file, **words) for part in judge.arguments)] for file in files
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(pool.map(_run, commands))
    bad = [(f, text) for f, (code, text) in zip(files, answers, strict=True) if code]
    print(f"{judge.name:24} files {len(files):4}   with errors {len(bad):4}")
    for file, text in bad:
        print(f"--- {file.relative_to(asked.public.resolve())}\n{text.strip()[-1500:]}")
    return len(bad)


def _run(command: list[str]) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - named above
    return done.returncode, done.stdout + done.stderr


def _find(program: str, folder: Path | None) -> str | None:
    return shutil.which(program, path=str(folder) if folder else None)


if __name__ == "__main__":
    main()
