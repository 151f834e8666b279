"""The drawing of the lineage: where each box and curve stands, column by column.

Pure geometry in CSS pixels. It knows nothing of HTML; the template turns a `Drawing` into SVG.

The layout follows K. Sugiyama, S. Tagawa and M. Toda (1981), "Methods for Visual Understanding of
Hierarchical System Structures": layers, waypoints on long edges, barycentre ordering; heights
are then placed by isotonic regression, which is the nearest arrangement that keeps the order.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse.portal.wording import LAYERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.portal.model import LineageNode

NODE_WIDTH = 176
NODE_HEIGHT = 54
COLUMN_STEP = 218
MARGIN = 12
HEADING_HEIGHT = 52
_ROW_GAP = 18
_WAYPOINT_HEIGHT = 8
_ORDER_SWEEPS = 12
_HEIGHT_SWEEPS = 40
_LINE_EMS = 12.0
_LINES = 2

Vertex = tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """One node: its left and top edge, and its title broken into lines."""

    node: LineageNode
    x: float
    y: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """The whole graph: size, column headings with their left edge, boxes, and SVG path data."""

    width: float
    height: float
    headings: tuple[tuple[str, float], ...]
    boxes: tuple[Box, ...]
    curves: tuple[str, ...]


def draw_lineage(nodes: Sequence[LineageNode]) -> Drawing:
    """Lay the nodes out in columns by layer.

    Args:
        nodes: the graph; every upstream key must be the key of one of them.

    Returns:
        A drawing in which no two boxes overlap.
    """
    column_of = {node.key: list(LAYERS).index(node.layer) for node in nodes}
    chains = [_chain(key, node.key, column_of) for node in nodes for key in node.upstream]
    columns = _fill_columns(nodes, chains, column_of)
    links = [link for chain in chains for link in pairwise(chain)]
    _order_columns(columns, links)
    heights = _place_columns(columns, links)
    boxes = tuple(_box(node, column_of[node.key], heights[node.key,]) for node in nodes)
    bottom = max((box.y + NODE_HEIGHT for box in boxes), default=HEADING_HEIGHT)
    return Drawing(
        width=2 * MARGIN + COLUMN_STEP * (len(LAYERS) - 1) + NODE_WIDTH,
        height=bottom + MARGIN,
        headings=tuple((label, _left(index)) for index, label in enumerate(LAYERS.values())),
        boxes=boxes,
        curves=tuple(_curve(chain, column_of, heights) for chain in chains),
    )


def break_title(title: str) -> tuple[str, ...]:
    """Break a title into at most two lines that fit a box; an ellipsis marks what is cut."""
    lines = [""]
    for character in title:
        if _measure(lines[-1] + character) > _LINE_EMS:
            if len(lines) == _LINES:
                lines[-1] = lines[-1][:-1] + "…"
                break
            lines.append("")
        lines[-1] += character
    return tuple(lines)


def _measure(text: str) -> float:
    """Estimate the width of a text in ems."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.58 for c in text)


def _left(column: int) -> float:
    return MARGIN + COLUMN_STEP * column


def _chain(source: str, target: str, column_of: dict[str, int]) -> list[Vertex]:
    """List the vertices of one edge: its ends, and a waypoint in every column between them."""
    between = range(column_of[source] + 1, column_of[target])
    return [(source,), *((source, target, str(column)) for column in between), (target,)]


def _fill_columns(
    nodes: Sequence[LineageNode], chains: list[list[Vertex]], column_of: dict[str, int]
) -> list[list[Vertex]]:
    columns: list[list[Vertex]] = [[] for _ in LAYERS]
    for node in nodes:
        columns[column_of[node.key]].append((node.key,))
    for waypoint in dict.fromkeys(vertex for chain in chains for vertex in chain[1:-1]):
        columns[int(waypoint[-1])].append(waypoint)
    return columns


