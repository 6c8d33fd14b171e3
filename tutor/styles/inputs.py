"""What was put into a run, in words, and in what two runs differ."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.lesson import Lesson
from tutor.protocol.interventions import Intervention
from tutor.runs.breaking import own_interventions, without_own
from tutor.runs.execution import case_with
from tutor.runs.models import Run
from tutor.trace.chances import TITLES

from .moment import Moment


def differences(before: Moment, now: Moment) -> Iterator[tuple[str, str, str]]:
    """Yield the knobs in which two runs differ: (label, value before, value now)."""
    for knob in now.lesson.content.knobs:
        old, new = (knob.text(each.knobs.get(knob.name, knob.default)) for each in (before, now))
        if old != new:
            yield knob.label, old, new


AT = {
    "started": "when it has started",
    "returned": "when its function returns",
    "finished": "when it has finished",
    "queued": "when it is queued",
    "picked": "when it is delivered",
    "stored": "when its row is stored",
    "acknowledged": "when the queue forgets it",
    "program_ended": "at the end of the program",
    "printed": "when it prints",
    "warned": "when it warns",
    "raised": "when it raises",
}
"""Event kind → when something is done at it."""


def said(intervention: Intervention) -> str:
    """Return what was done to a run, such as “report, delivery 1, when it has started: Kill its worker”."""
    at, subject = intervention.at, intervention.subject
    who = {"caller": "the caller", "cluster": "the cluster"}.get(subject.kind if subject else "", "")
    if subject and subject.kind == "task":
        number = f" #{subject.ordinal}" if subject.ordinal > 1 else ""
        who = f"{subject.func.rpartition('.')[2]}{number}"
    if subject and subject.delivery:
        who += f", delivery {subject.delivery}"
    when = f"at line {at.where['line']}" if at.where.get("line") else AT.get(at.event, f"at “{at.event}”")
    again = f", time {at.count}" if (at.count or 1) > 1 else ""
    return f"{who}, {when}{again}: {TITLES[intervention.action][0]}"


def deeds_of(run: Run | None) -> list[str]:
    """Return what was done to a run, in words, each as `said` returns it."""
    return [said(each) for each in own_interventions(run.interventions)] if run else []


def inputs_of(run: Run, lesson: Lesson) -> str:
    """Return what was put into a run of `lesson`: first what was done to it, then its knobs."""
    return " · ".join(filter(None, (*titles_of(run), lesson.knob_summary(run.knobs))))


def titles_of(run: Run) -> list[str]:
    return [TITLES[each.action][0].lower() for each in own_interventions(run.interventions)]


def name_of(moment: Moment) -> str:
    """Return a name for the run of a moment; see `name_of_run`."""
    run: Run | None = moment.run
    return name_of_run(run, moment.lesson) if run else moment.lesson.knob_summary(moment.knobs)


def name_of_run(run: Run, lesson: Lesson) -> str:
    """Return a name for a run of `lesson`: the case with its inputs, or else its knobs, and what was done to it."""
    case = case_with(lesson, run.knobs, without_own(run.interventions))
    name = case.title if case else lesson.knob_summary(run.knobs)
    return " · ".join(filter(None, (name, *titles_of(run)))) or f"run {run.public_id}"
