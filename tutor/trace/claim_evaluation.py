"""What a run shows of what a lesson claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tutor.lessons.claims import Claim, Subject, agrees
from tutor.lessons.format.cases import APART
from tutor.lessons.templating import printed
from tutor.protocol.when import MISSING, look_up

from .model import Execution, State, Step, Trace


def holds(claim: Claim, seen: Trace) -> bool:
    """Whether a run bears `claim` out; where it has nothing to look at, it does not."""
    return says(claim.subject, claim.value, seen)


def says(subject: Subject, value: str, seen: Trace) -> bool:
    """Whether what is to be seen of `subject` is `value`, or is not, where the subject is negated."""
    found = observed(subject, seen)
    return found is not None and agrees(subject, value, found) != subject.negated


def observed(subject: Subject, seen: Trace) -> str | None:
    """What the run has of `subject`, as text; None where it has no such step, row or execution."""
    steps = [find_step(seen, rule, nth) for rule, nth in subject.rules]
    if subject.kind in OF_RUN:
        return OF_RUN[subject.kind](seen, subject.argument)
    if subject.kind == "times":
        return str(sum(step.id == subject.rules[0][0] for step in seen.steps))
    there = [step for step in steps if step is not None]
    if len(there) < len(steps):
        return None
    if subject.kind in OF_TWO:
        return OF_TWO[subject.kind](*there)
    if subject.kind in OF_ANY:
        return OF_ANY[subject.kind](seen, there[0] if there else None, subject.argument)
    return OF_STEP[subject.kind](there[0], subject.argument)


def shown_at(subject: Subject, seen: Trace) -> int | None:
    """The number of the step at which `subject` is to be seen; None where the run has not come to it."""
    steps = [find_step(seen, rule, nth) for rule, nth in subject.rules]
    numbers = [step.number for step in steps if step is not None]
    if subject.rules:
        return max(numbers) if len(numbers) == len(steps) else None
    return len(seen.steps) if seen.ended and seen.steps else None


def find_step(seen: Trace, rule: str, nth: int) -> Step | None:
    """The nth step that `rule` made."""
    made = [step for step in seen.steps if step.id == rule]
    return made[nth - 1] if len(made) >= nth else None


def field_of(step: Step, name: str) -> str | None:
    found = look_up(step.payload, name)
    return None if found is MISSING else printed(found)


def error_of(seen: Trace, step: Step | None, _: str) -> str:
    errors = [str(each.payload["error"]) for each in ([step] if step else seen.steps) if each.payload.get("error")]
    return "\n".join(errors)


def printed_by(seen: Trace, step: Step | None, _: str) -> str:
    return (step.state if step else seen.state).printed


def rows_of(seen: Trace, step: Step | None, table: str) -> str | None:
    state: State = step.state if step else seen.state
    return str(state.rows[table]["count"]) if state.rows and table in state.rows else None


def executions_of(seen: Trace, name: str) -> list[Execution]:
    """The executions of tasks with that name or function; all for ""."""
    return [each for each in seen.executions if name in ("", each.name, each.func, each.func.rpartition(".")[2])]


def overlap_of(seen: Trace, names: str) -> str | None:
    """Whether two executions were at work at the same time; `names` as in "first,second" or "first#2,second"."""
    found: list[Execution] = []
    for each in names.split(","):
        name, _, nth = each.strip().partition("#")
        executions = executions_of(seen, name)
        number = int(nth) if nth.isdecimal() else 1 + sum(other.name == name for other in found)
        if not 1 <= number <= len(executions):
            return None
        found.append(executions[number - 1])
    if len(found) != 2:
        return None
    earlier, later = sorted(found, key=lambda each: each.at_ms)
    return "overlap" if earlier.ended_ms is None or later.at_ms < earlier.ended_ms else "apart"


def variable_of(seen: Trace, name: str) -> str | None:
    return next((APART.join(each.values) for each in seen.variables if each.name == name), None)


OF_RUN: Mapping[str, Callable[[Trace, str], str | None]] = {
    "steps": lambda seen, _: str(len(seen.steps)),
    "executions": lambda seen, name: str(len(executions_of(seen, name))),
    "processes": lambda seen, role: str(sum(each == role for each, _ in seen.processes)),
    "overlap": overlap_of,
    "outcome": lambda seen, _: seen.ended.outcome if seen.ended else None,
    "path": lambda seen, _: APART.join(step.id for step in seen.steps),
    "statuses": lambda seen, _: APART.join(step.status for step in seen.steps),
    "results": lambda seen, _: APART.join(step.result for step in seen.steps),
    "tracker": variable_of,
    "notice": lambda seen, _: "\n".join(notice.text for notice in seen.state.notices),
}
OF_ANY: Mapping[str, Callable[[Trace, Step | None, str], str | None]] = {
    "error": error_of,
    "printed": printed_by,
    "rows": rows_of,
}
OF_TWO: Mapping[str, Callable[[Step, Step], str]] = {
    "order": lambda one, other: "before" if one.number < other.number else "after",
    "process": lambda one, other: "same" if one.pid == other.pid else "other",
}
OF_STEP: Mapping[str, Callable[[Step, str], str | None]] = {
    "status": lambda step, _: step.status,
    "result": lambda step, _: step.result,
    "step": lambda step, _: str(step.number),
    "role": lambda step, _: step.process,
    "value": lambda step, name: step.state.variables.get(name),
    "event": field_of,
}
