"""Two runs of one lesson beside each other: which steps are the same, and what differs.

Steps are matched by what happened, to which task and in which delivery. The ids of tasks and processes, the letters of
workers, times, and the order of events that nothing joins are no difference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from tutor.protocol.lanes import WORKING, Lane
from tutor.protocol.texts import shortened

from .model import Step, Trace

RANDOM = re.compile(r"0x[0-9a-f]{6,}|\b[0-9a-f]{32}\b")
"""An address in memory, or an id that no event has told."""
LONGEST = 60
"""The maximum characters of a result that differs."""


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


class Difference(NamedTuple):
    """A value that is another one in the other run."""

    name: str
    """What it is, such as "Task status"."""
    first: str
    second: str


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
    """In the order of the first run; a step of the second alone comes before the next one that both have."""
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
    """Yield the steps of both traces, those of the second where its next common step is."""
    mine, theirs = keyed(first), keyed(second)
    known = tuple(map(Names, (first, second)))
    order = list(theirs)
    places = {key: place for place, key in enumerate(order)}
    told = 0
    for key, step in mine.items():
        if key not in theirs:
            yield Pair(key, step, None)
            continue
        yield from (Pair(each, None, theirs[each]) for each in order[told : places[key]] if each not in mine)
        told = max(told, places[key])
        yield Pair(key, step, theirs[key], tuple(differences(step, theirs[key], *known)))
    yield from (Pair(key, None, theirs[key]) for key in order[told:] if key not in mine)


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


class Names:
    """Replaces what is random in the texts of a run by what it stands for."""

    def __init__(self, trace: Trace) -> None:
        names = {each.id: each.label for each in trace.tasks} | {each.name: each.label for each in trace.tasks}
        self.labels = {name: label for name, label in names.items() if name and name != label}
        self.pids = frozenset(str(each.pid) for each in trace.processes)
        words = sorted((*self.labels, *self.pids), key=len, reverse=True)
        self.known = re.compile("|".join(rf"\b{re.escape(each)}\b" for each in words)) if words else None

    def plain(self, text: str) -> str:
        """Return `text` without ids, pids and addresses."""
        if self.known:
            text = self.known.sub(lambda found: self.labels.get(found[0], "a process"), text)
        return RANDOM.sub("…", text)


def differences(first: Step, second: Step, mine: Names, theirs: Names) -> Iterator[Difference]:
    """Yield the values of a step that are other ones in the other run."""
    if first.status != second.status:
        yield Difference("Task status", first.status, second.status)
    if mine.plain(told(first)) != theirs.plain(told(second)):
        yield Difference("Result stored", shortened(told(first), LONGEST), shortened(told(second), LONGEST))


def told(step: Step) -> str:
    """Return the stored result without the lines of a traceback: where a timeout interrupts a task is chance."""
    return (step.full_result or step.result).partition(" : Traceback")[0]


def facts(first: Trace, second: Trace) -> Iterator[Difference]:
    """Yield what was counted at the end of each run."""
    mine, theirs = counted(first), counted(second)
    for name in dict.fromkeys((*mine, *theirs)):
        yield Difference(name, mine.get(name, "0"), theirs.get(name, "0"))


def counted(trace: Trace) -> Mapping[str, str]:
    """Return name → what was counted so far, or what a variable of the lesson was in the end."""
    found = {"Executions": str(len(trace.executions)), "Executions at the same time": str(most_at_once(trace))}
    statuses = Counter(each.status for each in trace.tasks)
    found |= {f"Tasks: {status}": str(count) for status, count in sorted(statuses.items())}
    found["attempt_count"] = str(sum(each.outcome.attempt_count for each in trace.tasks if each.outcome))
    found |= {f"Rows of {name}": str(table.count) for name, table in trace.state.tables.items()}
    found["Lines printed"] = str(len(trace.state.printed.splitlines()))
    plain = Names(trace).plain
    found |= {each.label: plain(each.values[-1]) for each in trace.variables}
    return found | ({"The run": trace.ended.outcome} if trace.ended else {})


EFFECTS = ("Tasks: ", "Rows of ", "Lines printed")
"""The beginnings of the facts that are effects of a run. How often something was executed on the way is none."""


def effects(first: Trace, second: Trace) -> list[Difference]:
    """Return the effects in which two runs differ in the end."""
    found = facts(first, second)
    return [each for each in found if each.name.startswith(EFFECTS) and each.first != each.second]


def most_at_once(trace: Trace) -> int:
    """Return how many executions went on at the same time, at most."""
    begun = [(each.started.number, 1) for each in trace.executions]
    over = [(end.number, -1) for each in trace.executions if (end := each.returned or each.ended)]
    return max(accumulate(change for _, change in sorted(begun + over)), default=0)
