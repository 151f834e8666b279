"""The layout of fixed-width text: how long a record is, which kinds there are, where fields stand.

Positions are bytes of the file's encoding, counted from 1 as layout tables (レイアウト表) print
them. Every byte of a record must belong to exactly one field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from assets.model import Strict, Valid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_EARLIEST = "0001-01"
_DECEMBER = 12


class RecordKind(Strict):
    """Records told by the (half-width) `value` at byte `at`."""

    at: int = Field(ge=1)
    value: str = Field(pattern=r"^[ -~]+\z")


class Count(Strict):
    """Where a trailer says how many data records came before it."""

    start: int = Field(ge=1)
    bytes: int = Field(ge=1)


class Trailer(RecordKind):
    """The record behind the data; with `count` the number of data records is checked."""

    count: Count | None = None


class RecordKinds(Strict):
    """The kinds of records of one file. Those that are not data are set aside."""

    data: RecordKind
    header: RecordKind | None = None
    trailer: Trailer | None = None
    end: RecordKind | None = None

    def named(self) -> dict[str, RecordKind]:
        """List the kinds there are."""
        kinds = {name: getattr(self, name) for name in ("header", "data", "trailer", "end")}
        return {name: kind for name, kind in kinds.items() if kind is not None}


class Records(Valid):
    """The shape of every record: bytes without the separator, what separates, which kinds."""

    length: int = Field(ge=1)
    separator: Literal["crlf", "lf", "none"]
    kinds: RecordKinds | None = None


class RecordField(Valid):
    """One field of a data record: `bytes` bytes from byte `start`.

    A `filler` (予備) is set aside; what it holds beyond blanks is reported.
    """

    name: str = Field(min_length=1)
    start: int = Field(ge=1)
    bytes: int = Field(ge=1)
    filler: bool = False

    @property
    def end(self) -> int:
        """The last byte."""
        return self.start + self.bytes - 1


class RecordLayout(Strict):
    """What is valid in one period."""

    records: Records
    fields: tuple[RecordField, ...]


def find_layout(
    records: Iterable[Records], fields: Iterable[RecordField], period: str
) -> RecordLayout | None:
    """Choose what is valid for a period, the fields in the order of their bytes."""
    valid = next((r for r in records if r.covers(period)), None)
    if valid is None:
        return None
    ordered = sorted((f for f in fields if f.covers(period)), key=lambda field: field.start)
    return RecordLayout(records=valid, fields=tuple(ordered))


def check_layouts(records: Sequence[Records], fields: Sequence[RecordField]) -> None:
    """Every byte of a record belongs to one field, in every period.

    Raises:
        ValueError: in Japanese, with the bytes at fault and what to write.
    """
    for period in sorted({_EARLIEST, *_turns([*records, *fields])}):
        if layout := find_layout(records, fields, period):
            since = "" if period == _EARLIEST else f"({period} から)"
            _check_kinds(layout.records, since)
            _check_bytes(layout, since)
            _check_names(layout.fields, since)


def _turns(valid: Iterable[Valid]) -> Iterable[str]:
    """List the months in which something begins or has ended."""
    for item in valid:
        if item.from_:
            yield f"{item.from_}-01"[:7]
        if item.until:
            year, month = int(item.until[:4]), int(item.until[5:] or _DECEMBER)
            yield f"{year + month // _DECEMBER:04}-{month % _DECEMBER + 1:02}"


def _check_kinds(records: Records, since: str) -> None:
    for name, kind in (records.kinds.named() if records.kinds else {}).items():
        if kind.at > records.length:
            raise ValueError(
                f"kinds.{name} の at({kind.at})が記録の長さ {records.length} を超えています{since}"
            )
    _check_codes(records, since)
    trailer = records.kinds.trailer if records.kinds else None
    count = trailer.count if trailer else None
    if count and count.start + count.bytes - 1 > records.length:
        raise ValueError(f"trailer の count が記録の長さ {records.length} を超えています{since}")


def _check_codes(records: Records, since: str) -> None:
    """Two kinds at one place must not begin alike: a record would be both."""
    kinds = list(records.kinds.named().items()) if records.kinds else []
    for number, (name, kind) in enumerate(kinds):
        for other, that in kinds[:number]:
            short, long = sorted((kind.value, that.value), key=len)
            if kind.at == that.at and long.startswith(short):
                raise ValueError(f"kinds の {other} と {name} は value で見分けられません{since}")


def _check_bytes(layout: RecordLayout, since: str) -> None:
    length, reached, before = layout.records.length, 0, ""
    for field in layout.fields:
        where = f"「{field.name}」({field.start}〜{field.end})"
        if field.start <= reached:
            raise ValueError(
                f"{where} が「{before}」と {field.start}〜{min(reached, field.end)} バイト目で"
                f"重なっています{since}。start は {reached + 1} ではありませんか"
            )
        if field.end > length:
            raise ValueError(
                f"{where} が記録の長さ {length} を超えています{since}。"
                f"bytes は {max(length - field.start + 1, 0)} ではありませんか"
            )
        _check_gap(layout, reached + 1, field.start - 1, since)
        reached, before = field.end, field.name
    _check_gap(layout, reached + 1, length, since)


def _check_gap(layout: RecordLayout, first: int, last: int, since: str) -> None:
    """Bytes that tell a data record are known without a field."""
    kinds = layout.records.kinds
    known = range(kinds.data.at, kinds.data.at + len(kinds.data.value)) if kinds else range(0)
    gap = [byte for byte in range(first, last + 1) if byte not in known]
    if gap:
        raise ValueError(
            f"{gap[0]}〜{gap[-1]} バイト目がどの項目にもありません{since}。使わないなら "
            f"{{name: 予備, start: {gap[0]}, bytes: {gap[-1] - gap[0] + 1}, filler: true}} "
            "を足してください"
        )


def _check_names(fields: tuple[RecordField, ...], since: str) -> None:
    names = [field.name for field in fields if not field.filler]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"同じ名前の項目が2つあります{since}: {'、'.join(twice)}")
