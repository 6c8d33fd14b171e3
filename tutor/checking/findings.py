"""Findings: statements of a lesson that the runs of its cases don't show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.lessons.claims import Claim
from tutor.lessons.errors import Problem
from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM
from tutor.trace.claim_evaluation import find_step, holds, observed_value
from tutor.trace.model import RecordedEvent
from tutor.trace.symptom_lanes import symptom_of

from .case_runs import CaseRun, Runs
from .question_checks import question_faults
from .task_name_checks import unknown_tasks
from .trace_checks import long_texts, wrong_cells, wrong_paths

ABORTED = ("stopped", "lost")
"""Outcomes of a run that its case must name."""
SHOWN_CHARACTERS = 300
"""Characters of an observed value in a message."""


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """A statement of a lesson that isn't true."""

    file: str
    """With the lesson's folder, such as some-lesson/why.md."""
    line: int
    statement: str
    observed: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.statement}: {self.observed}"

    def to_json(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line, "says": self.statement, "happened": self.observed}


def findings(lesson: Lesson, runs: Runs) -> Iterator[Finding]:
    """Yield the claims of `lesson` that its runs refute, its aborted runs, what its symptom lacks, the faults of its
    questions, and the prose that lacks a claim.
    """
    for problem in lesson.unmarked:
        yield Finding(f"{lesson.slug}/{problem.file}", problem.line, "prose", problem.message)
    for run in runs_of(lesson, runs):
        yield from aborted(run)
        yield from unexpected_error(run)
        yield from of_trace(run)
    yield from of_lines(lesson, runs)
    yield from of_symptom(lesson, runs[lesson.slug, DEFAULT])
    for name, line, statement, message in unknown_tasks(lesson, list(runs_of(lesson, runs))):
        yield Finding(f"{lesson.slug}/{name}", line, statement, message)
    for part, message in question_faults(lesson, runs):
        yield Finding(f"{lesson.slug}/lesson.toml", lesson.lines[part], "the question", message)
    for claim in lesson.claims:
        yield from refuted(claim, lesson, runs)


def of_trace(run: CaseRun) -> Iterator[Finding]:
    """Yield what is wrong with the cells and the texts of the run's rows, and with its tokens."""
    file = f"{run.lesson.slug}/lesson.toml"
    for step in run.trace.steps:
        for message in (*wrong_cells(run, step), *long_texts(run, step)):
            yield Finding(file, 1, f"step {step.number} ({step.id}) of {run.title}", message)
    for message in wrong_paths(run, run.trace):
        yield Finding(file, 1, f"the flow of {run.title}", message)


def of_lines(lesson: Lesson, runs: Runs) -> Iterator[Finding]:
    """Yield the files of whose lines rules speak, although no case has an event of any of them.

    Lines are recorded of the program and of tasks. Hooks, receivers and models run in django-q2's processes too.
    """
    file, seen = f"{lesson.slug}/lesson.toml", {e.payload["file"] for e in line_events(lesson, runs)}
    for what, when in (
        *((f"the step {each.id}", each.on.when) for each in lesson.content.steps),
        *((f"the gate {each.name}", each.at.when) for each in lesson.content.all_gates),
        *((f"the {each.action} of an intervention", each.at.when) for each in lesson.content.interventions),
    ):
        if when.event == "line" and when.where["file"] not in seen:
            message = "no process that is recorded line by line executes it; only the program and tasks are"
            yield Finding(file, 1, f"{what} can't match a line of {when.where['file']}", message)


def line_events(lesson: Lesson, runs: Runs) -> Iterator[RecordedEvent]:
    return (event for run in runs_of(lesson, runs) for event in run.events if event.kind == "line")


def of_symptom(lesson: Lesson, run: CaseRun) -> Iterator[Finding]:
    """Yield what the picture of the symptom should show and the lesson's own run doesn't have."""
    symptom = symptom_of(lesson, run.events)
    for part, message in symptom.mistakes if symptom else ():
        yield Finding(f"{lesson.slug}/lesson.toml", lesson.lines[part], "the symptom", message)


def unreadable(problems: Mapping[str, Sequence[Problem]], slugs: Sequence[str] = ()) -> Iterator[Finding]:
    """Yield the mistakes in lesson folders (slug → problems); only those in `slugs`, if any are given."""
    for slug, found in problems.items():
        if slug in slugs or not slugs:
            for problem in found:
                yield Finding(f"{slug}/{problem.file}", problem.line, "the lesson can't be read", problem.message)


