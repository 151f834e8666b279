"""The landing zone: delivered bytes kept once under their SHA-256, with a receipt for each.

Nothing here opens a file's format. Bytes are never edited, and deleted only when their retention
has ended (`warehouse.upkeep`); a receipt says who brought what, when, under which name, for which
dataset and period.
"""

from __future__ import annotations

import datetime as dt
import getpass
import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from warehouse.atomic import write_atomically
from warehouse.refusal import Refusal
from warehouse.upkeep.tombstones import is_tombstoned

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.home import Home
    from warehouse.inbox import Arrival

RETURNED = "returned"
_CHUNK = 1 << 20


class StillWritingError(OSError):
    """The file changed while its bytes were being kept; nothing of it was."""


@dataclass(frozen=True)
class Receipt:
    """Proof of one delivery.

    Attributes:
        sha256: identity of the bytes.
        modified_at: the file's own time, ISO 8601 UTC, the newest when the same bytes came more
            than once: it orders deliveries of one period, so that the order of collection does not
            matter and a department can go back to an earlier file by sending it again.
        names: every name under which the same bytes came for this dataset and period.
        encoding: what a text was read in, once it has been read.
        proof: why that encoding, in Japanese.
    """

    dataset: str
    period: str
    sha256: str
    names: tuple[str, ...]
    size: int
    modified_at: str
    received_at: str
    received_by: str
    encoding: str | None = None
    proof: str = ""

    @property
    def delivery(self) -> str:
        """The short id that rows carry: of the bytes and the period they were delivered for."""
        return hashlib.sha256(f"{self.period}:{self.sha256}".encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """The name it first came under."""
        return self.names[0]


def collect(home: Home, arrival: Arrival) -> tuple[Receipt, bool]:
    """Keep the bytes of one recognised file and write its receipt.

    Returns:
        The receipt, and whether the bytes were new for this dataset and period.

    Raises:
        StillWritingError: when somebody wrote into the file meanwhile.
        Refusal: `landing.retention` for bytes that went because their retention had ended.
    """
    if arrival.dataset is None:
        raise ValueError("only a recognised file can be collected")
    folder = _receipts_of(home, arrival.dataset) / arrival.period
    return _keep(home, arrival, arrival.dataset, folder)


def collect_returned(home: Home, arrival: Arrival, dataset: str) -> tuple[Receipt, bool]:
    """Keep a workbook of corrected rows, apart from the deliveries, whatever its name."""
    arrival = replace(arrival, dataset=dataset, period=RETURNED)
    return _keep(home, arrival, dataset, _returned_folder(home) / dataset)


def receipts(home: Home, dataset: str) -> list[Receipt]:
    """List the receipts of a dataset, by period and then oldest delivery first."""
    return _read_all(_receipts_of(home, dataset).glob("*/*.json"))


def returned_receipts(home: Home, dataset: str) -> list[Receipt]:
    """List the receipts of a dataset's workbooks of corrected rows, oldest first."""
    return _read_all((_returned_folder(home) / dataset).glob("*.json"))


def find_returned(home: Home, sha256: str) -> str | None:
    """Tell the dataset for which these very bytes were kept as corrected rows."""
    found = next(_returned_folder(home).glob(f"*/{sha256}.json"), None)
    return found.parent.name if found else None


def is_kept(home: Home, sha256: str) -> bool:
    """Tell whether these very bytes have been kept before."""
    return _object_path(home, sha256).is_file()


def note_encoding(home: Home, receipt: Receipt, encoding: str | None, proof: str) -> None:
    """Write onto the receipt of a text in which encoding it was read, and why."""
    path = _receipts_of(home, receipt.dataset) / receipt.period / f"{receipt.sha256}.json"
    known = _read(path)
    noted = replace(known, encoding=encoding, proof=proof)
    if noted != known:
        _write(path, noted)


def bytes_of(home: Home, receipt: Receipt) -> Path:
    """Give the path of the kept bytes."""
    return _object_path(home, receipt.sha256)


def hash_file(path: Path) -> str:
    """Compute the SHA-256 of a file in constant memory."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _object_path(home: Home, sha256: str) -> Path:
    return home.landing / "objects" / sha256[:2] / sha256


def _receipts_of(home: Home, dataset: str) -> Path:
    return home.landing / "receipts" / dataset


def _returned_folder(home: Home) -> Path:
    return home.landing / "returned"


def _keep(home: Home, arrival: Arrival, dataset: str, folder: Path) -> tuple[Receipt, bool]:
    sha256 = hash_file(arrival.path)
    if is_tombstoned(home, dataset, arrival.period, sha256):
        raise Refusal(
            "landing.retention",
            "保存期間を過ぎて消したファイルなので、取り込みません。",
            arrival.path.name,
            "受付箱からも、このファイルを消してください。",
        )
    _keep_bytes(home, arrival.path, sha256)
    path = folder / f"{sha256}.json"
    if path.is_file():
        return _note_again(path, arrival.path), False
    receipt = Receipt(
        dataset=dataset,
        period=arrival.period,
        sha256=sha256,
        names=(arrival.path.name,),
        size=arrival.path.stat().st_size,
        modified_at=modified_at(arrival.path),
        received_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        received_by=getpass.getuser(),
    )
    _write(path, receipt)
    return receipt, True


def _keep_bytes(home: Home, source: Path, sha256: str) -> None:
    target = _object_path(home, sha256)
    if target.is_file():
        return
    home.landing.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f".{sha256}.tmp")
    shutil.copyfile(source, staged)
    if hash_file(staged) != sha256:
        staged.unlink()
        raise StillWritingError("the file changed while it was being copied")
    staged.replace(target)


def _note_again(path: Path, source: Path) -> Receipt:
    """The same bytes came again: keep every name and the newest time."""
    receipt = _read(path)
    names = receipt.names if source.name in receipt.names else (*receipt.names, source.name)
    newest = max(receipt.modified_at, modified_at(source))
    again = replace(receipt, names=names, modified_at=newest)
    if again != receipt:
        _write(path, again)
    return again


def modified_at(path: Path) -> str:
    """Give a file's own time as receipts write it: ISO 8601, UTC, microseconds."""
    seconds = path.stat().st_mtime
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="microseconds")


def _read_all(paths: Iterable[Path]) -> list[Receipt]:
    found = [_read(path) for path in paths]
    return sorted(found, key=lambda r: (r.period, r.modified_at, r.name, r.sha256))


def _read(path: Path) -> Receipt:
    fields = json.loads(path.read_text("utf-8"))
    names = tuple(fields.pop("names"))
    return Receipt(names=names, **fields)


def _write(path: Path, receipt: Receipt) -> None:
    write_atomically(path, json.dumps(asdict(receipt), ensure_ascii=False, indent=1))
