"""What the pages and fragments of a run are made of: read the store, project, render. One way for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.template.loader import render_to_string

from tutor.lessons import catalogue
from tutor.lessons.format.cases import Case
from tutor.lessons.format.questions import ClassQuestion
from tutor.lessons.lesson import Lesson
from tutor.runs.execution import case_of
from tutor.runs.models import Event, Run
from tutor.runs.reaper import end_if_abandoned
from tutor.runs.run_queue import place_in_queue
from tutor.trace.model import Trace
from tutor.trace.projector import project

from .drawing.flow import draw
from .drawing.source import listing


@dataclass(frozen=True)
class Moment:
    """One position in a run, or in a lesson without one: what the templates of the walk get."""

    lesson: Lesson
    run: Run | None
    trace: Trace = field(compare=False)
    number: int
    """The last event that it knows of; with the run, this tells the trace."""
    position: int
    """The step shown; 0 before the first."""
    place: int | None = None
    """Its run's place in line, 1 being next; None unless it waits for a lab."""

    @property
    def made(self) -> int:
        """How many steps the run has made so far."""
        return len(self.trace.steps)

    @property
    def progress(self) -> tuple[int, bool, int | None]:
        """What a page must be told of when it changes: steps made, whether the run has ended, its place in line."""
        return self.made, self.trace.ended is not None, self.place

    @property
    def case(self) -> Case | None:
        """The case of the lesson that this is a run of."""
        return case_of(self.run, self.lesson) if self.run else None

    @property
    def is_of_other_edition(self) -> bool:
        """Whether the lesson has been changed since the run was made."""
        return self.trace.edition not in ("", self.lesson.edition)

    @property
    def ask(self) -> ClassQuestion | None:
        """What the class is asked, once there are steps and until the one that answers it.

        It never looks ahead: a stage that was sent live is the one that is rendered from the store for ever after.
        """
        ask, steps = self.lesson.content.ask, self.trace.steps[: self.position]
        return ask if ask and steps and all(step.id not in ask.before for step in steps) else None

    @property
    def knobs(self) -> Mapping[str, Any]:
        """The knob values of the run; the lesson's own where there is none."""
        return self.run.knobs if self.run else self.lesson.defaults

    @cached_property
    def context(self) -> dict[str, Any]:
        """The names that `walk_nav.html` and `stage.html` use."""
        state = self.trace.state_at(self.position)
        steps = self.trace.steps[: self.position]
        return {
            "lesson": self.lesson,
            "run": self.run,
            "trace": self.trace,
            "steps": steps,
            "step": steps[-1] if steps else None,
            "state": state,
            "position": self.position,
            "made": self.made,
            "waiting_place": self.place,
            "ask": self.ask,
            "rule": next((each for each in self.lesson.content.steps if steps and each.id == steps[-1].id), None),
            "transcript": self.trace.transcript(self.position),
            "drawing": draw(self.lesson.content.flow, state),
            "listing": listing(self.lesson, self.knobs, state),
        }

    def walk_nav(self) -> str:
        """The fragment `#walk-nav`: where one is among the steps made so far."""
        return rendered("styles/parts/walk_nav.html", self)

    def stage(self) -> str:
        """The fragment `#stage`: the moment after step `position`, and nothing of what came later."""
        return rendered("styles/step_by_step.html", self)


@lru_cache(maxsize=256)
def rendered(template: str, moment: Moment) -> str:
    """One part of the page, rendered once for all who watch."""
    return render_to_string(template, moment.context)


def at_rest(lesson: Lesson) -> Moment:
    """`lesson` without a run."""
    return Moment(lesson, None, project(lesson, ()), 0, 0)


def at_step(run: Run, wanted: int | None = None) -> Moment:
    """`run` as far as it is stored, at step `wanted` or the nearest that there is; None is the first.

    Raises UnknownLesson for a run of a lesson that is no longer there, or has mistakes.
    """
    end_if_abandoned(run)
    lesson = catalogue.get(run.lesson)
    last = run.events.order_by("-number").values_list("number", flat=True).first() or 0
    seen = trace_up_to(lesson, run.pk, last)
    position = max(0, min(1 if wanted is None else wanted, len(seen.steps)))
    return Moment(lesson, run, seen, last, position, place_in_queue(run))


@lru_cache(maxsize=256)
def trace_up_to(lesson: Lesson, run: int, number: int) -> Trace:
    """The trace of the first `number` events of the run with key `run`: they never change, so it is worked out once."""
    return project(lesson, Event.objects.filter(run=run, number__lte=number).order_by("number"))