def refuted(claim: Claim, lesson: Lesson, runs: Runs) -> Iterator[Finding]:
    """Yield a finding for each run that refutes `claim`."""
    file, statement = f"{lesson.slug}/{claim.file}", f"“{claim.text}” ({claim.subject})"
    witnesses = list(runs_for(claim, lesson, runs))
    if not witnesses and claim.origin != "row":
        yield Finding(file, claim.line, statement, "no case makes the step that says this")
    for run in witnesses:
        if not holds(claim, run.trace):
            yield Finding(file, claim.line, statement, observation(claim, run))


def runs_for(claim: Claim, lesson: Lesson, runs: Runs) -> Iterator[CaseRun]:
    """Yield the runs that `claim` is about: the run of its case, or for a step's text all runs that make its steps."""
    if claim.origin not in ("step", "row") or claim.subject.case:
        yield runs[lesson.slug, claim.subject.case or DEFAULT]
        return
    for run in runs_of(lesson, runs):
        if all(find_step(run.trace, rule, nth) for rule, nth in claim.subject.rules):
            yield run


def runs_of(lesson: Lesson, runs: Runs) -> Iterator[CaseRun]:
    return (run for (slug, _), run in runs.items() if slug == lesson.slug)


def observation(claim: Claim, run: CaseRun) -> str:
    """Return a message with what the run shows instead of the claim's value."""
    value = observed_value(claim.subject, run.trace)
    if value is not None:
        shown = value if len(value) <= SHOWN_CHARACTERS else f"{value[:SHOWN_CHARACTERS]}…"
        return f"in {run.title} it was “{shown}”"
    if fields := fields_of_row(claim, run):
        return f"{run.title} has no such field; those of the row: {', '.join(fields)}"
    steps = ", ".join(step.id for step in run.trace.steps) or "none"
    return f"{run.title} has nothing of the kind; its steps: {steps}"


def fields_of_row(claim: Claim, run: CaseRun) -> Sequence[str]:
    """Return the fields of the table's first row where the claim looks for a field of a row; () if there is none."""
    if claim.subject.kind != "row":
        return ()
    steps = [find_step(run.trace, rule, nth) for rule, nth in claim.subject.rules]
    state = steps[0].state if steps and steps[0] else run.trace.state
    table = state.tables.get(claim.subject.argument.partition(".")[0].partition("#")[0])
    return tuple(table.rows[0]) if table and table.rows and (not steps or steps[0]) else ()


def aborted(run: CaseRun) -> Iterator[Finding]:
    """Yield a finding if the run was aborted and its case doesn't say so."""
    ended = run.trace.ended
    if ended is None or ended.outcome not in ABORTED or run.case.outcome in ABORTED:
        return
    caller = next((each for each in run.trace.state.frames if each.lane == "caller"), None)
    file, line = (caller.file, caller.current_line or 1) if caller else ("lesson.toml", 1)
    yield Finding(
        f"{run.lesson.slug}/{file}",
        line,
        f"the case “{run.case.name}” doesn't come to an end",
        f"{ended.reason}{awaited(run)}",
    )


def awaited(run: CaseRun) -> str:
    """Return a sentence about the event that the expired gate of the run waited for; "" if none has expired."""
    names = {event.payload["name"] for event in run.events if event.kind == "gate_expired"}
    gate = next((each for each in run.lesson.content.all_gates if each.name in names), None)
    if gate is None:
        return ""
    when = gate.until.when
    where = " and ".join(f"{name} = {value!r}" for name, value in when.where.items())
    return f" It waited for “{when.event}” number {when.count}{' with ' if where else ''}{where}."


def unexpected_error(run: CaseRun) -> Iterator[Finding]:
    """Yield the exception in which the program ended although its case expects it to finish."""
    ended = next((event for event in run.events if event.kind == "program_ended"), None)
    if ended and ended.payload.get("error") and run.case.outcome == "finished":
        message = f"the program of the case “{run.case.name}” ended in an exception"
        yield Finding(f"{run.lesson.slug}/program.py", line_of_error(run), message, str(ended.payload["error"]))


def line_of_error(run: CaseRun) -> int:
    """Return the last line of the program that began, or 1."""
    lines = [each.payload for each in run.events if each.kind == "line" and each.payload["file"] == PROGRAM]
    return next((line["line"] for line in reversed(lines) if line.get("line")), 1)
