"""What the page of a broken run shows of what was done to it: what is asked before it is shown, and what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from tutor.lessons import catalogue
from tutor.lessons.knob_form import KnobForm
from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM
from tutor.protocol.interventions import Intervention
from tutor.runs.aims import done_at
from tutor.runs.breaking import own_interventions
from tutor.runs.models import Breaking, Run
from tutor.runs.references import ABORTED
from tutor.runs.service import known_key
from tutor.styles.inputs import said
from tutor.styles.moment import Moment, newest_of
from tutor.trace.consequences import QUESTIONS, Consequence, consequences
from tutor.trace.facts import effects
from tutor.trace.model import Step

BREAK_IT = "break_it"


@dataclass(frozen=True, slots=True)
class Expectation:
    """A question about a run that was broken, what its owner said, and what came."""

    id: str
    text: str
    options: Sequence[str]
    said: str
    came: Consequence

    @property
    def is_right(self) -> bool:
        return self.said == self.came.value


def asked_of(moment: Moment) -> Mapping[str, Any]:
    """Return what `pages/break_it.html` shows of a broken run, as `broken`: what is asked of it, or was said of it."""
    breaking = breaking_of(moment.run) if moment.run else None
    if breaking is None:
        return {}
    newest = newest_of(breaking.run)
    last: Intervention = own_interventions(breaking.run.interventions)[-1]
    names: dict[str, Any] = {"done_last": said(last), "has_ended": newest.trace.ended, "is_over": is_over(breaking)}
    if moment.is_covered:
        return {
            **names,
            "questions": QUESTIONS.items(),
            "asked_at": step_before(moment, breaking.step),
            "code": code_of(last, moment),
        }
    names["done_step"] = done_step(newest) if newest.trace.ended else None
    names["healing"] = healing_of(moment.lesson)
    names["repair"] = KnobForm(moment.lesson.content.knobs, values=moment.knobs, auto_id="repair-%s")
    if breaking.is_repair:
        return {**names, "is_repair": True, **verdict(breaking, newest)}
    if newest.trace.ended is None:
        return names
    came = consequences(newest.trace, last)
    expected = breaking.expected.items()
    told = [Expectation(id, QUESTIONS[id].text, QUESTIONS[id].options, value, came[id]) for id, value in expected]
    return {**names, "told": told, "foreseen": sum(each.is_right for each in told)}


def step_before(moment: Moment, number: int) -> Step | None:
    """Return the step with that number of the run before; None if that run isn't kept any more."""
    steps = moment.other.trace.steps if moment.other else ()
    return steps[number - 1] if 0 < number <= len(steps) else None


def code_of(intervention: Intervention, moment: Moment) -> str:
    """Return the line of the lesson's files before which an intervention is done; empty if it is done at no line."""
    where, lesson = intervention.at.where, moment.lesson
    files = {**lesson.files, PROGRAM: lesson.program_text(moment.knobs)}
    lines = files.get(where.get("file", ""), "").splitlines()
    return lines[where["line"] - 1].strip() if 0 < where.get("line", 0) <= len(lines) else ""


def healing_of(lesson: Lesson) -> tuple[Lesson, str] | None:
    """Return the lesson that heals what goes wrong in `lesson`, and what it shows there; None without one."""
    healing = lesson.content.healed_by
    other = catalogue.lessons().get(healing.lesson) if healing else None
    return (other, healing.text) if healing and other else None


def uncovered(request: HttpRequest, moment: Moment) -> Moment:
    """Return the moment of a broken run without any step, as long as its owner is asked what will come."""
    if moment.style != BREAK_IT or moment.run is None or hidden(request, moment.run) is None:
        return moment
    return replace(moment.covered_after(0), other=moment.other)


def hidden(request: HttpRequest, run: Run) -> Breaking | None:
    """Return how a run was broken, if the browser has done that and hasn't been shown what came of it."""
    breaking = Breaking.objects.filter(run=run, is_shown=False).first()
    return breaking if breaking and run.session and run.session == known_key(request.session) else None


def done_step(newest: Moment) -> int | None:
    """Return the step of a broken run at which the last of its interventions was done; None if it never was."""
    assert newest.run
    number = done_at(list(newest.run.events.all()), own_interventions(newest.run.interventions)[-1])
    return max(1, newest.trace.step_at(number)) if number else None


def verdict(breaking: Breaking, repaired: Moment) -> Mapping[str, Any]:
    """Return whether what was done to a repaired run still makes a difference, as `pages/break_it.html` says it.

    The run is compared with its yardstick, as soon as both have ended: `lasting` has the effects in which they differ.
    """
    yardstick = newest_of(breaking.yardstick) if breaking.yardstick else None
    found = {"yardstick": breaking.yardstick, "place": yardstick.place if yardstick else None}
    if yardstick is None:
        return {**found, "unknown": "The run without it isn’t kept any more. Repair it again to compare them."}
    if (mine := repaired.trace.ended) is None or (whole := yardstick.trace.ended) is None:
        return {**found, "waits": True}
    for each, which in ((mine, "This run"), (whole, "The run without it")):
        if each.outcome in ABORTED:
            return {**found, "unknown": f"{which} was aborted. {each.reason}"}
    return {**found, "lasting": effects(yardstick.trace, repaired.trace)}


def breaking_of(run: Run) -> Breaking | None:
    """Return how a run was broken; None if nothing was done to it."""
    return Breaking.objects.filter(run=run).select_related("run", "yardstick").first()


def is_over(breaking: Breaking) -> bool:
    """Return whether a broken run, and the yardstick of a repaired one, have ended."""
    runs = [each for each in (breaking.run, breaking.yardstick) if each]
    return all(each.state == Run.State.ENDED for each in runs)
