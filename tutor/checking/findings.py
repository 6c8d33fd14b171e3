"""Holding what a lesson says against the runs of its cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.lessons.claims import Claim
from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.lesson import Lesson
from tutor.trace.claim_evaluation import find_step, holds, observed_value

from .case_runs import CaseRun, Runs

BROKEN_OFF = ("stopped", "lost")
"""How a run ends that its lesson has to expect in words."""
LONGEST = 300
"""Letters of what was seen, in a message."""


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """Something that a lesson says and that is not so."""

    file: str
    """With the lesson's folder, such as some-lesson/why.md."""
    line: int
    says: str
    happened: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}: {self.happened}"


def findings(lesson: Lesson, runs: Runs) -> Iterator[Finding]:
    """Everything in `lesson` that its runs do not bear out, and what it says without a claim."""
    for problem in lesson.unmarked:
        yield Finding(f"{lesson.slug}/{problem.file}", problem.line, "prose", problem.message)
    for run in runs_of(lesson, runs):
        yield from broken_off(run)
    for claim in lesson.claims:
        yield from refuted(claim, lesson, runs)


def refuted(claim: Claim, lesson: Lesson, runs: Runs) -> Iterator[Finding]:
    """The runs that do not bear `claim` out."""
    file, says = f"{lesson.slug}/{claim.file}", f"“{claim.says}” ({claim.subject})"
    witnesses = list(runs_for(claim, lesson, runs))
    if not witnesses:
        yield Finding(file, claim.line, says, "no case makes the step that says this")
    for run in witnesses:
        if not holds(claim, run.trace):
            yield Finding(file, claim.line, says, happened(claim, run))


def runs_for(claim: Claim, lesson: Lesson, runs: Runs) -> Iterator[CaseRun]:
    """The runs that `claim` is about: its case's; for what a step says, all that make its steps."""
    if claim.source != "step" or claim.subject.case:
        yield runs[lesson.slug, claim.subject.case or DEFAULT]
        return
    for run in runs_of(lesson, runs):
        if all(find_step(run.trace, rule, nth) for rule, nth in claim.subject.rules):
            yield run


def runs_of(lesson: Lesson, runs: Runs) -> Iterator[CaseRun]:
    return (run for (slug, _), run in runs.items() if slug == lesson.slug)


def happened(claim: Claim, run: CaseRun) -> str:
    """What the run shows instead."""
    seen = observed_value(claim.subject, run.trace)
    if seen is not None:
        shown = seen if len(seen) <= LONGEST else f"{seen[:LONGEST]}…"
        return f"in {run.title} it was “{shown}”"
    made = ", ".join(step.id for step in run.trace.steps) or "none"
    return f"{run.title} has nothing of the kind; its steps: {made}"


def broken_off(run: CaseRun) -> Iterator[Finding]:
    """A run that did not come to its own end, where its case does not expect that."""
    ended = run.trace.ended
    if ended is None or ended.outcome not in BROKEN_OFF or run.case.outcome in BROKEN_OFF:
        return
    caller = next((each for each in run.trace.state.frames if each.lane == "caller"), None)
    file, line = (caller.file, caller.current_line or 1) if caller else ("lesson.toml", 1)
    yield Finding(f"{run.lesson.slug}/{file}", line, f"the case “{run.case.name}” comes to an end", ended.reason)
