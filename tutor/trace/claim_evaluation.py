"""Claim evaluation: whether a run shows what a lesson claims about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice

from tutor.lessons.claim_values import agrees
from tutor.lessons.claims import Claim, ClaimSubject
from tutor.lessons.format.cases import APART
from tutor.lessons.templating import printed
from tutor.protocol.texts import length_of
from tutor.protocol.when import MISSING, look_up

from .histories import Execution
from .model import Step, Trace
from .task_names import find_task

NO_TASK = "none"
"""The value of a claim about the task of a step that is about none."""


def holds(claim: Claim, trace: Trace) -> bool:
    """Return whether the run shows `claim`. A claim about a step that the run doesn't have never holds."""
    return value_holds(claim.subject, claim.value, trace)


def value_holds(subject: ClaimSubject, value: str, trace: Trace) -> bool:
    """Return whether the run shows `value` for `subject`; for a negated subject, whether it shows another value."""
    return holds_of(observed_value(subject, trace), subject, value)


def holds_of(found: str | None, subject: ClaimSubject, value: str) -> bool:
    """Return whether `value` holds for `subject` in a run that shows `found`; see `value_holds`, `observed_value`."""
    return found is not None and agrees(subject, value, found) != subject.negated


def observed_value(subject: ClaimSubject, trace: Trace) -> str | None:
    """Return what the run shows for `subject`, as text; None if it has no such step, row or execution."""
    if subject.kind in OF_RUN:
        return OF_RUN[subject.kind](trace, subject.argument)
    if subject.kind == "times":
        return str(sum(step.id == subject.rules[0][0] for step in trace.steps))
    named = [find_step(trace, rule, nth) for rule, nth in subject.rules]
    steps = [step for step in named if step is not None]
    if len(steps) < len(named):
        return None
    if subject.kind in OF_TWO_STEPS:
        return OF_TWO_STEPS[subject.kind](*steps)
    if subject.kind in OF_RUN_OR_STEP:
        return OF_RUN_OR_STEP[subject.kind](trace, steps[0] if steps else None, subject.argument)
    return OF_STEP[subject.kind](steps[0], subject.argument)


def step_showing(subject: ClaimSubject, trace: Trace) -> int | None:
    """Return the number of the step that shows `subject`; None if the run hasn't reached it."""
    steps = [find_step(trace, rule, nth) for rule, nth in subject.rules]
    numbers = [step.number for step in steps if step is not None]
    if subject.rules:
        return max(numbers) if len(numbers) == len(steps) else None
    return len(trace.steps) if trace.ended and trace.steps else None


def find_step(trace: Trace, rule: str, nth: int) -> Step | None:
    """Return the nth step, from 1, that `rule` made."""
    made = (step for step in trace.steps if step.id == rule)
    return next(islice(made, nth - 1, None), None)


def executions_of(trace: Trace, name: str) -> list[Execution]:
    """Return the executions of tasks with that name or function; all for ""."""
    return [each for each in trace.executions if name in ("", each.name, each.func, each.func.rpartition(".")[2])]


def overlap(trace: Trace, names: str) -> str | None:
    """Return "overlap" or "apart" for two executions, named as in "first,second" or "first#2,second"."""
    found: list[Execution] = []
    for each in names.split(","):
        name, _, nth = each.strip().partition("#")
        executions = executions_of(trace, name)
        number = int(nth) if nth.isdecimal() else 1 + sum(other.name == name for other in found)
        if not 1 <= number <= len(executions):
            return None
        found.append(executions[number - 1])
    if len(found) != 2:
        return None
    earlier, later = sorted(found, key=lambda each: each.started.at_ms)
    return "overlap" if earlier.ended is None or later.started.at_ms < earlier.ended.at_ms else "apart"


def tracker(trace: Trace, name: str) -> str | None:
    return next((APART.join(each.values) for each in trace.variables if each.name == name), None)


