"""The questions of a lesson's page, at a run or without one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tutor.quizzes.attempts import responses_of
from tutor.quizzes.authored import CLASS_QUESTION
from tutor.quizzes.of_run import quiz_of_run
from tutor.quizzes.quiz import Quiz, quiz_of_lesson
from tutor.styles.moment import STEP_BY_STEP, Moment, without_run

from .about import about
from .asking import Asking, answered, refused, shown_of
from .browser import browser_of
from .errors import lesson_or_404, run_or_404, style_or_404
from .moments import moment_of
from .what_next import what_next

QUIZ = "quiz"
"""The name of the style that asks one question at a time."""


@require_POST
@never_cache
def answer_at_run(request: HttpRequest, public_id: str, id: str) -> HttpResponse:
    """Store what was sent to a question at a run. `?step=`, `&line=` and `&style=` are the moment of the page."""
    return answered(request, asking_of(moment_of(run_or_404(public_id), request)), id)


@require_POST
@never_cache
def answer_at_lesson(request: HttpRequest, slug: str, id: str) -> HttpResponse:
    """Store what was sent to a question of a lesson without a run; `?version=` is the version that the page shows."""
    moment = without_run(lesson_or_404(slug), style_or_404(request))
    if request.GET.get("version") != moment.lesson.version:
        reason = "The lesson has changed since you loaded its page. Load it again."
        return refused(request, asking_of(moment), reason, 410)
    return answered(request, asking_of(moment), id)


def questions(request: HttpRequest, moment: Moment) -> dict[str, Any]:
    """Return the names that the questions of a page use. They are those of this browser only."""
    asking = asking_of(moment)
    responses = responses_of(asking.quiz, browser_of(request))
    asked = asking.quiz.all_asked(responses)
    asks_class = CLASS_QUESTION in asking.quiz.items and moment.run
    context = asking.context(asked, shown_of(asked, request.GET.get("question", "")) if asking.one_by_one else None)
    return {
        **context,
        "has_open": bool(asked) and context["result"] is None,
        "class_asked": asking.quiz.asked(CLASS_QUESTION, responses) if asks_class else None,
    }


def class_question(request: HttpRequest, moment: Moment, context: dict[str, Any]) -> str:
    """Return the question to the class as it stands for this browser; "" if there is none."""
    asked = context["class_asked"]
    return render_to_string("quizzes/class_question.html", {**context, "asked": asked}, request) if asked else ""


def one_question(request: HttpRequest, moment: Moment, context: dict[str, Any]) -> str:
    """Return the question that the quiz of a run is at, or its result, for this browser."""
    return render_to_string("quizzes/one_by_one.html", {**context, "reached": moment.trace}, request)


def about_question(request: HttpRequest, moment: Moment, context: dict[str, Any]) -> str:
    """Return what that question is about, on a page without a run; "" for the result."""
    asked = context["asked"]
    return (
        render_to_string("quizzes/about.html", {**context, **about(asked.lesson, asked.case)}, request) if asked else ""
    )


def asking_of(moment: Moment) -> Asking:
    """Return the quiz of a lesson as the page of a moment asks it."""
    return Asking(
        quiz_of(moment),
        moment.lesson.content.title,
        page_of(moment),
        answers_of(moment),
        query_of(moment),
        names={
            "lesson": moment.lesson,
            "run": moment.run,
            "trace": moment.trace,
            "step_address": moment.step_address,
        },
        after=partial(what_next, moment),
        one_by_one=moment.style == QUIZ,
        is_fixed=moment.style != QUIZ and (moment.is_immutable if moment.run else bool(moment.edition)),
    )


def quiz_of(moment: Moment) -> Quiz:
    """Return the questions that stand in the lesson; in the style that asks one at a time, also others."""
    quiz = quiz_of_run if moment.style == QUIZ else quiz_of_lesson
    return quiz(moment.lesson, moment.run, moment.trace)


def answers_of(moment: Moment) -> str:
    """Return the address that the answers of a page are sent to, without the id of the question."""
    name, place = ("answer-at-run", moment.run.public_id) if moment.run else ("answer-at-lesson", moment.lesson.slug)
    return reverse(name, args=[place, CLASS_QUESTION]).removesuffix(f"{CLASS_QUESTION}/")


def page_of(moment: Moment) -> str:
    """Return the address of the page that shows a moment."""
    if moment.run:
        return f"{moment.run.get_absolute_url()}?{query_of(moment)}"
    page = reverse("lesson", args=[moment.lesson.slug])
    return page if moment.style == STEP_BY_STEP else f"{page}?style={moment.style}"


def query_of(moment: Moment) -> str:
    """Return the part of an address that says which moment the page shows."""
    names: dict[str, Any] = {"style": moment.style} if moment.style != STEP_BY_STEP else {}
    if moment.run is None:
        return urlencode({**names, "version": moment.lesson.version})
    names["step"] = moment.position
    return urlencode({**names, "line": moment.line} if moment.line else names)
