"""What to do after a run or a quiz: the next case and the next lesson."""

from __future__ import annotations

from typing import Any

from tutor.lessons import catalogue
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.styles.moment import Moment


def what_next(moment: Moment) -> dict[str, Any]:
    """Return the names that `next_links.html` uses."""
    today = catalogue.lessons().get(moment.lesson.slug)
    return {
        "today": today,
        "next_case": next_case(today, moment.case) if today else None,
        "neighbours": catalogue.beside(moment.lesson),
    }


def next_case(lesson: Lesson, shown: Case | None) -> Case | None:
    """Return the case to run after the case that is shown: the next one in the lesson's order; None after the last."""
    cases = lesson.cases
    place = next((place for place, each in enumerate(cases) if shown and each.name == shown.name), 0)
    return cases[place + 1] if place + 1 < len(cases) else None