def error(trace: Trace, step: Step | None, _: str) -> str:
    steps = [step] if step else trace.steps
    return "\n".join(str(each.payload["error"]) for each in steps if each.payload.get("error"))


def printed_text(trace: Trace, step: Step | None, _: str) -> str:
    return (step.state if step else trace.state).printed


def rows(trace: Trace, step: Step | None, table: str) -> str | None:
    tables = (step.state if step else trace.state).tables
    return str(tables[table].count) if table in tables else None


def row(trace: Trace, step: Step | None, path: str) -> str | None:
    place, _, name = path.partition(".")
    table, _, nth = place.partition("#")
    shown = (step.state if step else trace.state).tables.get(table)
    index = int(nth or 1) - 1 if (nth or "1").isdecimal() else -1
    if shown is None or not 0 <= index < len(shown.rows):
        return None
    found = look_up(shown.rows[index], name)
    return None if found is MISSING else printed(found)


def token(trace: Trace, step: Step | None, subject: str) -> str | None:
    name, _, delivery = subject.partition("/")
    task = find_task(trace.histories.tasks, name)
    for each in reversed((step.state if step else trace.state).tokens):
        own = each.subject.id == task.id and each.subject.delivery == int(delivery or 1) if task else False
        if own or (each.subject.kind == name and not delivery):
            return APART.join(each.nodes)
    return None


def event_field(step: Step, name: str) -> str | None:
    found = look_up(step.payload, name)
    return None if found is MISSING else printed(found)


def printer(trace: Trace, step: Step | None, text: str) -> str | None:
    last = step.event_number if step else trace.number
    found = (each.point for each in trace.histories.prints if text in each.text)
    return next((point.lane for point in found if point.number <= last), None)


def length(step: Step, name: str) -> str | None:
    found = event_field(step, name) or event_field(step, f"locals.{name}") or step.state.variables.get(name)
    number = length_of(found) if found is not None else None
    return None if number is None else str(number)


OF_RUN: Mapping[str, Callable[[Trace, str], str | None]] = {
    "steps": lambda trace, _: str(len(trace.steps)),
    "executions": lambda trace, name: str(len(executions_of(trace, name))),
    "processes": lambda trace, role: str(sum(each.role == role for each in trace.processes)),
    "overlap": overlap,
    "outcome": lambda trace, _: trace.ended.outcome if trace.ended else None,
    "path": lambda trace, _: APART.join(step.id for step in trace.steps),
    "statuses": lambda trace, _: APART.join(step.status for step in trace.steps),
    "results": lambda trace, _: APART.join(step.result for step in trace.steps),
    "tracker": tracker,
    "notice": lambda trace, _: "\n".join(notice.text for notice in trace.state.notices),
}
"""Kind of claim about a whole run → its value, from the trace and the claim's argument."""
OF_RUN_OR_STEP: Mapping[str, Callable[[Trace, Step | None, str], str | None]] = {
    "error": error,
    "printed": printed_text,
    "printer": printer,
    "row": row,
    "rows": rows,
    "token": token,
}
"""Kind of claim about a step, or about the whole run if no step is named → its value."""
OF_TWO_STEPS: Mapping[str, Callable[[Step, Step], str]] = {
    "order": lambda one, other: "before" if one.number < other.number else "after",
    "process": lambda one, other: "same" if one.pid == other.pid else "other",
}
"""Kind of claim about two steps → its value."""
OF_STEP: Mapping[str, Callable[[Step, str], str | None]] = {
    "status": lambda step, _: step.status,
    "result": lambda step, _: step.result,
    "task": lambda step, _: step.task_label or NO_TASK,
    "step": lambda step, _: str(step.number),
    "role": lambda step, _: step.process,
    "value": lambda step, name: step.state.variables.get(name),
    "event": event_field,
    "length": length,
}
"""Kind of claim about one step → its value, from the step and the claim's argument."""
