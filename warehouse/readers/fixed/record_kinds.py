"""Which record of fixed-width text is header, data, trailer or end, and whether the counts agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assets.record_layout import RecordKind, Records, Trailer
    from warehouse.readers.fixed.record_cuts import Cut

DATA, BLANK, UNKNOWN = 0, 1, 2
_TRAILER = 4
_CODES = {"data": DATA, "header": 3, "trailer": _TRAILER, "end": 5}
REASONS = {BLANK: "空行", 3: "ヘッダーレコード", 4: "トレーラーレコード", 5: "エンドレコード"}
NOTHING = b" \t\r\n\x00\x1a"


class RecordSorter:
    """Sorts the records of one file, block by block, and keeps count of the data records."""

    def __init__(self, records: Records, file: str) -> None:
        """Begin before the first record."""
        self._kinds = records.kinds.named() if records.kinds else {}
        self._trailer = records.kinds.trailer if records.kinds else None
        self._file = file
        self._since_trailer = 0
        self._has_trailer = False

    def sort(self, cut: Cut) -> NDArray[np.int8]:
        """Give every record of the right length its kind; check the trailers among them.

        Raises:
            Refusal: `fixed_width.count`.
        """
        kinds = self._sort_rows(cut.rows)
        if self._trailer is not None:
            odd = [o.number for o in cut.odd if self._sort_rows(_row(o.data))[0] == DATA]
            data = np.sort(np.concatenate([cut.numbers[kinds == DATA], odd]))
            self._check(self._trailer, cut, kinds, data)
        return kinds

    def finish(self) -> None:
        """Nothing may stand behind the last trailer, which must be there.

        Raises:
            Refusal: `fixed_width.no_trailer`.
        """
        if self._trailer is not None and (self._since_trailer or not self._has_trailer):
            raise Refusal(
                "fixed_width.no_trailer",
                "最後にあるはずのトレーラーレコードがありません。ファイルが途中で切れています。",
                self._file,
                "元のシステムから出力し直して、もう一度提出してください。",
            )

    def _sort_rows(self, rows: NDArray[np.uint8]) -> NDArray[np.int8]:
        if not self._kinds:
            return np.full(len(rows), DATA, np.int8)
        tests = {name: _is_kind(rows, kind) for name, kind in self._kinds.items()}
        found = np.sum(list(tests.values()), axis=0)
        kinds = np.full(len(rows), UNKNOWN, np.int8)
        for name, test in tests.items():
            kinds[test & (found == 1)] = _CODES[name]
        blank = np.isin(rows, np.frombuffer(NOTHING, np.uint8)).all(axis=1)
        kinds[(kinds == UNKNOWN) & blank] = BLANK
        return kinds

    def _check(
        self, trailer: Trailer, cut: Cut, kinds: NDArray[np.int8], data: NDArray[np.int64]
    ) -> None:
        passed = 0
        for at in np.flatnonzero(kinds == _TRAILER):
            number = int(cut.numbers[at])
            before = int(np.searchsorted(data, number))
            found, passed = self._since_trailer + before - passed, before
            self._since_trailer, self._has_trailer = 0, True
            self._compare(trailer, cut.rows[at].tobytes(), found, number)
        self._since_trailer += len(data) - passed

    def _compare(self, trailer: Trailer, row: bytes, found: int, number: int) -> None:
        if trailer.count is None:
            return
        start = trailer.count.start - 1
        said = row[start : start + trailer.count.bytes].strip(NOTHING)
        if not said.isdigit() or int(said) != found:
            told = str(int(said)) if said.isdigit() else "(数字でない)"
            raise Refusal(
                "fixed_width.count",
                f"トレーラーの件数は {told}、データの記録は {found} 件で、合いません。",
                f"{self._file} の {number}件目の記録",
                "途中で切れていないかを確かめ、元のシステムから出力し直してください。"
                "件数の位置が違うなら、契約の trailer の count を直してください。",
            )


def _is_kind(rows: NDArray[np.uint8], kind: RecordKind) -> NDArray[np.bool_]:
    value = np.frombuffer(kind.value.encode("ascii"), np.uint8)
    part = rows[:, kind.at - 1 : kind.at - 1 + len(value)]
    return (part == value).all(axis=1) if part.shape[1] == len(value) else np.zeros(len(rows), bool)


def _row(data: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8).reshape(1, -1)
