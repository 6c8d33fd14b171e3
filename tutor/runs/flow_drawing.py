"""The concept flow as a drawing: where its nodes and arrows stand, and which of them have been reached.

Pure geometry: a lesson places its nodes on a grid, and everything else follows from that.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.lessons.parts import Edge, Flow, Node

from .trace import State

CELL_WIDTH, CELL_HEIGHT = 200, 96
WIDTH, HEIGHT, DECISION_WIDTH, DECISION_HEIGHT = 152, 46, 176, 66
MARGIN = 14
LINE_HEIGHT = 16
LETTERS = 18
"""Letters in a line of a label."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """One node, in the drawing's units, its middle at (x, y)."""

    id: str
    shape: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[float, str], ...]
    """The label, as (y of a line, its text)."""
    standing: str
    """"at" where the run is, "past" where it has been, else ""."""

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        return self.y - self.height / 2

    @property
    def diamond(self) -> str:
        """The corners of a decision, for a polygon."""
        half, tall = self.width / 2, self.height / 2
        corners = ((self.x, self.y - tall), (self.x + half, self.y), (self.x, self.y + tall), (self.x - half, self.y))
        return " ".join(f"{x:g},{y:g}" for x, y in corners)


@dataclass(frozen=True, slots=True)
class Arrow:
    """One edge: an SVG path, and a word beside it."""

    path: str
    label: str
    x: float
    y: float
    taken: int
    """How often the run took it."""


@dataclass(frozen=True, slots=True)
class Drawing:
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    at: str
    """The label of the lit node, or ""."""


def draw(flow: Flow, state: State) -> Drawing:
    """The drawing of `flow` as it stands in `state`."""
    boxes = {node.id: box(node, state) for node in flow.nodes}
    columns = 1 + max(node.at[0] for node in flow.nodes)
    rows = 1 + max(node.at[1] for node in flow.nodes)
    return Drawing(
        width=columns * CELL_WIDTH - (CELL_WIDTH - DECISION_WIDTH) + 2 * MARGIN,
        height=rows * CELL_HEIGHT - (CELL_HEIGHT - DECISION_HEIGHT) + 2 * MARGIN,
        boxes=tuple(boxes.values()),
        arrows=tuple(arrow(edge, boxes, state) for edge in flow.edges),
        at=next((node.label for node in flow.nodes if node.id == state.node), ""),
    )


def box(node: Node, state: State) -> Box:
    decision = node.shape == "decision"
    x = MARGIN + DECISION_WIDTH / 2 + node.at[0] * CELL_WIDTH
    y = MARGIN + DECISION_HEIGHT / 2 + node.at[1] * CELL_HEIGHT
    return Box(
        id=node.id,
        shape=node.shape,
        x=x,
        y=y,
        width=DECISION_WIDTH if decision else WIDTH,
        height=DECISION_HEIGHT if decision else HEIGHT,
        lines=tuple(label_lines(node.label, y)),
        standing="at" if node.id == state.node else "past" if node.id in state.past_nodes else "",
    )


def label_lines(label: str, y: float) -> Iterator[tuple[float, str]]:
    lines = textwrap.wrap(label, LETTERS)
    first = y - LINE_HEIGHT * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        yield first + number * LINE_HEIGHT, line


def arrow(edge: Edge, boxes: dict[str, Box], state: State) -> Arrow:
    source, target = boxes[edge.source], boxes[edge.target]
    points = route(source, target, boxes)
    middle = max(zip(points, points[1:], strict=False), key=lambda ends: distance(*ends))
    (x1, y1), (x2, y2) = middle
    level = abs(y1 - y2) < 1
    return Arrow(
        path="M" + "L".join(f"{x:g} {y:g}" for x, y in points),
        label=edge.label,
        x=(x1 + x2) / 2 + (0 if level else 12),
        y=(y1 + y2) / 2 - (9 if level else 0),
        taken=state.edges.get((edge.source, edge.target), 0),
    )


def route(source: Box, target: Box, boxes: dict[str, Box]) -> list[Point]:
    """The corners of an arrow: straight where two boxes share a row or column with nothing between, else round."""
    across, down = target.x - source.x, target.y - source.y
    if abs(down) < 1:
        side = 1 if across > 0 else -1
        if not blocked(source, target, boxes):
            return [(source.x + side * source.width / 2, source.y), (target.x - side * target.width / 2, target.y)]
        below = source.y + CELL_HEIGHT / 2
        return [(source.x, bottom(source)), (source.x, below), (target.x, below), (target.x, bottom(target))]
    if abs(across) < 1:
        side = 1 if down > 0 else -1
        if not blocked(source, target, boxes):
            return [(source.x, source.y + side * source.height / 2), (target.x, target.y - side * target.height / 2)]
        beside = source.x + CELL_WIDTH / 2
        return [
            (source.x + source.width / 2, source.y),
            (beside, source.y),
            (beside, target.y),
            (target.x + target.width / 2, target.y),
        ]
    corner = (target.x, source.y)
    if any((other.x, other.y) == corner for other in boxes.values()):
        # Down or up first, where a box stands in the corner.
        side = 1 if down > 0 else -1
        end = target.x - (1 if across > 0 else -1) * target.width / 2
        return [(source.x, source.y + side * source.height / 2), (source.x, target.y), (end, target.y)]
    side = 1 if across > 0 else -1
    end_y = target.y - (1 if down > 0 else -1) * target.height / 2
    return [(source.x + side * source.width / 2, source.y), corner, (target.x, end_y)]


def blocked(source: Box, target: Box, boxes: dict[str, Box]) -> bool:
    """Whether a third box stands on the straight line between two of a row or column."""
    low_x, high_x = sorted((source.x, target.x))
    low_y, high_y = sorted((source.y, target.y))
    others = (each for each in boxes.values() if each.id not in (source.id, target.id))
    return any(low_x <= each.x <= high_x and low_y <= each.y <= high_y for each in others)


def bottom(box: Box) -> float:
    return box.y + box.height / 2


def distance(start: Point, end: Point) -> float:
    return abs(start[0] - end[0]) + abs(start[1] - end[1])
