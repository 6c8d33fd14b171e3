"""The layout of a concept flow: the size of each node from its label, its place from the author's grid. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from types import MappingProxyType

from tutor.lessons.format.flow import Edge

CHARACTER = 7.6
"""The width allowed for a character of a node's label; system fonts differ."""
LABEL_CHARACTER = 7.2
"""The width allowed for a character of an edge's label, which is smaller."""
TIMES = " ×60"
"""The longest text that may follow an edge's label."""
LINE = 16.0
"""The height of one line of a label."""
STAND = 26.0
"""The height of the part of a node, below its label, on which tokens stand."""
NARROWEST = 76.0
"""The least width of a node, in which a few tokens have place beside each other."""
SLANT = 16.0
"""The width of each pointed end of a decision."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The distances of a drawing, in units of its view box."""

    column_gap: float = 52
    row_gap: float = 30
    longest: int = 16
    """The most characters in a line of a label."""


FULL = Measures()
NARROWER = tuple(Measures(column_gap=gap, longest=longest) for gap, longest in ((40, 13), (32, 11), (28, 9)))
"""Measures to try, in this order, for a drawing that fits a phone."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The fields of a node that its drawing depends on."""

    id: str
    label: str
    shape: str
    """terminal, step or decision."""
    at: tuple[int, int]
    """Its column and row on the author's grid, from 0."""


@dataclass(frozen=True, slots=True)
class Box:
    """The place of a node: its centre, its size, and the lines of its label."""

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
    """All boxes, and the tracks that edges may follow."""

    boxes: tuple[Box, ...]
    columns: tuple[float, ...]
    """The x of the centre of each column."""
    rows: tuple[float, ...]
    """The y of the centre of each row."""
    x_tracks: tuple[float, ...]
    """The x of each vertical track: the columns, and two in each gap and margin."""
    y_tracks: tuple[float, ...]
    """The y of each horizontal track: the rows, and two in each gap and margin."""


def lay_out(nodes: Sequence[Outline], measures: Measures, *, upright: bool, edges: Sequence[Edge] = ()) -> Layout:
    """Return the layout of `nodes`. The longer side of the grid is vertical if `upright`, else horizontal.

    The gaps between columns are wide enough for the labels of `edges` between neighbours.
    """
    across, down = max(node.at[0] for node in nodes), max(node.at[1] for node in nodes)
    turned = across > max(down, 2) if upright else down > across
    places = [(node.at[1], node.at[0]) if turned else node.at for node in nodes]
    texts = [broken(node.label, measures.longest) for node in nodes]
    sizes = [size(node, lines) for node, lines in zip(nodes, texts, strict=True)]
    gaps = labelled({node.id: place for node, place in zip(nodes, places, strict=True)}, edges)
    columns, x_tracks = axis([p[0] for p in places], [s[0] for s in sizes], measures.column_gap, gaps)
    rows, y_tracks = axis([p[1] for p in places], [s[1] for s in sizes], measures.row_gap)
    boxes = tuple(
        Box(node, column, row, columns[column], rows[row], *box_size(wanted, at_most), lines)
        for node, (column, row), wanted, lines, at_most in zip(
            nodes, places, sizes, texts, widest(places, sizes), strict=True
        )
    )
    return Layout(boxes, columns, rows, x_tracks, y_tracks)


def broken(label: str, longest: int = FULL.longest) -> tuple[str, ...]:
    """Return `label` in as few lines of `longest` characters as possible, of similar length. Words are never broken."""
    wanted = len(wrapped(label, longest))
    widths = range(-(-len(label) // wanted), len(label) + 1)
    return next(tuple(lines) for width in widths if len(lines := wrapped(label, width)) <= wanted)


def wrapped(label: str, width: int) -> list[str]:
    return textwrap.wrap(label, width, break_long_words=False, break_on_hyphens=False)


def size(node: Outline, lines: Sequence[str]) -> tuple[float, float]:
    """Return the width and height that the label of `node` needs."""
    text, height = CHARACTER * max(map(len, lines)), LINE * len(lines)
    return max(NARROWEST, text + 24) + (1.5 * SLANT if node.shape == "decision" else 0), height + 16 + STAND


def labelled(places: Mapping[str, tuple[int, int]], edges: Sequence[Edge]) -> dict[int, float]:
    """Return column → the width that the gap after it needs for the labels of edges that cross it straight."""
    needed: dict[int, float] = {}
    for edge in edges:
        (column, row), (other, other_row) = places[edge.source], places[edge.target]
        if edge.label and row == other_row and abs(column - other) == 1:
            gap = min(column, other)
            needed[gap] = max(needed.get(gap, 0.0), LABEL_CHARACTER * (len(edge.label) + len(TIMES)) + 14)
    return needed


def widest(places: Sequence[tuple[int, int]], sizes: Sequence[tuple[float, float]]) -> list[float]:
    """Return for each node the width of the widest node in its column."""
    return [
        max(width for (column, _), (width, _) in zip(places, sizes, strict=True) if column == mine)
        for mine, _ in places
    ]


def box_size(wanted: tuple[float, float], column: float) -> tuple[float, float]:
    """Return the size of a box: as wide as its column, up to a limit."""
    return max(wanted[0], min(column, 130.0)), wanted[1]


def axis(
    places: Sequence[int], sizes: Sequence[float], gap: float, wider: Mapping[int, float] = MappingProxyType({})
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the centres of the columns or rows, and the tracks along them.

    The space after each is `gap`, or its width in `wider` if that is more.
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
