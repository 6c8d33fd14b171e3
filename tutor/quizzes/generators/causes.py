"""Which events of a run cause which: what one process does in turn, and what processes hand to each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tutor.trace.histories import Point
from tutor.trace.model import Trace


class Causes:
    """The order of some events as far as something causes it."""

    def __init__(self, trace: Trace, gates: Iterable[tuple[Point, Point]] = ()) -> None:
        """`gates` are pairs of points of which a gate lets the second happen only after the first."""
        self.handed: list[tuple[Point, Point]] = sorted(
            [*((each.sent, each.received) for each in trace.histories.messages), *gates],
            key=lambda each: each[1].number,
        )

    def comes_before(self, one: Point, other: Point) -> bool:
        """Return whether `one` happens before `other` in every run with the same causes.

        It does if its process has gone on to do the other, or has gone on to hand something to a process that has.
        """
        reached = {one.pid: one.number}
        for sent, received in self.handed:
            since = reached.get(sent.pid)
            if since is not None and since <= sent.number and received.number > sent.number:
                reached[received.pid] = min(reached.get(received.pid, received.number), received.number)
        return one.number != other.number and reached.get(other.pid, other.number + 1) <= other.number

    def pairs(self, points: Sequence[Point]) -> frozenset[tuple[int, int]]:
        """Return the pairs of indexes of which the first point comes before the second."""
        indexes = range(len(points))
        return frozenset((i, j) for i in indexes for j in indexes if self.comes_before(points[i], points[j]))
