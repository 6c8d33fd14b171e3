"""The places of the labels of edges: beside their edge, near its beginning, clear of nodes and of each other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .flow_layout import LABEL_CHARACTER, Box
from .flow_routes import Point

COVERED, CROSSED, SHARED, FAR = 10_000.0, 60.0, 150.0, 0.4
"""Costs of a place: on a node or a label; on a line; beside a stretch that another edge shares; per unit of its
distance from the beginning of its edge."""
ABOVE, BELOW, BESIDE = 7.0, 15.0, 7.0
"""The distances of a baseline from a horizontal line above or below which the text is, and of a text from a vertical
line."""
ASCENT, DESCENT = 10.5, 3.0
"""The height of a text above and below its baseline."""
THICK = 2.5
"""Half the width of the thickest line."""
ARROW = 12.0
"""The end of an edge, where no label is."""
PLACES = 5
"""The places that are tried along a straight stretch."""

Area = tuple[float, float, float, float]
"""Left, top, right and bottom."""


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text."""

    text: str
    x: float
    y: float
    """The y of the baseline."""
    anchor: str = "middle"
    """The part of the text that is at x: start, middle or end."""

    def area(self, characters: int) -> Area:
        """Return what a text of that length may cover."""
        width = LABEL_CHARACTER * characters
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.y - ASCENT, left + width, self.y + DESCENT


@dataclass(frozen=True, slots=True)
class Stretch:
    """A straight part of an edge."""

    start: Point
    end: Point
    way: float
    """The length of the edge before it."""
    is_shared: bool = False
    """Whether a part of another edge lies on it."""

    @property
    def is_level(self) -> bool:
        return self.start[1] == self.end[1]

    @property
    def length(self) -> float:
        return abs(self.end[0] - self.start[0]) + abs(self.end[1] - self.start[1])

    @property
    def area(self) -> Area:
        """The line, as wide as it is drawn at most."""
        (x, y), (nx, ny) = self.start, self.end
        return min(x, nx) - THICK, min(y, ny) - THICK, max(x, nx) + THICK, max(y, ny) + THICK


@dataclass
class Labels:
    """Places labels one after the other."""

    lines: Sequence[Sequence[Stretch]]
    """The stretches of each edge."""
    taken: list[Area]
    """The areas of nodes and of the labels placed so far."""
    placed: dict[int, Label] = field(default_factory=dict)
    """Index of the edge → label."""

    def place(self, edge: int, text: str, characters: int) -> None:
        """Place the label of an edge, which may become `characters` long."""
        found = (
            (self.cost(label.area(characters), stretch, along), place, label)
            for place, (label, stretch, along) in enumerate(candidates(text, self.lines[edge]))
        )
        self.placed[edge] = label = min(found, key=lambda each: each[:2])[2]
        self.taken.append(label.area(characters))

    def cost(self, area: Area, stretch: Stretch, along: float) -> float:
        covered = sum(overlap(area, each) for each in self.taken)
        crossed = sum(overlap(area, each.area) for line in self.lines for each in line)
        return COVERED * covered + CROSSED * crossed + SHARED * stretch.is_shared + FAR * along


def place_labels(
    texts: Sequence[str], longest: Sequence[int], routes: Sequence[Sequence[Point]], boxes: Sequence[Box]
) -> list[Label]:
    """Return the label of each edge, from its text, the most characters that it may have, and the edge's route.

    The labels with a text are placed first; those of other edges have room for how often the edge was taken.
    """
    lines = [list(stretches(route)) for route in routes]
    labels = Labels(
        [shared(line, [*lines[:index], *lines[index + 1 :]]) for index, line in enumerate(lines)], areas(boxes)
    )
    for edge in sorted(range(len(texts)), key=lambda each: not texts[each]):
        labels.place(edge, texts[edge], longest[edge])
    return [labels.placed[edge] for edge in range(len(texts))]


def areas(boxes: Sequence[Box]) -> list[Area]:
    return [
        (box.x - box.width / 2, box.y - box.height / 2, box.x + box.width / 2, box.y + box.height / 2) for box in boxes
    ]


def stretches(route: Sequence[Point]) -> Iterator[Stretch]:
    way = 0.0
    for start, end in pairwise(route):
        stretch = Stretch(start, end, way)
        way += stretch.length
        yield stretch


def shared(line: Sequence[Stretch], others: Sequence[Sequence[Stretch]]) -> list[Stretch]:
    """Return the stretches of an edge, with whether those of other edges lie on them."""
    beside = [each for other in others for each in other]
    return [
        Stretch(
            each.start,
            each.end,
            each.way,
            any(each.is_level == other.is_level and overlap(each.area, other.area) for other in beside),
        )
        for each in line
    ]


def candidates(text: str, line: Sequence[Stretch]) -> Iterator[tuple[Label, Stretch, float]]:
    """Yield places for `text`, each with the stretch that it is beside and its distance from the edge's beginning."""
    for stretch in line:
        free = stretch.length - (ARROW if stretch is line[-1] else 0.0)
        for along in (free * part / (PLACES - 1) for part in range(PLACES)):
            part = along / stretch.length if stretch.length else 0.0
            x = stretch.start[0] + (stretch.end[0] - stretch.start[0]) * part
            y = stretch.start[1] + (stretch.end[1] - stretch.start[1]) * part
            for label in places_beside(text, x, y, is_level=stretch.is_level):
                yield label, stretch, stretch.way + along


def places_beside(text: str, x: float, y: float, *, is_level: bool) -> Iterator[Label]:
    """Yield the places for `text` beside a point of a horizontal or a vertical line."""
    if is_level:
        for line in (y - ABOVE, y + BELOW):
            for anchor, dx in (("start", 4), ("end", -4), ("middle", 0)):
                yield Label(text, round(x + dx, 1), round(line, 1), anchor)
    else:
        for line in (y + ASCENT + 4, y - DESCENT - 4, y + (ASCENT - DESCENT) / 2):
            yield Label(text, round(x + BESIDE, 1), round(line, 1), "start")
            yield Label(text, round(x - BESIDE, 1), round(line, 1), "end")


def overlap(one: Area, other: Area) -> bool:
    """Return whether two areas have more than a border in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
