"""The ways that the edges of a concept flow take: along tracks, around nodes, seldom over each other. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count, pairwise

from .flow_layout import Box, Layout

BEND, SHARED, BUNDLED, CROSSED, BACKWARD, TAKEN_PORT = 45.0, 400.0, 0.3, 70.0, 25.0, 150.0
"""What a bend, a stretch of another edge, one of an edge that begins or ends at the same node (for each unit of its
length), a crossing, leaving on the far side and a used side of a node cost, in units of length."""
LOOP = 16.0
"""How far an edge from a node to itself goes away from it."""

Cell = tuple[int, int]
"""A crossing of two tracks, by their indexes."""
Point = tuple[float, float]
SIDES: tuple[Cell, ...] = ((1, 0), (0, 1), (-1, 0), (0, -1))


@dataclass
class Router:
    """Finds one way after the other and remembers them all."""

    layout: Layout
    stretches: dict[frozenset[Cell], list[tuple[Cell, Cell]]] = field(default_factory=dict)
    """Stretch between two crossings → (source, target) of each edge along it."""
    crossings: set[Cell] = field(default_factory=set)
    ports: dict[tuple[Cell, Cell], str] = field(default_factory=dict)
    """(node, side) → "out" or "in"."""

    def __post_init__(self) -> None:
        self.taken = {self.cell(box): box for box in self.layout.boxes}

    def cell(self, box: Box) -> Cell:
        return self.layout.x_tracks.index(box.x), self.layout.y_tracks.index(box.y)

    def point(self, cell: Cell) -> Point:
        return self.layout.x_tracks[cell[0]], self.layout.y_tracks[cell[1]]

    def route(self, source: Box, target: Box) -> tuple[Point, ...]:
        """The cheapest way from the outline of `source` to the outline of `target`: its ends and its corners."""
        if source is target:
            return self.loop(source)
        cells = self.search(self.cell(source), self.cell(target))
        self.remember(cells)
        points = corners([self.point(cell) for cell in cells])
        return (border(source, points[1]), *points[1:-1], border(target, points[-2]))

    def loop(self, box: Box) -> tuple[Point, ...]:
        """A way out of a free side of `box`, above if that is one, and in at the same side."""
        up = -1 if (self.cell(box), (0, -1)) not in self.ports else 1
        right, left, y = box.x + box.width / 5, box.x - box.width / 5, box.y + up * box.height / 2
        return (right, y), (right, y + up * LOOP), (left, y + up * LOOP), (left, y)

    def search(self, start: Cell, goal: Cell) -> list[Cell]:
        order = count()
        best: dict[tuple[Cell, Cell], float] = {}
        queue: list[tuple[float, int, Cell, Cell, list[Cell]]] = [(0.0, next(order), start, (0, 0), [start])]
        while queue:
            cost, _, cell, way, path = heappop(queue)
            if cell == goal and len(path) > 1:
                return path
            for step in SIDES:
                following = (cell[0] + step[0], cell[1] + step[1])
                if self.barred(cell, way, step, following, goal):
                    continue
                total = cost + self.price(cell, way, step, following, start, goal)
                if total < best.get((following, step), float("inf")):
                    best[following, step] = total
                    heappush(queue, (total, next(order), following, step, [*path, following]))
        return [start, goal]

    def barred(self, cell: Cell, way: Cell, step: Cell, following: Cell, goal: Cell) -> bool:
        """Whether the step leaves the drawing, turns round on the spot, or goes into another node."""
        x, y = following
        outside = not (0 <= x < len(self.layout.x_tracks) and 0 <= y < len(self.layout.y_tracks))
        return outside or step == (-way[0], -way[1]) != (0, 0) or (following in self.taken and following != goal)

    def price(self, cell: Cell, way: Cell, step: Cell, following: Cell, start: Cell, goal: Cell) -> float:
        (x, y), (nx, ny) = self.point(cell), self.point(following)
        length = abs(nx - x) + abs(ny - y)
        cost = length
        if way not in ((0, 0), step):
            cost += BEND
        if users := self.stretches.get(frozenset((cell, following))):
            cost += length * BUNDLED if all(self.bundled(each, (start, goal)) for each in users) else SHARED
        elif following in self.crossings and following != goal:
            cost += CROSSED
        if cell == start:
            gx, gy = self.point(goal)
            cost += BACKWARD * ((gx - x) * step[0] + (gy - y) * step[1] < 0)
            cost += TAKEN_PORT * self.refused(start, step, "out")
        if following == goal:
            cost += TAKEN_PORT * self.refused(goal, (-step[0], -step[1]), "in")
        return cost

    def bundled(self, one: tuple[Cell, Cell], other: tuple[Cell, Cell]) -> bool:
        """Whether two edges may share a way: they go to the same node, or leave the same one, not being its answers."""
        return one[1] == other[1] or (one[0] == other[0] and not self.decides(one[0]))

    def decides(self, node: Cell) -> bool:
        return self.taken[node].node.shape == "decision"

    def refused(self, node: Cell, side: Cell, way: str) -> bool:
        """Whether an edge had better not use that side of a node; the answers of a decision keep apart."""
        used = self.ports.get((node, side))
        return used is not None and (used != way or (way == "out" and self.decides(node)))

    def remember(self, cells: list[Cell]) -> None:
        for pair in pairwise(cells):
            self.stretches.setdefault(frozenset(pair), []).append((cells[0], cells[-1]))
        self.crossings.update(cells[1:-1])
        self.ports[cells[0], difference(cells[0], cells[1])] = "out"
        self.ports[cells[-1], difference(cells[-1], cells[-2])] = "in"


def difference(cell: Cell, following: Cell) -> Cell:
    return following[0] - cell[0], following[1] - cell[1]


def corners(points: list[Point]) -> list[Point]:
    """`points` without those in the middle of a straight stretch."""
    return [points[0], *turning(points), points[-1]]


def turning(points: list[Point]) -> Iterator[Point]:
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        if not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1]):
            yield here


def border(box: Box, towards: Point) -> Point:
    """Where the straight line from the centre of `box` towards a point beside, above or below it leaves the box."""
    dx, dy = towards[0] - box.x, towards[1] - box.y
    if abs(dx) > abs(dy):
        return box.x + (box.width / 2 if dx > 0 else -box.width / 2), box.y
    return box.x, box.y + (box.height / 2 if dy > 0 else -box.height / 2)
