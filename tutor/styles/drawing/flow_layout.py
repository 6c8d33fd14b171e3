"""Where the nodes of a concept flow stand in its drawing: sizes from their labels, places from their grid. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from types import MappingProxyType

from tutor.lessons.format.parts import Edge

CHARACTER = 7.6
"""The width allowed for a character of a label; system fonts differ."""
LABEL_CHARACTER = 6.6
"""The same for an edge's label, which is smaller."""
TIMES = " ×2"
"""What may come after an edge's label."""
LINE = 16.0
"""The height of a line of a label."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The distances of a drawing, in units of its view box."""

    column_gap: float = 52
    row_gap: float = 30
    longest: int = 16
    """Characters after which a label is broken."""
    labels: bool = True
    """Whether the labels are shown; without them all nodes are small and of one size."""


FULL = Measures()
NARROWER = tuple(Measures(column_gap=gap, longest=longest) for gap, longest in ((40, 13), (32, 11), (28, 9)))
"""What is tried, in this order, for a drawing that can be read on a phone."""
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


def lay_out(nodes: Sequence[Outline], measures: Measures, *, upright: bool, edges: Sequence[Edge] = ()) -> Layout:
    """Place `nodes` on their grid; `upright` makes the grid's longer side go down, else it goes across.

    Columns are far enough apart for the labels of `edges` between neighbours.
    """
    across, down = max(node.at[0] for node in nodes), max(node.at[1] for node in nodes)
    turned = across > max(down, 2) if upright else down > across
    places = [(node.at[1], node.at[0]) if turned else node.at for node in nodes]
    texts = [broken(node.label, measures.longest) if measures.labels else () for node in nodes]
    sizes = [size(node, lines) for node, lines in zip(nodes, texts, strict=True)]
    gaps = labelled({node.id: place for node, place in zip(nodes, places, strict=True)}, edges if texts[0] else ())
    columns, x_tracks = axis([p[0] for p in places], [s[0] for s in sizes], measures.column_gap, gaps)
    rows, y_tracks = axis([p[1] for p in places], [s[1] for s in sizes], measures.row_gap)
    boxes = tuple(
        Box(node, column, row, columns[column], rows[row], *box_size(node, wanted, at_most), lines)
        for node, (column, row), wanted, lines, at_most in zip(
            nodes, places, sizes, texts, widest(places, sizes), strict=True
        )
    )
    return Layout(boxes, columns, rows, x_tracks, y_tracks)


def broken(label: str, longest: int = FULL.longest) -> tuple[str, ...]:
    """`label` in as few lines of `longest` characters as it needs, of about the same length; a word is never broken."""
    wanted = len(wrapped(label, longest))
    widths = range(-(-len(label) // wanted), len(label) + 1)
    return next(tuple(lines) for width in widths if len(lines := wrapped(label, width)) <= wanted)


def wrapped(label: str, width: int) -> list[str]:
    return textwrap.wrap(label, width, break_long_words=False, break_on_hyphens=False)


def size(node: Outline, lines: Sequence[str]) -> tuple[float, float]:
    """The width and height that the node's label needs."""
    if not lines:
        return 40, 20
    text, height = CHARACTER * max(map(len, lines)), LINE * len(lines)
    return (text * 1.2 + 44, height + 48) if node.shape == "decision" else (text + 28, height + 20)


def labelled(places: Mapping[str, tuple[int, int]], edges: Sequence[Edge]) -> dict[int, float]:
    """Column → the width that the gap after it needs for the labels of edges that go straight across it."""
    needed: dict[int, float] = {}
    for edge in edges:
        (column, row), (other, other_row) = places[edge.source], places[edge.target]
        if edge.label and row == other_row and abs(column - other) == 1:
            gap = min(column, other)
            needed[gap] = max(needed.get(gap, 0.0), LABEL_CHARACTER * (len(edge.label) + len(TIMES)) + 14)
    return needed


def widest(places: Sequence[tuple[int, int]], sizes: Sequence[tuple[float, float]]) -> list[float]:
    """For each node the widest of its column."""
    return [
        max(width for (column, _), (width, _) in zip(places, sizes, strict=True) if column == mine)
        for mine, _ in places
    ]


def box_size(node: Outline, wanted: tuple[float, float], column: float) -> tuple[float, float]:
    """Boxes of a column are about as wide as each other; a decision is as wide as it needs to be."""
    return wanted if node.shape == "decision" else (max(wanted[0], min(column, 130.0)), wanted[1])


def axis(
    places: Sequence[int], sizes: Sequence[float], gap: float, wider: Mapping[int, float] = MappingProxyType({})
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The centres of columns or rows, and the tracks that edges may follow along them.

    After each is a `gap`, or what `wider` says of it if that is more.
    """
    extents = [
        max((size for place, size in zip(places, sizes, strict=True) if place == index), default=0.0)
        for index in range(max(places) + 1)
    ]
    steps = [extent + max(gap, wider.get(index, 0.0)) for index, extent in enumerate(extents)]
    starts = accumulate(steps, initial=gap)
    centres = tuple(start + extent / 2 for start, extent in zip(starts, extents, strict=False))
    edges = [(centre - extent / 2, centre + extent / 2) for centre, extent in zip(centres, extents, strict=True)]
    between = [(0.0, edges[0][0]), *((a[1], b[0]) for a, b in pairwise(edges))]
    between.append((edges[-1][1], edges[-1][1] + gap))
    tracks = {begin + (end - begin) * part for begin, end in between for part in (0.38, 0.62)}
    return centres, tuple(sorted({*centres, *tracks}))
