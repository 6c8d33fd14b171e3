"""The questions of a page, and what is sent to them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tutor.quizzes.attempts import Refused, respond, responses_of
from tutor.quizzes.authored import CLASS_QUESTION
from tutor.quizzes.models import Response
from tutor.quizzes.quiz import Quiz, quiz_of_lesson, result_of
from tutor.runs.models import Run
from tutor.styles.moment import STEP_BY_STEP, Moment, without_run

from .browser import browser_of, new_browser, remember_browser
from .errors import lesson_or_404, style_or_404
from .moments import moment_of
from .what_next import what_next


@require_POST
@never_cache
def answer_at_run(request: HttpRequest, public_id: str, id: str) -> HttpResponse:
    """Store what was sent to a question at a run. `?step=`, `&line=` and `&style=` are the moment of the page."""
    return answered(request, moment_of(get_object_or_404(Run, public_id=public_id), request), id)


@require_POST
@never_cache
def answer_at_lesson(request: HttpRequest, slug: str, id: str) -> HttpResponse:
    """Store what was sent to a question of a lesson without a run; `?version=` is the version that the page shows."""
    moment = without_run(lesson_or_404(slug), style_or_404(request))
    if request.GET.get("version") != moment.lesson.version:
        return refused(request, moment, "The lesson has changed since you loaded its page. Load it again.", 410)
    return answered(request, moment, id)


def answered(request: HttpRequest, moment: Moment, id: str) -> HttpResponse:
    """Store what was sent to a question, and show how it stands: as a fragment to htmx, otherwise by a redirect."""
    quiz, browser = quiz_of(moment), browser_of(request) or new_browser()
    if id not in quiz.items:
        raise Http404(f"Unknown question {id} (known: {', '.join(quiz.items)}).")
    address = request.META.get("REMOTE_ADDR")
    try:
        response = shown(request, moment, id, respond(quiz, id, request.POST, browser=browser, address=address))
    except Refused as error:
        if request.htmx and error.is_shown:  # type: ignore[attr-defined]
            response = fragment(request, moment, id, responses_of(quiz, browser), str(error), error.status)
        else:
            response = refused(request, moment, str(error), error.status)
    return remember_browser(request, response, browser)


def shown(request: HttpRequest, moment: Moment, id: str, responses: list[Response]) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return fragment(request, moment, id, responses)
    return redirect(f"{page_of(moment)}#question-{id}")


def fragment(
    request: HttpRequest, moment: Moment, id: str, responses: list[Response], refusal: str = "", status: int = 200
) -> HttpResponse:
    """Return what changes in the page after a response, or after one that was refused."""
    quiz = quiz_of(moment)
    result = result_of(quiz.all_asked(responses))
    context = {
        "lesson": moment.lesson,
        "run": moment.run,
        "trace": moment.trace,
        "step_address": moment.step_address,
        "asked": quiz.asked(id, responses),
        "result": result,
        "refusal": refusal,
        **(what_next(moment) if result else {}),
    }
    return render(request, "quizzes/answered.html", context, status=status)


def refused(request: HttpRequest, moment: Moment, reason: str, status: int) -> HttpResponse:
    """Return the page that says why a response wasn't stored."""
    context = {"reason": reason, "lesson": moment.lesson, "back": page_of(moment)}
    return render(request, "quizzes/refused.html", context, status=status)


def questions(request: HttpRequest, moment: Moment) -> dict[str, Any]:
    """Return the names that the questions of a page use. They are those of this browser only."""
    quiz = quiz_of(moment)
    responses = responses_of(quiz, browser_of(request))
    asked = quiz.all_asked(responses)
    return {
        "questions": asked,
        "result": result_of(asked),
        "class_asked": quiz.asked(CLASS_QUESTION, responses) if CLASS_QUESTION in quiz.items and moment.run else None,
        "answers": answers_of(moment),
        "came_from": query_of(moment),
    }


def class_question(request: HttpRequest, moment: Moment, context: dict[str, Any]) -> str:
    """Return the question to the class as it stands for this browser; "" if there is none."""
    asked = context["class_asked"]
    return render_to_string("quizzes/class_question.html", {**context, "asked": asked}, request) if asked else ""


def quiz_of(moment: Moment) -> Quiz:
    return quiz_of_lesson(moment.lesson, moment.run, moment.trace)


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
