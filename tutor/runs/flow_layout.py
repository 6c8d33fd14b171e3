"""Where the nodes of a concept flow stand in its drawing: sizes from their labels, places from their grid. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

CHARACTER = 7.6
"""The width allowed for a character of a label; system fonts differ."""
LINE = 16.0
"""The height of a line of a label."""
LONGEST = 16
"""Characters after which a label is broken."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The distances of a drawing, in units of its view box."""

    column_gap: float = 52
    row_gap: float = 30
    labels: bool = True
    """Whether the labels are shown; without them all nodes are small and of one size."""


FULL = Measures()
SMALL = Measures(column_gap=16, row_gap=16, labels=False)


@dataclass(frozen=True, slots=True)
class Outline:
    """A node as far as the drawing depends on it."""

    id: str
    label: str
    shape: str
    """terminal, step or decision."""
    at: tuple[int, int]
    """Its column and row on the author's grid, from 0."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node's place: its centre, size and the lines of its label."""

    node: Outline
    column: int
    row: int
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """All boxes, and the lines between them that edges may follow."""

    boxes: tuple[Box, ...]
    columns: tuple[float, ...]
    """The x of each column's centre."""
    rows: tuple[float, ...]
    """The y of each row's centre."""
    x_tracks: tuple[float, ...]
    """Where an edge may go up and down: the columns, and two tracks in each gap and margin."""
    y_tracks: tuple[float, ...]
    """Where an edge may go to and fro."""


def lay_out(nodes: Sequence[Outline], measures: Measures, *, upright: bool) -> Layout:
    """Place `nodes` on their grid; `upright` makes the grid's longer side go down, else it goes across."""
    across, down = max(node.at[0] for node in nodes), max(node.at[1] for node in nodes)
    turned = across > max(down, 2) if upright else down > across
    places = [(node.at[1], node.at[0]) if turned else node.at for node in nodes]
    texts = [broken(node.label) if measures.labels else () for node in nodes]
    sizes = [size(node, lines) for node, lines in zip(nodes, texts, strict=True)]
    columns, x_tracks = axis([p[0] for p in places], [s[0] for s in sizes], measures.column_gap)
    rows, y_tracks = axis([p[1] for p in places], [s[1] for s in sizes], measures.row_gap)
    boxes = tuple(
        Box(node, column, row, columns[column], rows[row], *box_size(node, wanted, at_most), lines)
        for node, (column, row), wanted, lines, at_most in zip(
            nodes, places, sizes, texts, widest(places, sizes), strict=True
        )
    )
    return Layout(boxes, columns, rows, x_tracks, y_tracks)


def broken(label: str) -> tuple[str, ...]:
    """`label` in as few lines as it needs, of about the same length."""
    wanted = len(textwrap.wrap(label, LONGEST))
    widths = range(-(-len(label) // wanted), len(label) + 1)
    return next(tuple(lines) for width in widths if len(lines := textwrap.wrap(label, width)) <= wanted)


def size(node: Outline, lines: Sequence[str]) -> tuple[float, float]:
    """The width and height that the node's label needs."""
    if not lines:
        return 40, 20
    text, height = CHARACTER * max(map(len, lines)), LINE * len(lines)
    return (text * 1.4 + 52, height + 46) if node.shape == "decision" else (text + 28, height + 20)


def widest(places: Sequence[tuple[int, int]], sizes: Sequence[tuple[float, float]]) -> list[float]:
    """For each node the widest of its column."""
    return [
        max(width for (column, _), (width, _) in zip(places, sizes, strict=True) if column == mine)
        for mine, _ in places
    ]


def box_size(node: Outline, wanted: tuple[float, float], column: float) -> tuple[float, float]:
    """Boxes of a column are about as wide as each other; a decision is as wide as it needs to be."""
    return wanted if node.shape == "decision" else (max(wanted[0], min(column, 130.0)), wanted[1])


def axis(places: Sequence[int], sizes: Sequence[float], gap: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The centres of columns or rows, and the tracks that edges may follow along them."""
    extents = [
        max((size for place, size in zip(places, sizes, strict=True) if place == index), default=0.0)
        for index in range(max(places) + 1)
    ]
    starts = accumulate(extents, lambda at, extent: at + extent + gap, initial=gap)
    centres = tuple(start + extent / 2 for start, extent in zip(starts, extents, strict=False))
    edges = [(centre - extent / 2, centre + extent / 2) for centre, extent in zip(centres, extents, strict=True)]
    between = [(0.0, edges[0][0]), *((a[1], b[0]) for a, b in pairwise(edges))]
    between.append((edges[-1][1], edges[-1][1] + gap))
    tracks = {begin + (end - begin) * part for begin, end in between for part in (0.38, 0.62)}
    return centres, tuple(sorted({*centres, *tracks}))
