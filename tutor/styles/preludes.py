"""The prelude that the home page plays: that of the reference run of the lesson that asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.lesson import Lesson
from tutor.runs.models import Run
from tutor.runs.references import reference
from tutor.trace.prelude import prelude_of

from .card import address_of_moment
from .drawing.prelude import draw_prelude
from .drawing.prelude_shapes import DrawnPrelude
from .moment import at_step
from .replay import trace_of


@dataclass(frozen=True, slots=True)
class PlayedRun:
    """A run of the site's own with the drawing of its prelude."""

    lesson: Lesson
    run: Run
    drawing: DrawnPrelude

    @property
    def address(self) -> str:
        """The address of the run at the step after which the question is asked."""
        return f"{self.run.get_absolute_url()}?step={self.drawing.position}"

    @property
    def card(self) -> str:
        """The address of the picture of that step."""
        return address_of_moment(at_step(self.run, self.drawing.position))


def played_run(lesson: Lesson) -> PlayedRun | None:
    """Return the reference run of `lesson` with its prelude; None if there is no run, or none that comes so far."""
    run = reference(lesson, DEFAULT)
    drawing = drawing_of(lesson, lesson.version, run) if run else None
    return PlayedRun(lesson, run, drawing) if run and drawing else None


@lru_cache(maxsize=4)
def drawing_of(lesson: Lesson, version: str, run: Run) -> DrawnPrelude | None:
    """Return the drawing of a run's prelude. `version` is that of the lesson, whose hash is that of its slug."""
    trace = trace_of(lesson, run)
    prelude = prelude_of(lesson.content.ask, trace, list(run.events.order_by("number")))
    return draw_prelude(lesson, run.knobs, trace, prelude) if prelude else None
