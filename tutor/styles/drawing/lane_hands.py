"""The arrows and dots in the lanes of the execution table. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tutor.trace.bars import Place
from tutor.trace.timeline import Arrow

from .lane_marks import Cell, Hand
from .lane_places import Lane
from .row_places import MIDDLE, RowPlaces, Spot

APART = 0.2
"""How much lower an arrow is than an opposite one that it would cover, as a share of its row."""
HANDS = 3
"""The maximum arrows in a row between its upper end and its lower one; of more, none is drawn."""


class Hands:
    """Draws the arrows, and a dot for each step that has none."""

    def __init__(
        self, places: RowPlaces, lane_of: Mapping[Place, Lane], x_of: Mapping[tuple[Place, str], float]
    ) -> None:
        self.places, self.lane_of, self.x_of = places, lane_of, x_of
        """(lane, task) → the middle of its bar; with an empty task that of the lane."""

    def draw(self, arrows: Sequence[Arrow], cells: Sequence[Cell]) -> None:
        seen: set[tuple[Spot, float, float]] = set()
        others: Counter[int] = Counter()
        for arrow in arrows:
            for hand, spot in self.arrow(arrow, cells):
                if (key := (spot, hand.x, hand.to or 0.0)) not in seen:
                    seen.add(key)
                    others[spot.cell] += spot.y != MIDDLE
                    cells[spot.cell].hands.append(hand)
        for crowded in (cells[cell] for cell, count in others.items() if count > HANDS):
            crowded.hands = [hand for hand in crowded.hands if hand.y == MIDDLE]
        self.draw_dots(cells)
        for cell in cells:
            cell.hands = list(apart(cell.hands))

    def draw_dots(self, cells: Sequence[Cell]) -> None:
        """Draw a dot in the lane of each step's process, where neither a tag nor an arrow is."""
        for number, group in enumerate(self.places.groups):
            place = Place(group[0].process, group[0].pid)
            if len(group) == 1 and (lane := self.lane_of.get(place)):
                cell = cells[self.places.cell_of[number]]
                taken = {each.lane for each in cell.tags} | {each.lane for each in cell.hands if each.y == MIDDLE}
                if lane not in taken:
                    cell.hands.append(Hand(lane, self.x_of[place, ""], MIDDLE))

    def arrow(self, arrow: Arrow, cells: Sequence[Cell]) -> Iterator[tuple[Hand, Spot]]:
        """Yield an arrow with the place where it is drawn: a result where it was sent, others where they came."""
        source, target = self.lane_of.get(arrow.source), self.lane_of.get(arrow.target)
        if source is None or target is None or source is target:
            return
        point = arrow.sent if arrow.kind == "result" else arrow.received
        if min(arrow.received.at_ms, point.at_ms) < self.places.times[0]:
            return
        spot = self.places.at(point)
        is_tagged = any(tag.lane is target and not tag.in_band for tag in cells[spot.cell].tags) and spot.y == MIDDLE
        x, to = self.x(arrow.source, arrow.task), self.x(arrow.target, arrow.task)
        yield Hand(source, x, spot.y, to, arrow.task_label, is_tagged), spot

    def x(self, place: Place, task: str) -> float:
        """Return the middle of the bar of a task in a lane, or of the lane."""
        return self.x_of.get((place, task)) or self.x_of[place, ""]


def apart(hands: Sequence[Hand]) -> Iterator[Hand]:
    """Yield the hands of a row. An arrow that would lie on an opposite one is lower, unless a tag is at its end."""
    drawn: list[Hand] = []
    for each in sorted(hands, key=lambda hand: not hand.is_tagged):
        covers = any(is_opposite(each, other) for other in drawn)
        drawn.append(replace(each, y=each.y + (APART if each.y + APART < 1 else -APART)) if covers else each)
    yield from drawn


def is_opposite(one: Hand, other: Hand) -> bool:
    """Return whether two arrows lead in opposite directions over the same place."""
    if one.to is None or other.to is None or one.y != other.y or (one.to > one.x) is (other.to > other.x):
        return False
    return max(min(one.x, one.to), min(other.x, other.to)) < min(max(one.x, one.to), max(other.x, other.to))
