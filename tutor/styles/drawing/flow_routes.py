"""The routes of the edges of a concept flow: along tracks, around nodes, with few crossings. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count, pairwise

from .flow_layout import Box, Layout

BEND, SHARED, BUNDLED, CROSSED, BACKWARD, TAKEN_SIDE = 45.0, 400.0, 0.3, 70.0, 25.0, 150.0
"""Costs in units of length: of a bend, a stretch shared with another edge, a stretch shared with an edge that begins or
ends at the same node (per unit of its length), a crossing, leaving a node on the side away from the target, and a side
of a node that another edge uses."""
LOOP = 16.0
"""The distance between a node and an edge from the node to itself."""

Crossing = tuple[int, int]
"""The crossing of two tracks, by their indexes."""
Direction = tuple[int, int]
Point = tuple[float, float]
DIRECTIONS: tuple[Direction, ...] = ((1, 0), (0, 1), (-1, 0), (0, -1))
NO_DIRECTION: Direction = (0, 0)


@dataclass
class Router:
    """Finds the cheapest route for each edge in turn, and remembers it."""

    layout: Layout
    stretches: dict[frozenset[Crossing], list[tuple[Crossing, Crossing]]] = field(default_factory=dict)
    """Stretch between two crossings → (source, target) of each edge along it."""
    crossed: set[Crossing] = field(default_factory=set)
    """The crossings that routes pass."""
    sides: dict[tuple[Crossing, Direction], str] = field(default_factory=dict)
    """(node, side) → "out" or "in"."""

    def __post_init__(self) -> None:
        self.nodes = {self.crossing(box): box for box in self.layout.boxes}

    def crossing(self, box: Box) -> Crossing:
        return self.layout.x_tracks.index(box.x), self.layout.y_tracks.index(box.y)

    def point(self, crossing: Crossing) -> Point:
        return self.layout.x_tracks[crossing[0]], self.layout.y_tracks[crossing[1]]

    def route(self, source: Box, target: Box) -> tuple[Point, ...]:
        """Return the ends and corners of the route from the outline of `source` to the outline of `target`."""
        if source is target:
            return self.loop(source)
        crossings = self.search(self.crossing(source), self.crossing(target))
        self.remember(crossings)
        points = corners([self.point(each) for each in crossings])
        return (border(source, points[1]), *points[1:-1], border(target, points[-2]))

    def loop(self, box: Box) -> tuple[Point, ...]:
        """Return a route from `box` to itself: above it, or below it if an edge uses the upper side."""
        up = -1 if (self.crossing(box), (0, -1)) not in self.sides else 1
        right, left, y = box.x + box.width / 5, box.x - box.width / 5, box.y + up * box.height / 2
        return (right, y), (right, y + up * LOOP), (left, y + up * LOOP), (left, y)

    def search(self, start: Crossing, goal: Crossing) -> list[Crossing]:
        """Return the crossings of the cheapest route, found by Dijkstra's algorithm."""
        order = count()
        best: dict[tuple[Crossing, Direction], float] = {}
        queue: list[tuple[float, int, Crossing, Direction, list[Crossing]]] = []
        heappush(queue, (0.0, next(order), start, NO_DIRECTION, [start]))
        while queue:
            cost, _, here, heading, path = heappop(queue)
            if here == goal and len(path) > 1:
                return path
            for direction in DIRECTIONS:
                following = (here[0] + direction[0], here[1] + direction[1])
                if self.is_blocked(heading, direction, following, goal):
                    continue
                total = cost + self.cost(here, heading, direction, following, start, goal)
                if total < best.get((following, direction), float("inf")):
                    best[following, direction] = total
                    heappush(queue, (total, next(order), following, direction, [*path, following]))
        return [start, goal]

    def is_blocked(self, heading: Direction, direction: Direction, following: Crossing, goal: Crossing) -> bool:
        """Return whether a step leaves the drawing, turns back, or enters a node other than the goal."""
        x, y = following
        outside = not (0 <= x < len(self.layout.x_tracks) and 0 <= y < len(self.layout.y_tracks))
        turns_back = direction == opposite(heading) != NO_DIRECTION
        return outside or turns_back or (following in self.nodes and following != goal)

    def cost(
        self,
        here: Crossing,
        heading: Direction,
        direction: Direction,
        following: Crossing,
        start: Crossing,
        goal: Crossing,
    ) -> float:
        """Return the cost of a step from `here` to `following`."""
        (x, y), (nx, ny) = self.point(here), self.point(following)
        length = abs(nx - x) + abs(ny - y)
        cost = length
        if heading not in (NO_DIRECTION, direction):
            cost += BEND
        if users := self.stretches.get(frozenset((here, following))):
            cost += length * BUNDLED if all(self.may_bundle(each, (start, goal)) for each in users) else SHARED
        elif following in self.crossed and following != goal:
            cost += CROSSED
        if here == start:
            gx, gy = self.point(goal)
            cost += BACKWARD * ((gx - x) * direction[0] + (gy - y) * direction[1] < 0)
            cost += TAKEN_SIDE * self.is_taken(start, direction, "out")
        if following == goal:
            cost += TAKEN_SIDE * self.is_taken(goal, opposite(direction), "in")
        return cost

    def may_bundle(self, one: tuple[Crossing, Crossing], other: tuple[Crossing, Crossing]) -> bool:
        """Return whether two edges may share a stretch: to the same target, or from a source that isn't a decision."""
        return one[1] == other[1] or (one[0] == other[0] and not self.is_decision(one[0]))

    def is_decision(self, node: Crossing) -> bool:
        return self.nodes[node].node.shape == "decision"

    def is_taken(self, node: Crossing, side: Direction, way: str) -> bool:
        """Return whether an edge should avoid a side of a node. The answers of a decision use different sides."""
        used = self.sides.get((node, side))
        return used is not None and (used != way or (way == "out" and self.is_decision(node)))

    def remember(self, crossings: list[Crossing]) -> None:
        for pair in pairwise(crossings):
            self.stretches.setdefault(frozenset(pair), []).append((crossings[0], crossings[-1]))
        self.crossed.update(crossings[1:-1])
        self.sides[crossings[0], direction_of(crossings[0], crossings[1])] = "out"
        self.sides[crossings[-1], direction_of(crossings[-1], crossings[-2])] = "in"


def opposite(direction: Direction) -> Direction:
    return -direction[0], -direction[1]


def direction_of(here: Crossing, following: Crossing) -> Direction:
    return following[0] - here[0], following[1] - here[1]


def corners(points: list[Point]) -> list[Point]:
    """Return the first and the last of `points` and those at which the line through them turns."""
    return [points[0], *turns(points), points[-1]]


def turns(points: list[Point]) -> Iterator[Point]:
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        if not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1]):
            yield here


def border(box: Box, towards: Point) -> Point:
    """Return the point at which a line from the centre of `box` to a point beside, above or below it leaves the box."""
    dx, dy = towards[0] - box.x, towards[1] - box.y
    if abs(dx) > abs(dy):
        return box.x + (box.width / 2 if dx > 0 else -box.width / 2), box.y
    return box.x, box.y + (box.height / 2 if dy > 0 else -box.height / 2)
