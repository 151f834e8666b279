"""Places on a map without tiles: the frame, the projection, the drawing for pages without scripts.

Longitude is shrunk by the cosine of the middle latitude, which is exact enough for one city. What
lies close together is drawn as one mark with its number, so that any number of places stays quick
to draw. The same data as a script are for the map that can be moved. No markup here.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from assets.boundary import Boundary
    from assets.register import Register

WIDTH = 480.0
LATITUDE, LONGITUDE = "緯度", "経度"
# Places that a browser is handed; beyond it the drawing shows all, the moving map the first.
MOST_POINTS = 20_000
_CELL = 24.0
_EDGE = 0.04
_FLATTEST = 0.4
_LABEL = 11.0
_NAMES = ("名称", "施設名", "投票所名", "イベント名", "名称_通称", "種別", "ID")
_DETAILS = (
    "種別", "施設種別", "所在地_連結表記", "設置場所", "住所", "所在地", "電話番号", "開始時間", "終了時間", "URL",
)  # fmt: skip
_KM_A_DEGREE = 111.32
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


@dataclass(frozen=True)
class Frame:
    """What of the world is drawn: degrees, and units of the drawing a degree."""

    west: float
    south: float
    east: float
    north: float

    @property
    def shrink(self) -> float:
        """Give the length of a degree of longitude in degrees of latitude."""
        return math.cos(math.radians((self.south + self.north) / 2))

    @property
    def scale(self) -> float:
        """Give units a degree of latitude."""
        return WIDTH / ((self.east - self.west) * self.shrink)

    @property
    def height(self) -> float:
        """Give the height of the drawing in units."""
        return round((self.north - self.south) * self.scale, 1)

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Project one position."""
        x = (longitude - self.west) * self.shrink * self.scale
        return round(x, 1), round((self.north - latitude) * self.scale, 1)


@dataclass(frozen=True)
class Mark:
    """One place, or several close together."""

    x: float
    y: float
    count: int
    name: str

    @property
    def radius(self) -> float:
        """Give its radius: a dot, or a disc that holds its number."""
        return 4.5 if self.count == 1 else 8 + 1.5 * math.log10(self.count)


@dataclass(frozen=True)
class Label:
    """The name of a part of the city."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Town:
    """A town's centre; `rank` 0 for names seen from afar, 1 for those of single 丁目."""

    name: str
    longitude: float
    latitude: float
    rank: int


@dataclass(frozen=True)
class Ground:
    """What lies under the places: the same for every map of the city."""

    boundary: Boundary | None
    towns: tuple[Town, ...]
    bounds: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class Map:
    """A drawing: marks, outline and labels in units; `outside` counts places beyond the frame."""

    frame: Frame
    outline: tuple[str, ...]
    labels: tuple[Label, ...]
    marks: tuple[Mark, ...]
    bar_km: float
    bar_width: float
    total: int
    outside: int
    blank: int


def read_ground(register: Register, boundary: Boundary | None) -> Ground:
    """Gather outline and towns from the register."""
    return Ground(boundary, tuple(_towns(register)), register.city.bounds)


def find_places(table: pl.DataFrame) -> pl.DataFrame | None:
    """Give the rows that have a position, with `longitude`, `latitude` and `name`; None: no map."""
    if not {LATITUDE, LONGITUDE} <= set(table.columns):
        return None
    name = next((c for c in _NAMES if c in table.columns and table[c].null_count() < table.height), LATITUDE)  # fmt: skip
    placed = table.with_columns(
        longitude=pl.col(LONGITUDE).cast(pl.Float64, strict=False),
        latitude=pl.col(LATITUDE).cast(pl.Float64, strict=False),
        name=pl.col(name).fill_null(""),
    ).filter(pl.col("longitude").is_between(-180, 180), pl.col("latitude").is_between(-90, 90))
    return placed if placed.height else None


def draw_map(places: pl.DataFrame, ground: Ground, rows: int) -> Map:
    """Draw the places of a table that has `rows` rows."""
    frame = _frame(places, ground)
    inside = places.filter(
        pl.col("longitude").is_between(frame.west, frame.east)
        & pl.col("latitude").is_between(frame.south, frame.north)
    )
    bar = max((km for km in _STEPS if km / _KM_A_DEGREE * frame.scale <= WIDTH / 3), default=_STEPS[0])  # fmt: skip
    return Map(
        frame=frame,
        outline=tuple(_path(frame, ring) for ring in ground.boundary.rings) if ground.boundary else (),
        labels=tuple(_labels(frame, ground.towns)),
        marks=tuple(_marks(frame, inside)),
        bar_km=bar,
        bar_width=round(bar / _KM_A_DEGREE * frame.scale, 1),
        total=places.height,
        outside=places.height - inside.height,
        blank=rows - places.height,
    )  # fmt: skip


