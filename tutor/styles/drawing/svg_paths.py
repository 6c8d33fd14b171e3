"""SVG path data for the edges and shapes of a flow."""

from __future__ import annotations

from collections.abc import Sequence

from .flow_layout import SLANT, Box
from .flow_routes import Point

CORNER_RADIUS, ARROW_LENGTH, ARROW_GAP = 8.0, 7.0, 1.5
"""The radius of an edge's corners, the length of its arrowhead, and the distance from the arrowhead to the node."""


def decision(box: Box) -> str:
    """Return the outline of a decision that fills `box`: a rectangle with pointed ends."""
    half_width, half_height = box.width / 2, box.height / 2
    slant = min(SLANT, half_height)
    flat = box.width - 2 * slant
    return (
        f"M{box.x - half_width:.1f} {box.y:.1f}l{slant:.1f} {-half_height:.1f} {flat:.1f} 0 "
        f"{slant:.1f} {half_height:.1f} {-slant:.1f} {half_height:.1f} {-flat:.1f} 0z"
    )


def rounded_line(points: Sequence[Point]) -> str:
    """Return a line through `points` with round corners. It ends within the arrowhead at the last point."""
    points = [*points[:-1], towards(points[-1], points[-2], ARROW_GAP + ARROW_LENGTH * 0.7)]
    drawn = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(CORNER_RADIUS, distance(before, here) / 2, distance(here, after) / 2)
        begin, end = towards(here, before, radius), towards(here, after, radius)
        drawn.append(f"L{begin[0]:.1f} {begin[1]:.1f}Q{here[0]:.1f} {here[1]:.1f} {end[0]:.1f} {end[1]:.1f}")
    drawn.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return "".join(drawn)


def arrowhead(points: Sequence[Point]) -> str:
    """Return the arrowhead at the end of a line through `points`."""
    tip = towards(points[-1], points[-2], ARROW_GAP)
    base = towards(points[-1], points[-2], ARROW_GAP + ARROW_LENGTH)
    dx, dy = (tip[1] - base[1]) / 2, (base[0] - tip[0]) / 2
    return f"M{tip[0]:.1f} {tip[1]:.1f}L{base[0] + dx:.1f} {base[1] + dy:.1f}L{base[0] - dx:.1f} {base[1] - dy:.1f}z"


def towards(start: Point, end: Point, length: float) -> Point:
    """Return the point `length` from `start` in the direction of `end`, which is beside, above or below it."""
    whole = distance(start, end) or 1.0
    return start[0] + (end[0] - start[0]) * length / whole, start[1] + (end[1] - start[1]) * length / whole


def distance(one: Point, other: Point) -> float:
    """Return the Manhattan distance between `one` and `other`."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def percent(share: float) -> str:
    return f"{share * 100:.5g}%"
