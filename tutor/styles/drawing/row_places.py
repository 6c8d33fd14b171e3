"""The rows of the execution table, and where a moment lies in them. Pure.

What begins with a row's event begins in the middle of the row. A gap is a row of its own where something begins or ends
between two steps, or where much time passes; inside it, as inside a row that stands for several steps, time is
proportional to height.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from tutor.trace.histories import Point
from tutor.trace.model import Step
from tutor.trace.timeline import Timeline

from .gap_facts import Fact, facts_of

LONG_MS = 250.0
"""The least time between two steps that is a gap whatever happens in it."""
MIDDLE, EDGE = 0.5, 0.1
"""Where a row's event is, and the first one of a row that stands for several steps."""


class Spot(NamedTuple):
    """A moment as a place in the table."""

    cell: int
    """The index of the row, counting gaps."""
    y: float
    """The share of the row's height that is above it."""


class RowPlaces:
    """The rows of `groups` of steps, each of one step or of several that share a row, and the gaps between them."""

    def __init__(self, timeline: Timeline, groups: Sequence[Sequence[Step]]) -> None:
        self.groups = groups
        self.steps = [step for group in groups for step in group]
        self.group_of = [number for number, group in enumerate(groups) for _ in group]
        self.times = list(accumulate((step.at_ms for step in self.steps), max))
        self.numbers = {step.event_number: index for index, step in enumerate(self.steps)}
        self.exact = {step.at_ms: index for index, step in enumerate(self.steps)}
        self.gaps, self.own = self.find_facts(timeline)
        self.cell_of = list(accumulate((1 + (number in self.gaps) for number in range(len(groups) - 1)), initial=0))

    def find_facts(self, timeline: Timeline) -> tuple[Mapping[int, tuple[Fact, ...]], Mapping[int, list[Fact]]]:
        """Return what happened in each gap, by the group before it, and what the steps of each group did."""
        found: dict[int, list[Fact]] = defaultdict(list)
        own: dict[int, list[Fact]] = defaultdict(list)
        for fact in facts_of(timeline):
            index = bisect_right(self.times, fact.at_ms) - 1
            if fact.at_ms in self.exact:
                own[self.group_of[self.exact[fact.at_ms]]].append(fact)
            elif self.is_last_of_group(index):
                found[self.group_of[index]].append(fact)
        for index in filter(self.is_last_of_group, range(len(self.steps))):
            if self.times[index + 1] - self.times[index] >= LONG_MS:
                found.setdefault(self.group_of[index], [])
        return {group: tuple(sorted(facts, key=lambda fact: fact.at_ms)) for group, facts in found.items()}, own

    def is_last_of_group(self, index: int) -> bool:
        """Return whether a row follows that of a step, and no other step shares its row."""
        return 0 <= index < len(self.steps) - 1 and self.group_of[index] != self.group_of[index + 1]

    def gap_ms(self, group: int) -> float:
        """Return the length of the gap after a group."""
        index = bisect_right(self.group_of, group) - 1
        return self.times[index + 1] - self.times[index]

    @property
    def count(self) -> int:
        """The number of rows, with gaps."""
        return self.cell_of[-1] + 1

    @property
    def last(self) -> Spot:
        """The bottom of the current row."""
        return Spot(self.count - 1, 1.0)

    def tasks(self) -> dict[int, str]:
        """Return the task of each row; of a gap if it is between two rows of one task."""
        own = [group[0].task if len(group) == 1 else "" for group in self.groups]
        tasks = dict(zip(self.cell_of, own, strict=True))
        for group in self.gaps:
            tasks[self.cell_of[group] + 1] = own[group] if own[group] == own[group + 1] else ""
        return tasks

    def at(self, point: Point) -> Spot:
        return self.spot(point.at_ms, point.number)

    def spot(self, at_ms: float, number: int = 0) -> Spot:
        """Return the place of a time, or of the event with that number."""
        index = self.numbers.get(number)
        if index is None or self.steps[index].at_ms != at_ms:
            index = self.exact.get(at_ms)
        if index is not None:
            return self.of_step(index)
        index = bisect_right(self.times, at_ms) - 1
        if index < 0:
            return Spot(0, 0.0)
        group = self.group_of[index]
        if self.is_last_of_group(index):
            if group not in self.gaps:
                return Spot(self.cell_of[group], 1.0)
            return Spot(self.cell_of[group] + 1, round(self.passed(index, at_ms), 3))
        if index == len(self.steps) - 1:
            return Spot(self.cell_of[group], 1.0)
        above, below = self.of_step(index).y, self.of_step(index + 1).y
        return Spot(self.cell_of[group], round(above + (below - above) * self.passed(index, at_ms), 3))

    def passed(self, index: int, at_ms: float) -> float:
        """Return the share of the time from a step to the next one that has passed."""
        return (at_ms - self.times[index]) / (self.times[index + 1] - self.times[index])

    def of_step(self, index: int) -> Spot:
        """Return the place of a step: the middle of its row, or its share of a row that stands for several steps."""
        group = self.group_of[index]
        size = len(self.groups[group])
        if size == 1:
            return Spot(self.cell_of[group], MIDDLE)
        first = bisect_right(self.group_of, group) - size
        begin, end = self.times[first], self.times[first + size - 1]
        share = (self.times[index] - begin) / (end - begin) if end > begin else 0.0
        return Spot(self.cell_of[group], round(EDGE + (1 - 2 * EDGE) * share, 3))
