"""The parts of a stage that are a viewer's own. Shared fragments have empty places for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from tutor.styles.moment import Moment

from .predict import prediction_part
from .quiz import QUIZ, about_question, class_question, one_question

CLASS_QUESTION_PART = "class-question"
OwnPart = Callable[[HttpRequest, Moment, dict[str, Any]], str]
"""Returns the HTML of a part, from the request, the moment and the names that templates use; "" if there is none."""
OF_STYLE: Mapping[str, Mapping[str, OwnPart]] = {
    "predict": {"prediction": prediction_part},
    "break_it": {},
    "compare": {},
    QUIZ: {"quiz-question": one_question, "quiz-about": about_question},
}
"""Name of a style → id of a part → that part, for styles that have others than the question to the class."""
OF_OTHERS: Mapping[str, OwnPart] = {CLASS_QUESTION_PART: class_question}


def own_parts(request: HttpRequest, moment: Moment, context: dict[str, Any]) -> dict[str, str]:
    """Return id of a part → its HTML for this viewer, for all such parts of the moment's style."""
    parts = OF_STYLE.get(moment.style, OF_OTHERS)
    found = {id: part(request, moment, context) for id, part in parts.items()}
    return {id: html for id, html in found.items() if html}
