"""The costs of a run as a table of texts. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutor.trace.costs import Costs, TaskCosts
from tutor.trace.model import Step
from tutor.trace.phases import PHASES, Phase, Time

TASKS = 12
"""The maximum tasks that are shown: those that changed last."""
TITLES: Mapping[Phase, tuple[str, str]] = {
    "waiting": ("Waiting", "in the queue, until its first delivery"),
    "handed": ("Handed over", "from a delivery until it starts"),
    "running": ("Running", "in its function"),
    "storing": ("Storing", "from its end until its result is saved"),
    "locked": ("Locked", "its row, from each delivery on"),
}
"""Phase → the head of its column, and what is counted there."""
NOT_OBSERVED, NOT_STORED, NOTHING = "not observed", "not stored", "–"


@dataclass(frozen=True, slots=True)
class CostCell:
    """The time that a task has spent in a phase, as text."""

    phase: Phase
    text: str
    step: int
    """The step that shows it; 0 if no step does."""


@dataclass(frozen=True, slots=True)
class CostRow:
    """A task with its cells."""

    label: str
    cells: tuple[CostCell, ...]


@dataclass(frozen=True, slots=True)
class CostTable:
    """The tasks of a run, with where their time went."""

    rows: tuple[CostRow, ...]
    total: CostRow | None
    """None unless there are several tasks."""
    left_out: int
    """The number of tasks that aren't shown."""
    earlier: int
    """The last step that shows other tasks than these; 0 if none are left out."""


def cost_table(costs: Costs, steps: Sequence[Step]) -> CostTable:
    """Return the table at the last of `steps`."""
    latest = sorted(range(len(costs.tasks)), key=lambda index: costs.tasks[index].event)[-TASKS:]
    shown = [costs.tasks[index] for index in sorted(latest)]
    left_out = len(costs.tasks) - len(shown)
    return CostTable(
        tuple(cost_row(task, steps) for task in shown),
        CostRow(f"All {len(costs.tasks)} tasks", cells(costs.total, steps, counted=False))
        if len(costs.tasks) > 1
        else None,
        left_out,
        max(1, step_showing(costs.tasks[latest[0]].event, steps) - 1) if left_out else 0,
    )


def cost_row(task: TaskCosts, steps: Sequence[Step]) -> CostRow:
    return CostRow(task.label, cells(task.times, steps))


def cells(times: Mapping[Phase, Time], steps: Sequence[Step], counted: bool = True) -> tuple[CostCell, ...]:
    return tuple(
        CostCell(phase, text_of(times[phase], counted), step_showing(times[phase].event, steps)) for phase in PHASES
    )


def step_showing(event: int, steps: Sequence[Step]) -> int:
    """Return the first step at which an event had been seen; 0 for no event."""
    return bisect_left(steps, event, key=lambda step: step.event_number) + 1 if event else 0


def text_of(time: Time, counted: bool = True) -> str:
    """Return a time as in “12 ms”, “at most 1.2 s (2×), so far” or “not observed”; `counted` adds how often."""
    texts = []
    if time.spans:
        bound = "at most " if time.at_most else ""
        times = f" ({time.spans}×)" if time.spans > 1 and counted else ""
        so_far = ", so far" if time.goes_on else ""
        texts.append(f"{bound}{duration(time.ms)}{times}{so_far}")
    for count, what in ((time.unobserved, NOT_OBSERVED), (time.dropped, NOT_STORED)):
        if count:
            texts.append(f"{count}× {what}" if count > 1 or time.spans else what)
    return "; ".join(texts) or NOTHING


def duration(ms: float) -> str:
    """Return a short time with a digit more than others, as “0.4 ms”, “12 ms” or “2.1 s”."""
    if ms < 0.05:
        return "under 0.1 ms"
    if ms < 9.95:
        return f"{ms:.1f} ms"
    return f"{ms:.0f} ms" if ms < 999.5 else f"{ms / 1000:,.1f} s"
