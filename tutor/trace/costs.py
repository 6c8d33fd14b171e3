"""What the tasks of a run have cost at one of its steps: where their time went, and the rows of the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .histories import TaskHistory
from .model import Step, Trace
from .phases import NO_TIME, PHASES, Phase, SoFar, Time, summed, times_of
from .state import Table


@dataclass(frozen=True, slots=True)
class TaskCosts:
    """Where the time of one task went."""

    label: str
    times: Mapping[Phase, Time]
    event: int
    """The number of the last event that changed a time, the status or the result of the task."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of the lab's databases, as it was last seen."""

    table: Table
    changed: int
    """The last step at which it differs from the step before; 0 if no step does."""
    most: int
    """The most rows that it had at a step."""
    most_at: int
    """The first step at which it had them."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What the tasks of a run have cost at a step."""

    tasks: tuple[TaskCosts, ...] = ()
    """In the order in which they appeared."""
    total: Mapping[Phase, Time] = field(default_factory=lambda: dict.fromkeys(PHASES, NO_TIME))
    statuses: Mapping[str, int] = field(default_factory=dict)
    """Status → how many tasks have it."""
    rows: tuple[Rows, ...] = ()


def costs_at(trace: Trace, position: int) -> Costs:
    """Return the costs at step `position`; at 0, the start, there are none."""
    if not position:
        return Costs()
    so_far = SoFar.at(trace.steps[position - 1])
    tasks = [task for task in trace.tasks if so_far.has(task.changes[0])]
    costs = tuple(costs_of(task, so_far) for task in tasks)
    total = {phase: summed([each.times[phase] for each in costs]) for phase in PHASES}
    statuses = dict(Counter(task.status_at(so_far.number) for task in tasks))
    return Costs(costs, total, statuses, tuple(rows_of(trace.steps[:position])))


def costs_of(task: TaskHistory, so_far: SoFar) -> TaskCosts:
    times = times_of(task, so_far)
    changed = max(each.number for each in task.changes if so_far.has(each))
    return TaskCosts(task.label, times, max(changed, *(each.event for each in times.values())))


def rows_of(steps: Sequence[Step]) -> Iterator[Rows]:
    """Yield the tables at the last of `steps`."""
    for name, table in steps[-1].state.tables.items():
        seen = [(each.number, at) for each in steps if (at := each.state.tables.get(name))]
        most_at, most = max(seen, key=lambda each: each[1].count)
        changed = next((number for number, at in reversed(seen) if at.changed), 0)
        yield Rows(table, changed, most.count, most_at)
