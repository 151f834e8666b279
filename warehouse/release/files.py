"""The files of a candidate: written in every format, read back as they lie, and described.

Belongs here: what a release consists of on disk. Must not hold: the formats (`warehouse/formats`), the
gate, the candidate's description.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.formats.csv_file import read_csv, read_numbers
from warehouse.formats.definition import write_documents
from warehouse.formats.judge import judge_formats
from warehouse.formats.typed import numbers_of
from warehouse.formats.write import write_formats
from warehouse.landing import hash_file
from warehouse.release.candidate import FileOf
from warehouse.release.layout import judge_layout

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from anonymize.gate import Finding
    from assets.register import ReleaseQuery


@dataclass(frozen=True)
class StagedFiles:
    """What lies in the folder of a candidate.

    Attributes:
        files: The data files, the CSV first, then those that explain them.
        delivered: The CSV, read as a stranger would.
        numbers: Its columns of numbers, `integer` or `number`.
        findings: What is wrong with the files as files.
    """

    files: tuple[FileOf, ...]
    delivered: pl.DataFrame
    numbers: dict[str, str]
    findings: tuple[Finding, ...]


def stage_files(release: ReleaseQuery, table: pl.DataFrame, folder: Path, stem: str) -> StagedFiles:
    """Write a typed table into a folder and judge what lies there.

    Raises:
        Refusal: a value cannot be written as the layout says (`format.…`).
    """
    standard, spec = release.standard, release.spec
    data = write_formats(table, standard, folder, stem, bom=spec.bom, xlsx=spec.xlsx)
    documents = write_documents(table, standard, folder, stem, bom=spec.bom)
    return StagedFiles(
        files=tuple(_describe(path) for path in (*data, *documents)),
        delivered=read_csv(data[0], standard),
        numbers=numbers_of(table),
        findings=(
            *judge_formats(table, standard, data),
            *judge_layout(read_numbers(data[0], {}), standard, data[0].name),
        ),
    )


def digest_files(folder: Path, files: tuple[FileOf, ...]) -> str:
    """Give the SHA-256 of all files one after the other."""
    digest = hashlib.sha256()
    for file in files:
        with (folder / file.name).open("rb") as opened:
            while part := opened.read(1 << 20):
                digest.update(part)
    return digest.hexdigest()


def _describe(path: Path) -> FileOf:
    return FileOf(path.name, path.stat().st_size, hash_file(path))
