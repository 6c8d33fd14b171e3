"""The quiz of a run: what stands in the lesson, and what is made of its runs and holds in this one too."""

from __future__ import annotations

from dataclasses import replace

from tutor.lessons.lesson import Lesson
from tutor.runs.execution import case_of
from tutor.runs.models import Run
from tutor.trace.model import Trace

from .generated import at_run, questions_of
from .kinds.question import Question
from .practice import TEN, made_id, rank
from .quiz import Quiz, quiz_of_lesson


def quiz_of_run(lesson: Lesson, run: Run | None, trace: Trace) -> Quiz:
    """Return ten questions at most about a run or, without one, about the lesson's own case.

    Which ones are made depends on the run's id. There are none as long as it goes on, or if it is of no case.
    """
    more = sorted(made_at(lesson, run, trace), key=lambda each: rank(run.public_id if run else "", each.id))
    return quiz_of_lesson(lesson, run, trace, more[: max(0, TEN - len(lesson.content.quiz))])


def made_at(lesson: Lesson, run: Run | None, trace: Trace) -> list[Question]:
    case = lesson.case("") if run is None else case_of(run, lesson) if trace.ended else None
    if case is None:
        return []
    made = at_run(lesson, case, trace) if run else questions_of(lesson, case)
    return [replace(each, id=made_id(case, each)) for each in made]
