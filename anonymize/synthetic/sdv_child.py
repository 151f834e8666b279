"""The process in which SDV runs: tables in by one pipe, a made-up table out by another.

Belongs here: everything that touches SDV, imported inside functions. Must not hold: what the city's
process does with the result (`sdv`). Nothing is written to disk but SDV's own log, which the parent
puts into a folder that goes away; any connection to a network is refused.
"""

import importlib.util
import io
import json
import os
import sys
import time
from typing import IO, Any

import polars as pl

NO_SDV, NO_TORCH, FAILED = 3, 4, 5


def write_tables(stream: IO[bytes], about: dict[str, Any], tables: dict[str, pl.DataFrame]) -> None:
    """Write a line of JSON and the tables in Arrow's format."""
    packed = {}
    for name, table in tables.items():
        content = io.BytesIO()
        table.write_ipc(content)
        packed[name] = content.getvalue()
    head = {**about, "sizes": {name: len(content) for name, content in packed.items()}}
    stream.write(json.dumps(head).encode() + b"\n" + b"".join(packed.values()))
    stream.flush()


def read_tables(content: bytes) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """Read what `write_tables` wrote."""
    line, _, rest = content.partition(b"\n")
    about = json.loads(line)
    tables, at = {}, 0
    for name, size in about.pop("sizes").items():
        tables[name] = pl.read_ipc(io.BytesIO(rest[at : at + size]))
        at += size
    return about, tables


def main() -> int:
    """Read a request, make the tables, write them; the exit code tells what was missing."""
    sys.addaudithook(_refuse_connections)
    if importlib.util.find_spec("sdv") is None:
        return NO_SDV
    about, tables = read_tables(sys.stdin.buffer.read())
    if about["model"] == "ctgan" and importlib.util.find_spec("torch") is None:
        return NO_TORCH
    # Whatever the library prints must not come between the tables, nor show a row.
    answer = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - a device
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        try:
            made = _make(about, tables)
        except Exception:  # noqa: BLE001 - a library's message may hold a row
            return FAILED
    from importlib.metadata import version  # noqa: PLC0415

    write_tables(answer, {"version": version("sdv"), "seconds": time.process_time()}, made)
    return 0


def _refuse_connections(event: str, _: object) -> None:
    if event in {"socket.connect", "socket.getaddrinfo"}:
        raise OSError("no connections")


def _make(about: dict[str, Any], tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    import numpy as np  # noqa: PLC0415
    from sdv.metadata import Metadata  # noqa: PLC0415

    np.random.seed(about["seed"])  # noqa: NPY002 - SDV draws from it
    metadata = Metadata.load_from_dict(about["metadata"])
    frames = {name: table.to_pandas() for name, table in tables.items()}
    if about["model"] == "hma":
        from sdv.multi_table import HMASynthesizer  # noqa: PLC0415

        several = HMASynthesizer(metadata, verbose=False)
        several.fit(frames)
        made = several.sample(scale=about["scale"])
    else:
        from sdv.single_table import CTGANSynthesizer, GaussianCopulaSynthesizer  # noqa: PLC0415

        model = CTGANSynthesizer if about["model"] == "ctgan" else GaussianCopulaSynthesizer
        one = model(metadata)
        (name,) = frames
        one.fit(frames[name])
        made = {name: one.sample(num_rows=about["rows"])}
    return {name: pl.from_pandas(frame) for name, frame in made.items()}


if __name__ == "__main__":
    sys.exit(main())
