"""The quiz of a run: what stands in the lesson, and what is made of its runs and holds in this one too."""

from __future__ import annotations

from tutor.lessons.lesson import Lesson
from tutor.runs.execution import case_of
from tutor.runs.models import Run
from tutor.trace.model import Trace

from .generated import at_run, questions_of
from .kinds.question import Question
from .practice import TEN, rank
from .quiz import Quiz, quiz_of_lesson


def quiz_of_run(lesson: Lesson, run: Run | None, trace: Trace) -> Quiz:
    """Return ten questions at most about a run or, without one, about the lesson's own case.

    Which ones are made depends on the run's id. There are none as long as it goes on, or if it is of no case.
    """
    more = sorted(made_at(lesson, run, trace), key=lambda each: rank(run.public_id if run else "", each.id))
    return quiz_of_lesson(lesson, run, trace, more[: max(0, TEN - len(lesson.content.quiz))])


def made_at(lesson: Lesson, run: Run | None, trace: Trace) -> tuple[Question, ...]:
    if run is None:
        return questions_of(lesson, lesson.case(""))
    case = case_of(run, lesson) if trace.ended else None
    return at_run(lesson, case, trace) if case else ()
