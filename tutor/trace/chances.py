"""What can be done at a step of a run when it is run again: to the task, its caller, its cluster, or a gate.

A chance says at which event; `tutor.runs.aims` finds the same event in another run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tutor.protocol.events import KINDS
from tutor.protocol.lanes import Lane

from .histories import Execution, Process
from .model import Step, Trace

LATER_S = 1.0
"""By how much a task is made slower than its timeout, in seconds."""
LONGEST_S = 10.0
"""The longest that a task can be made slower."""
TITLES = {
    "kill": ("Kill its worker", "SIGKILL, inside the function. Who tells the queue?"),
    "raise": ("Make it raise", "A RuntimeError in the function. Is it tried again?"),
    "slow": ("Make it slower than its timeout", "Who ends it, and does it come again?"),
    "kill-caller": ("Kill the caller", "SIGKILL. Does the task go on without it?"),
    "stop": ("Stop the cluster", "SIGTERM. Does it wait for its tasks?"),
    "skip-gate": ("Read now instead of waiting", "The process goes on at once. What does it find?"),
    "half-minute": ("Let half a minute pass", "The sentinel asks the scheduler. What is due?"),
}
"""Action → its title, and what one may ask oneself about it."""


@dataclass(frozen=True, slots=True)
class Chance:
    """Something that can be done at a step, or can't."""

    action: str
    """The name of an action of `tutor.protocol.actions`."""
    at: int = 0
    """The number of the event at which, or at the next one in the function of the task; 0 if it can't be done."""
    reason: str = ""
    """Why it can't be done."""
    near: int = 0
    """A step at which it can be done, if there is one."""
    seconds: float = 0.0
    """The duration, for an action that has one."""

    @property
    def title(self) -> str:
        return TITLES[self.action][0]

    @property
    def asks(self) -> str:
        return TITLES[self.action][1]


def chances_at(trace: Trace, position: int, settings: Mapping[str, Any]) -> list[Chance]:
    """Return what can be done at step `position`, and what can't, in the order of `TITLES`.

    `settings` are those of the lab, such as {"Q_CLUSTER": {"timeout": 2}}.
    """
    step = trace.steps[position - 1]
    return [
        *of_task(trace, step, settings),
        of_caller(trace, step),
        of_cluster(trace, step, "stop"),
        of_gate(trace, step),
        half_minute(trace, step),
    ]


def of_task(trace: Trace, step: Step, settings: Mapping[str, Any]) -> Iterator[Chance]:
    """Yield what can be done in the function of the task that the process of a step executes."""
    found = execution_at(trace, step)
    if found is None:
        near = next((each.number for each in trace.steps if execution_at(trace, each)), 0)
        reason = "No worker is inside a task at this step."
        yield from (Chance(action, reason=reason, near=near) for action in ("kill", "raise", "slow"))
        return
    yield from (Chance(action, step.event_number) for action in ("kill", "raise"))
    timeout = timeout_of(trace, found, settings)
    if timeout is None:
        yield Chance("slow", reason="The task has no timeout that would end it.")
    elif timeout + LATER_S > LONGEST_S:
        yield Chance("slow", reason=f"Its timeout is {timeout:g} s, which is longer than a run here can wait.")
    else:
        yield Chance("slow", step.event_number, seconds=timeout + LATER_S)


def execution_at(trace: Trace, step: Step) -> Execution | None:
    """Return the execution that the worker of a step is in; its function may just have returned."""
    for each in trace.executions:
        over = each.finished or each.ended
        is_in = each.started.number <= step.event_number and (over is None or step.event_number <= over.number)
        if is_in and (each.started.lane, each.pid) == (Lane.WORKER, step.pid):
            return each
    return None


def timeout_of(trace: Trace, execution: Execution, settings: Mapping[str, Any]) -> float | None:
    """Return the seconds after which a task is ended; its own option goes before the cluster's setting."""
    options = trace.histories.tasks[execution.task].description.get("options") or {}
    timeout = options.get("timeout", settings.get("Q_CLUSTER", {}).get("timeout"))
    return float(timeout) if isinstance(timeout, int | float) and timeout > 0 else None


def of_caller(trace: Trace, step: Step) -> Chance:
    callers = [each for each in trace.processes if each.role == Lane.CALLER]
    if any(is_alive(each, step, trace) for each in callers):
        return anywhere(trace, step, "kill-caller")
    alive = (each.number for each in trace.steps if any(is_alive(caller, each, trace) for caller in callers))
    return Chance("kill-caller", reason="The program has ended by then.", near=next(alive, 0))


def is_alive(process: Process, step: Step, trace: Trace) -> bool:
    """Return whether a process goes on after a step."""
    begun = process.first.number <= step.event_number
    died = process.died_ms is not None and process.died_ms <= step.at_ms
    return begun and not died and (process.ended is None or step.event_number < process.ended.number)


def of_cluster(trace: Trace, step: Step, action: str) -> Chance:
    if step.event in ("idle", "ended"):
        return Chance(action, reason="Nothing is left to do for the cluster.")
    return anywhere(trace, step, action)


def anywhere(trace: Trace, step: Step, action: str) -> Chance:
    """Return what can be done at any event at which its process can be stopped for a moment."""
    if KINDS[step.event].can_be_breakpoint or step.event == "finished":
        return Chance(action, step.event_number)
    others = (each.number for each in trace.steps if KINDS[each.event].can_be_breakpoint)
    return Chance(action, reason="This step isn’t a moment at which something can be done.", near=next(others, 0))


def of_gate(trace: Trace, step: Step) -> Chance:
    """Return whether a process can pass the gate at which it waits at a step, or comes to before the next one."""
    following = trace.steps[step.number : step.number + 1]
    until = following[0].event_number if following else trace.number
    waits = [
        pause
        for process in trace.processes
        for pause in (*process.pauses, *([process.gate] if process.gate else []))
        if pause.at_gate
    ]
    for pause in waits:
        if pause.begin.number < until and not pause.is_before(step.event_number):
            return Chance("skip-gate", pause.begin.number)
    near = trace.step_at(waits[0].begin.number) if waits else 0
    return Chance("skip-gate", reason="No process waits for another one at this step.", near=near)


def half_minute(trace: Trace, step: Step) -> Chance:
    if not any(each.queued and each.queued.lane == Lane.SENTINEL for each in trace.tasks):
        return Chance("half-minute", reason="No schedule queues a task in this run.")
    return of_cluster(trace, step, "half-minute")