def _order_columns(columns: list[list[Vertex]], links: list[tuple[Vertex, Vertex]]) -> None:
    """Sort each column by the mean rank of its neighbours in the column before, to and fro."""
    neighbours = _neighbours(links)
    place = {v: index for index, column in enumerate(columns) for v in column}
    rank = {v: index for column in columns for index, v in enumerate(column)}

    def weigh(vertex: Vertex, side: int) -> float:
        beside = [n for n in neighbours.get(vertex, ()) if place[n] == place[vertex] + side]
        return _mean([rank[n] for n in beside], rank[vertex])

    for sweep in range(_ORDER_SWEEPS):
        side = -1 if sweep % 2 == 0 else 1
        for column in columns if side < 0 else reversed(columns):
            column.sort(key=lambda v: weigh(v, side))
            rank |= {v: index for index, v in enumerate(column)}


def _place_columns(
    columns: list[list[Vertex]], links: list[tuple[Vertex, Vertex]]
) -> dict[Vertex, float]:
    """Give every vertex the height of its centre, near its neighbours and clear of the others."""
    neighbours = _neighbours(links)
    offsets = {v: y for column in columns for v, y in zip(column, _stack(column), strict=True)}
    heights = dict(offsets)
    for sweep in range(_HEIGHT_SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wanted = [
                _mean([heights[n] for n in neighbours.get(v, ())], heights[v]) for v in column
            ]
            slack = [want - offsets[v] for want, v in zip(wanted, column, strict=True)]
            placed = zip(column, _fit_rising(slack), strict=True)
            heights |= {v: value + offsets[v] for v, value in placed}
    return _close_gaps(heights)


def _close_gaps(heights: dict[Vertex, float]) -> dict[Vertex, float]:
    """Move everything up to the headings, and over every strip in which no vertex stands."""
    bottom, closed = HEADING_HEIGHT - _ROW_GAP, {}
    shift: float | None = None
    for vertex in sorted(heights, key=lambda v: heights[v] - _height(v) / 2):
        half = _height(vertex) / 2
        excess = heights[vertex] - half - bottom - _ROW_GAP
        shift = excess if shift is None else max(shift, excess)
        closed[vertex] = heights[vertex] - shift
        bottom = max(bottom, closed[vertex] + half)
    return closed


def _neighbours(links: list[tuple[Vertex, Vertex]]) -> dict[Vertex, list[Vertex]]:
    found: dict[Vertex, list[Vertex]] = {}
    for left, right in links:
        found.setdefault(left, []).append(right)
        found.setdefault(right, []).append(left)
    return found


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _height(vertex: Vertex) -> float:
    return NODE_HEIGHT if len(vertex) == 1 else _WAYPOINT_HEIGHT


def _stack(column: list[Vertex]) -> list[float]:
    """List the centres of a column's vertices when they stand as close as they may."""
    edge, centres = 0.0, []
    for vertex in column:
        centres.append(edge + _height(vertex) / 2)
        edge += _height(vertex) + _ROW_GAP
    return centres


def _fit_rising(values: list[float]) -> list[float]:
    """Find the non-decreasing sequence nearest to the values (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, size = value, 1
        while pools and pools[-1][0] > mean:
            earlier, count = pools.pop()
            mean, size = (earlier * count + mean * size) / (count + size), count + size
        pools.append((mean, size))
    return [mean for mean, size in pools for _ in range(size)]


def _box(node: LineageNode, column: int, centre: float) -> Box:
    top = round(centre - NODE_HEIGHT / 2, 1)
    return Box(node, _left(column), top, break_title(node.title))


def _curve(chain: list[Vertex], column_of: dict[str, int], heights: dict[Vertex, float]) -> str:
    """Write one edge as SVG path data; an edge that goes back or stays swings out to the right."""
    source, target = column_of[chain[0][0]], column_of[chain[-1][0]]
    x, y = _left(source) + NODE_WIDTH, heights[chain[0]]
    if target <= source:
        end, to = _left(target) + NODE_WIDTH, heights[chain[-1]]
        return f"M{x:g} {y:.1f}C{x + 36:g} {y:.1f} {end + 36:g} {to:.1f} {end:g} {to:.1f}"
    path = f"M{x:g} {y:.1f}"
    for column, vertex in enumerate(chain[1:], start=source + 1):
        left, to = _left(column), heights[vertex]
        middle = (x + left) / 2
        path += f"C{middle:g} {y:.1f} {middle:g} {to:.1f} {left:g} {to:.1f}"
        x, y = left + NODE_WIDTH, to
        path += f"H{x:g}" if vertex != chain[-1] else ""
    return path
