"""What a question is about, for a page without its run: a lesson, a case, and the program with its values."""

from __future__ import annotations

from typing import Any

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.terms import terms_of
from tutor.styles.drawing.gutter import marked
from tutor.styles.drawing.source import listings
from tutor.styles.moment import without_run

from .predict import neutral_title


def about(lesson: Lesson, case: Case) -> dict[str, Any]:
    """Return the names that `quizzes/about.html` uses. They contain nothing of a run."""
    knobs, start = lesson.case_knobs(case), without_run(lesson).trace.start
    return {
        "lesson": lesson,
        "about_title": neutral_title(lesson),
        "about_case": case,
        "listings": marked(listings(lesson, knobs, start), start, bounded=False),
        "about_terms": terms_of(lesson, case),
        "settings_text": lesson.settings_text(knobs),
    }