def places_script(places: pl.DataFrame, frame: Frame) -> bytes:
    """Write the places for the map that can be moved."""
    few = places.head(MOST_POINTS)
    details = [c for c in _DETAILS if c in few.columns and few[c].null_count() < few.height]
    content = {
        "frame": [frame.west, frame.south, frame.east, frame.north],
        "longitude": few["longitude"].to_list(),
        "latitude": few["latitude"].to_list(),
        "name": few["name"].to_list(),
        "details": [{"name": c, "values": few[c].to_list()} for c in details],
    }
    return _script("places", content)


def ground_script(ground: Ground) -> bytes:
    """Write outline and towns for every map of the city."""
    content = {
        "rings": ground.boundary.rings if ground.boundary else [],
        "towns": [[t.name, t.longitude, t.latitude, t.rank] for t in ground.towns],
    }
    return _script("ground", content)


def _script(name: str, content: object) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f'window.machikane.put("{name}",{text});\n'.encode()


def _frame(places: pl.DataFrame, ground: Ground) -> Frame:
    """Frame the city; where nobody said where it lies, the places without the farthest outliers."""
    if ground.boundary:
        xs, ys = zip(*(p for ring in ground.boundary.rings for p in ring), strict=True)
        west, south, east, north = min(xs), min(ys), max(xs), max(ys)
    elif ground.bounds:
        south, west, north, east = ground.bounds
    else:
        ends = [places[c].quantile(q, "nearest") for q in (0.01, 0.99) for c in ("longitude", "latitude")]  # fmt: skip
        west, south, east, north = (float(end or 0) for end in ends)
    dx, dy = (max(size * _EDGE, 0.002) for size in (east - west, north - south))
    dy = max(dy, ((east - west) * _FLATTEST - (north - south)) / 2)
    return Frame(west - dx, south - dy, east + dx, north + dy)


def _path(frame: Frame, ring: list[tuple[float, float]]) -> str:
    points = (frame.place(longitude, latitude) for longitude, latitude in ring)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def _marks(frame: Frame, inside: pl.DataFrame) -> list[Mark]:
    """Put what falls into the same cell of a grid into one mark at the middle of its places."""
    x = (pl.col("longitude") - frame.west) * frame.shrink * frame.scale
    y = (frame.north - pl.col("latitude")) * frame.scale
    cells = inside.select("name", x=x, y=y).group_by(
        (pl.col("x") / _CELL).floor().alias("i"), (pl.col("y") / _CELL).floor().alias("j")
    ).agg(pl.col("x", "y").mean().round(1), pl.len().alias("n"), pl.col("name").first())  # fmt: skip
    ordered = cells.sort("j", "i").select("x", "y", "n", "name")
    return [Mark(*row) for row in ordered.iter_rows()]


def _labels(frame: Frame, towns: tuple[Town, ...]) -> list[Label]:
    """Place names from afar where they do not cover one another."""
    taken: list[tuple[float, float, float, float]] = []
    found = []
    for town in (t for t in towns if t.rank == 0):
        x, y = frame.place(town.longitude, town.latitude)
        half = len(town.name) * _LABEL / 2 + 6
        box = (x - half, y - _LABEL * 1.2, x + half, y + _LABEL * 1.2)
        inside = box[0] > 0 and box[2] < WIDTH and box[1] > 0 and box[3] < frame.height
        if inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            found.append(Label(x, y, town.name))
    return found


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _towns(register: Register) -> list[Town]:
    """Read the towns that the register declares, those with most 丁目 first."""
    mart = register.marts.get("dim_towns")
    table = mart.declared.get("entries") if mart else None
    wanted = ("town", "base_town", "longitude", "latitude")
    if table is None or not set(wanted) <= set(table.columns):
        return []
    frame = pl.DataFrame(table.rows, schema=list(table.columns), orient="row").select(
        "town", "base_town", pl.col("longitude", "latitude").cast(pl.Float64, strict=False)
    ).drop_nulls()  # fmt: skip
    bases = frame.group_by("base_town", maintain_order=True).agg(pl.col("longitude", "latitude").mean().round(5), pl.len().alias("n"))  # fmt: skip
    far = bases.sort("n", descending=True, maintain_order=True).select("base_town", "longitude", "latitude")  # fmt: skip
    near = frame.filter(pl.col("town") != pl.col("base_town")).select("town", "longitude", "latitude")  # fmt: skip
    return [Town(*row, 0) for row in far.iter_rows()] + [Town(*row, 1) for row in near.iter_rows()]
