"""A moment: a position in a run, or in a lesson without a run, in one style."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.conf import settings

from tutor.lessons.format.cases import Case
from tutor.lessons.format.questions import ClassQuestion
from tutor.lessons.lesson import Lesson
from tutor.runs.breaking import own_interventions
from tutor.runs.execution import case_of
from tutor.runs.models import Run
from tutor.runs.run_queue import place_in_queue
from tutor.runs.versions import lesson_of
from tutor.trace.model import Step, Trace
from tutor.trace.projector import project
from tutor.trace.state import Frame

from .build import build
from .position import position_of
from .replay import trace_of
from .walk import dots, walk_links
from .window import page_at

STEP_BY_STEP = "step_by_step"


@dataclass(frozen=True)
class Moment:
    """One position in a run. Equal moments have the same parts."""

    lesson: Lesson
    """The lesson as it was when the run was requested."""
    run: Run | None
    """None for a lesson without a run."""
    trace: Trace = field(compare=False)
    """Follows from `lesson`, `run` and `number`."""
    number: int
    """The number of the last event in the trace."""
    position: int
    """The step that is shown; 0 before the first."""
    place: int | None = None
    """The place of the run in the run queue, 1 being next; None unless the run waits for a lab, 0 if none is there."""
    style: str = STEP_BY_STEP
    """The name of the style."""
    line: int = 0
    """The number of the `line` event that is shown, between the step and the next one; 0 for the step itself."""
    is_covered: bool = False
    """Whether it has only the steps that its viewer has uncovered. Such a moment is the viewer's own."""
    page: str = ""
    """The address of the page that shows it, if that isn't the page of its run."""
    other: Moment | None = None
    """The last moment of the run that it is compared with, in a style that compares."""

    @property
    def is_broken(self) -> bool:
        """Whether somebody has added interventions to the run: then what the lesson says of its run needn't hold."""
        return self.run is not None and bool(own_interventions(self.run.interventions))

    @property
    def is_end(self) -> bool:
        """Whether it is the last step of a run that has ended."""
        return self.trace.ended is not None and self.position == self.made

    @property
    def made(self) -> int:
        """The number of steps that the run has made so far."""
        return len(self.trace.steps)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps up to the one that is shown."""
        return self.trace.steps[: self.position]

    @property
    def reached(self) -> Trace:
        """The trace with the steps up to the one that is shown."""
        return replace(self.trace, steps=self.steps, ended=self.trace.ended if self.position == self.made else None)

    @property
    def progress(self) -> tuple[int, bool, int | None]:
        """(steps made, whether the run has ended, place in the run queue): a page is out of date when it changes."""
        return self.made, self.trace.ended is not None, self.place

    @property
    def case(self) -> Case | None:
        """The case of the lesson that has the inputs of the run."""
        return case_of(self.run, self.lesson) if self.run else None

    @property
    def knobs(self) -> Mapping[str, Any]:
        """The knob values of the run, or the lesson's defaults without a run."""
        return self.run.knobs if self.run else self.lesson.defaults

    @property
    def step_address(self) -> str:
        """The address of a step of the run in this style, without the step's number; empty without a run."""
        style = "" if self.style == STEP_BY_STEP else f"style={self.style}&"
        if self.other and self.other.run:
            style += f"with={self.other.run.public_id}&"
        page = self.page or (self.run.get_absolute_url() if self.run else "")
        return f"{page}?{style}step=" if page else ""

    def at(self, step: int, style: str) -> Moment:
        """Return the moment at `step`, or the nearest step, of the same events."""
        return replace(self, position=max(0, min(step, self.made)), style=style)

    def at_line(self, number: int) -> Moment:
        """Return the moment of the `line` event with that number, or of the last one before it.

        Without any, it is the same moment.
        """
        code = self.trace.code
        if (frame := code.at(number) or code.before(number)) is None:
            return self
        there = position_of(self.trace, frame.number)
        return replace(self, position=there.step, line=there.line)

    @property
    def event_number(self) -> int:
        """The number of the event that is shown; 0 before the first step."""
        return self.line or (self.steps[-1].event_number if self.steps else 0)

    @property
    def at_ms(self) -> float:
        """When that event was, in milliseconds since the lab was requested."""
        frame = self.trace.code.at(self.line) if self.line else None
        return frame.at_ms if frame else (self.steps[-1].at_ms if self.steps else 0.0)

    @property
    def previous_event(self) -> int:
        """The number of the event that was shown before, in a walk by step or, at a line, by line."""
        if self.line:
            frame = self.trace.code.before(self.line)
            return frame.number if frame else 0
        return self.steps[-2].event_number if len(self.steps) > 1 else 0

    @property
    def next_line(self) -> Frame | None:
        """The frame of the next `line` event; of a run that goes on, only up to its last step."""
        frame = self.trace.code.after(self.event_number)
        if frame is None or self.trace.ended:
            return frame
        return frame if self.trace.step_at(frame.number) < self.made else None

    def when(self, made: int, ended: bool, place: int | None) -> Moment | None:
        """Return the moment as it was when `progress` was this; None if it never was, as far as this moment knows."""
        has_ended = self.trace.ended is not None
        if not self.position <= made <= self.made or (ended and (made, has_ended) != (self.made, True)):
            return None
        trace = replace(self.trace, steps=self.trace.steps[:made], ended=self.trace.ended if ended else None)
        return replace(self, trace=trace, place=place)

    def covered_after(self, uncovered: int) -> Moment:
        """Return the moment, or the last one before it, as if the run had made only that many steps so far."""
        ended = self.trace.ended if uncovered >= self.made else None
        trace = replace(self.trace, steps=self.trace.steps[:uncovered], ended=ended)
        position = min(self.position, uncovered)
        return replace(self, trace=trace, position=position, line=0, place=None, is_covered=True)

    @property
    def edition(self) -> str:
        """What decides the parts of a moment apart from the run and the moment: the build and the lesson's version.

        Empty with DEBUG, where templates change while the site runs.
        """
        if settings.DEBUG:
            return ""
        # The page of a class shows several runs, one after another.
        run = f"-{self.run.public_id}" if self.page and self.run else ""
        return f"{build()}-{self.lesson.version}{run}"

    @property
    def is_immutable(self) -> bool:
        """Whether its parts never change in this edition."""
        have_ended = all(each.trace.ended is not None for each in (self, self.other) if each)
        return bool(self.edition) and have_ended and not self.is_covered

    @property
    def fragment_address(self) -> str:
        """The address of a step's fragments, without the step's number. If they are fixed, it says in what state."""
        if not self.is_fixed:
            return self.step_address
        state = f"uncovered={self.made}" if self.is_covered else f"edition={self.edition}"
        return self.step_address.replace("?", f"?{state}&", 1)

    @property
    def is_fixed(self) -> bool:
        """Whether the fragments at that address stay the same: for all, or for the viewer until it uncovers more."""
        return self.is_immutable or self.is_covered

    @cached_property
    def open_question(self) -> ClassQuestion | None:
        """The question to the class, from the first step until the step that answers it; None otherwise."""
        question, steps = self.lesson.content.ask, self.steps
        if question is None or not steps or steps[-1].event == "idle":
            return None
        return question if all(step.id not in question.before for step in steps) else None

    @property
    def answers_next(self) -> bool:
        """Whether the next step is made, and is the first one that answers the question to the class."""
        question = self.lesson.content.ask
        if question is None or self.position == self.made:
            return False
        *before, following = self.trace.steps[: self.position + 1]
        return following.id in question.before and all(step.id not in question.before for step in before)

    @property
    def context(self) -> dict[str, Any]:
        """The names that the templates of every style use."""
        page = page_at(self.position, self.made)
        return {
            "lesson": self.lesson,
            "run": self.run,
            "trace": self.trace,
            "reached": self.reached,
            "steps": self.steps,
            "step": self.steps[-1] if self.steps else None,
            "state": self.trace.state_at(self.position),
            "position": self.position,
            "made": self.made,
            "is_covered": self.is_covered,
            "is_broken": self.is_broken,
            "has_picture": self.run is not None and not self.page,
            "waiting_place": self.place,
            "step_address": self.step_address,
            "edition": self.edition,
            "is_fixed": self.is_fixed,
            "answers_next": self.answers_next,
            "fragment_address": self.fragment_address,
            "walk_links": walk_links(self.position, self.made),
            "page": page,
            "dots": dots(page, self.trace, self.position),
        }


def without_run(lesson: Lesson, style: str = STEP_BY_STEP) -> Moment:
    """Return the moment of `lesson` before any run."""
    return Moment(lesson, None, project(lesson, ()), number=0, position=0, style=style)


def at_step(run: Run, step: int | None = None, style: str = STEP_BY_STEP, line: int = 0) -> Moment:
    """Return the moment of `run`, as far as it is stored, at `step` or the nearest step; None is the first.

    With the number of a `line` event, it is the moment of that event.
    """
    moment = newest_of(run).at(1 if step is None else step, style)
    return moment.at_line(line) if line else moment


def newest_of(run: Run) -> Moment:
    """Return the moment of `run` at its last step so far."""
    lesson = lesson_of(run)
    trace = trace_of(lesson, run)
    return Moment(lesson, run, trace, trace.number, len(trace.steps), place_in_queue(run))
