"""Two runs of one lesson beside each other: which steps are the same, and what differs.

Steps are matched by what happened, to which task and in which delivery. The ids of tasks and processes, the letters of
workers, times, and the order of events that nothing joins are no difference.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tutor.protocol.lanes import WORKING, Lane
from tutor.protocol.texts import shortened

from .facts import LONGEST, Difference, Names, facts
from .model import Step, Trace


class Key(NamedTuple):
    """What happened at a step. The same key in another run means the same."""

    event: str
    """The kind of the step's event."""
    place: str
    """What else decides which step it is: the line that was about to run, or the lesson's rule."""
    task: str
    """The label of its task; empty if it is about none."""
    delivery: int | None
    number: int
    """Its number among the steps of which all this is the same, from 1."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A step that is in both runs, or in one of them."""

    key: Key
    first: Step | None
    second: Step | None
    differences: tuple[Difference, ...] = ()

    @property
    def step(self) -> Step:
        """The step in the first run, or else in the second."""
        step = self.first or self.second
        assert step
        return step

    @property
    def is_same(self) -> bool:
        return self.first is not None and self.second is not None and not self.differences


@dataclass(frozen=True)
class Comparison:
    """Two runs of a lesson."""

    pairs: tuple[Pair, ...]
    """In the order of the first run; `merged` says where a step of the second alone comes."""
    facts: tuple[Difference, ...]
    """What was counted at the end of both runs, also where it is the same."""

    @cached_property
    def different(self) -> tuple[int, ...]:
        """The indexes of the pairs that differ."""
        return tuple(index for index, pair in enumerate(self.pairs) if not pair.is_same)

    @cached_property
    def first(self) -> Pair | None:
        """The first pair that differs."""
        return self.pairs[self.different[0]] if self.different else None

    @cached_property
    def instead(self) -> Pair | None:
        """What the other run has instead of a first difference that is in one run only, before they agree again."""
        if self.first is None or (self.first.first and self.first.second):
            return None
        missing = "second" if self.first.first else "first"
        for pair in self.pairs[self.different[0] + 1 :]:
            if pair.first and pair.second:
                return None
            if getattr(pair, missing):
                return pair
        return None


def compare(first: Trace, second: Trace) -> Comparison:
    """Return the comparison of two traces by the rules of one lesson."""
    return Comparison(tuple(merged(first, second)), tuple(facts(first, second)))


def merged(first: Trace, second: Trace) -> Iterator[Pair]:
    """Yield the steps of both traces in one order, which is that of the first for all steps that it has.

    The steps of the second alone keep their order, too. Each comes before the next step that both have, by the time of
    the second, as far as the steps that have moved allow it.
    """
    mine, theirs = keyed(first), keyed(second)
    known = tuple(map(Names, (first, second)))
    places = {key: place for place, key in enumerate(theirs)}
    until = limits(list(mine), places)
    alone = deque(key for key in theirs if key not in mine)
    for key, step in mine.items():
        while alone and places[alone[0]] < until.get(key, 0):
            yield Pair(alone[0], None, theirs[alone.popleft()])
        other = theirs.get(key)
        yield Pair(key, step, other, tuple(differences(step, other, *known)) if other else ())
    yield from (Pair(key, None, theirs[key]) for key in alone)


def limits(mine: Sequence[Key], places: Mapping[Key, int]) -> dict[Key, int]:
    """Return key → the place in the second run up to which its steps come before this one, for keys that both have.

    A step that has moved later doesn't take others with it.
    """
    kept, found = in_the_same_order(mine, places), {}
    limit = len(places)
    for key in reversed(mine):
        if key in places:
            limit = places[key] if key in kept else limit
            found[key] = min(limit, places[key])
    return found


class Chain(NamedTuple):
    """A key that ends a chain of keys which two runs have in the same order."""

    key: Key
    before: Chain | None


def in_the_same_order(mine: Sequence[Key], places: Mapping[Key, int]) -> set[Key]:
    """Return as many keys as possible that both runs have in the same order: a longest common subsequence."""
    ends: list[int] = []
    """Index n has the first place at which a chain of n + 1 keys can end."""
    chains: list[Chain] = []
    for key in mine:
        if key in places:
            length = bisect_left(ends, places[key])
            chain = Chain(key, chains[length - 1] if length else None)
            ends[length : length + 1], chains[length : length + 1] = [places[key]], [chain]
    found: set[Key] = set()
    longest = chains[-1] if chains else None
    while longest:
        found.add(longest.key)
        longest = longest.before
    return found


def keyed(trace: Trace) -> dict[Key, Step]:
    """Return key → step, in the order of the steps."""
    counts: Counter[tuple[str, str, str, int | None]] = Counter()
    found: dict[Key, Step] = {}
    for step in trace.steps:
        what = step.event, place_of(step), step.task_label, delivery_of(trace, step)
        counts[what] += 1
        found[Key(*what, counts[what])] = step
    return found


def place_of(step: Step) -> str:
    """Return the line of a step at a line. Otherwise all events of one kind are the same, whatever their rule."""
    if step.event == "line":
        return f"{step.process} {step.payload.get('file')}:{step.payload.get('line')}"
    return "" if step.task else step.process


def delivery_of(trace: Trace, step: Step) -> int | None:
    """Return which delivery of its task a step is about; None if it is about none, or before the first."""
    if number := step.payload.get("delivery"):
        return int(number)
    task = trace.histories.tasks.get(step.task)
    if task is None or step.process not in WORKING or step.process == Lane.CALLER:
        return None
    begun = [each for each in task.executions if each.pid == step.pid and each.started.number <= step.event_number]
    return begun[-1].delivery if begun else None


def differences(first: Step, second: Step, mine: Names, theirs: Names) -> Iterator[Difference]:
    """Yield the values of a step that are other ones in the other run."""
    if first.status != second.status:
        yield Difference("Task status", first.status, second.status)
    if mine.plain(told(first)) != theirs.plain(told(second)):
        yield Difference("Result stored", shortened(told(first), LONGEST), shortened(told(second), LONGEST))


def told(step: Step) -> str:
    """Return the stored result without the lines of a traceback: where a timeout interrupts a task is chance."""
    return (step.full_result or step.result).partition(" : Traceback")[0]
