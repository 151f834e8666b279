"""How much room the cells of a sheet claim, measured before anything is laid out in memory.

The libraries make room for the whole rectangle around all cells: one cell at XFD1048576 claims
17 thousand million of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from warehouse.readers.workbooks.sheet_scan import column_number, sheet_pieces
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

ROOMY = 2_000_000
SPARSE = 50
_LESS, _C, _CHILDREN = ord("<"), ord("c"), b"vfi"
_PADDING = b"\0" * 32
_START = b'<c r="'


def require_extent(path: Path, part: str, where: str) -> None:
    """Refuse a sheet of an xlsx whose few cells lie absurdly far apart.

    Raises:
        Refusal: `workbook.far_cell`, naming the cell.
    """
    extent = _Extent()
    for piece in sheet_pieces(path, part):
        if not extent.add(piece):
            extent = _measure_slowly(path, part)
            break
    require_area(extent.area, extent.cells, extent.farthest, where)


def require_area(area: int, cells: int, farthest: str, where: str) -> None:
    """Refuse a rectangle that its cells do not nearly fill.

    Raises:
        Refusal: `workbook.far_cell`.
    """
    if area > ROOMY and area > SPARSE * cells:
        raise Refusal(
            "workbook.far_cell",
            f"ほかのセルから遠く離れたセル {farthest} に値があり、表の大きさが決まりません。",
            f"{where} の {farthest}",
            "そのセルの行と列を Excel で削除し、保存し直して提出してください。",
        )


class _Extent:
    """The rectangle around all cells that hold something."""

    def __init__(self) -> None:
        self.cells = 0
        self.farthest = ""
        self._top = self._left = 1 << 40
        self._bottom = self._right = 0

    @property
    def area(self) -> int:
        return max(self._bottom - self._top + 1, 0) * max(self._right - self._left + 1, 0)

    def add(self, piece: bytes) -> bool:
        """Widen by the cells of a piece; `False` when one is not written as `<c r="A1"`."""
        import numpy as np  # noqa: PLC0415 - most sheets never need it, and it loads slowly

        codes = np.frombuffer(piece + _PADDING, np.uint8)
        tags = np.flatnonzero(codes == _LESS)
        names = np.append(codes[tags + 1], 0)
        starts = np.flatnonzero(names == _C)
        after = codes[tags[starts] + 2]
        is_cell = after <= ord(" ")
        is_filled = np.isin(names[starts + 1], list(_CHILDREN))
        cells = tags[starts[is_cell & is_filled]]
        if bool((after == ord(">")).any()):
            return False
        if cells.size == 0:
            return True
        if any(bool((codes[cells + i] != code).any()) for i, code in enumerate(_START)):
            return False
        rows, columns = _places(codes, cells + len(_START))
        self._widen(rows, columns)
        return True

    def add_cell(self, row: int, column: int) -> None:
        """Widen by one cell."""
        self.cells += 1
        before = self.area
        self._top, self._bottom = min(self._top, row), max(self._bottom, row)
        self._left, self._right = min(self._left, column), max(self._right, column)
        if self.area > before:
            from warehouse.readers.grid import column_letter  # noqa: PLC0415

            self.farthest = f"{column_letter(column)}{row}"

    def _widen(self, rows: np.ndarray, columns: np.ndarray) -> None:
        farthest = int((rows * columns).argmax())
        corners = {0, rows.size - 1, farthest, int(rows.argmax()), int(columns.argmax())}
        corners |= {int(rows.argmin()), int(columns.argmin())}
        for index in sorted(corners):
            self.add_cell(int(rows[index]), int(columns[index]))
        self.cells += rows.size - len(corners)


def _places(codes: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Read the addresses that begin at these positions: rows and columns."""
    import numpy as np  # noqa: PLC0415

    columns, rows = np.zeros(at.size, np.int64), np.zeros(at.size, np.int64)
    for _ in range(3):
        letter = codes[at] - np.uint8(ord("A"))
        is_letter = letter < 26  # noqa: PLR2004
        columns = np.where(is_letter, columns * 26 + letter + 1, columns)
        at = at + is_letter
    is_on = np.ones(at.size, bool)
    for step in range(7):
        digit = codes[at + step] - np.uint8(ord("0"))
        is_on &= digit < 10  # noqa: PLR2004
        rows = np.where(is_on, rows * 10 + digit, rows)
    return rows, columns


def _measure_slowly(path: Path, part: str) -> _Extent:
    """Measure a sheet in an unusual spelling, element by element."""
    follower = _Follower()
    for piece in sheet_pieces(path, part):
        follower.parser.Parse(piece, False)  # noqa: FBT003 - expat takes no names
    follower.parser.Parse(b"", True)  # noqa: FBT003
    return follower.extent


class _Follower:
    """Follows rows and cells; cells without an address stand beside the one before."""

    def __init__(self) -> None:
        self.extent = _Extent()
        self._row = self._column = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, about: dict[str, str]) -> None:
        name = name.rsplit(":", 1)[-1]
        if name == "row":
            self._row, self._column = int(about.get("r", self._row + 1)), 0
        elif name == "c":
            self._column += 1
            letters = about.get("r", "").rstrip("0123456789")
            if letters:
                self._column = column_number(letters.upper())
                self._row = int(about["r"][len(letters) :] or self._row)
        elif name in {"v", "f", "is"}:
            self.extent.add_cell(self._row, self._column)
