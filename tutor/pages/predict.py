"""Predict: a walk that uncovers the next step of a run once its viewer has said what it will be.

What a browser has uncovered follows from its stored answers. Everything that is sent to it, pages and fragments, is
made from the run as if it had made no more steps than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tutor.lessons.lesson import Lesson
from tutor.quizzes.attempts import Refused, respond, responses_of
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.models import Response
from tutor.quizzes.predictions import NextStep, id_at, predictions
from tutor.quizzes.quiz import AskedQuestion, Item, Quiz
from tutor.quizzes.reference_paths import paths_of
from tutor.runs.references import kept
from tutor.styles.byte_cache import ByteCache
from tutor.styles.moment import Moment

from .browser import browser_of, new_browser, remember_browser
from .errors import not_stored, run_or_404
from .moments import moment_of

PREDICT = "predict"
EVERY = "predict-every"
"""The cookie of browsers that want to be asked before every step."""
MOST_RUNS = 256
asked: ByteCache[dict[int, Choice]] = ByteCache(MOST_RUNS)
"""A run and the reference runs that it is compared with → the questions in it. Each counts as one."""
OUTDATED = {"HX-Trigger": "tutor:outdated"}
"""Headers that make a page request its step again."""


@dataclass(frozen=True)
class Walk:
    """What a browser has uncovered of a run."""

    moment: Moment
    """With all steps of the run."""
    asked: dict[int, Choice]
    """Position → the question after that step."""
    responses: Sequence[Response]
    every: bool

    @property
    def answered(self) -> dict[int, Response]:
        """Position → the browser's answer there."""
        found = {each.question: each for each in self.responses if each.kind == Response.Kind.ANSWER}
        return {at: found[each.id] for at, each in self.asked.items() if each.id in found}

    @property
    def open_at(self) -> int | None:
        """The position of the first question that isn't answered; None if all are."""
        return next((at for at in self.asked if at not in self.answered), None)

    @property
    def uncovered(self) -> int:
        """The number of steps that the browser may see."""
        if self.moment.trace.ended is None:
            return min(1, self.moment.made)
        return self.open_at or self.moment.made

    @property
    def shown(self) -> Moment:
        """The moment with no more steps than those."""
        return self.moment.covered_after(self.uncovered)

    @property
    def quiz(self) -> Quiz:
        """The questions that the browser may know: those that it has answered, and the one that is open."""
        known = [each for at, each in self.asked.items() if at in self.answered or at == self.open_at]
        items = {each.id: Item(self.moment.lesson, each) for each in known}
        return Quiz(quiz_name(self.moment), self.moment.run, items)

    def question_at(self, position: int) -> AskedQuestion | None:
        """Return the question after the step at `position` as it stands; None if none is, or may be known."""
        id = id_at(position)
        return self.quiz.asked(id, self.responses) if id in self.quiz.items else None


def quiz_name(moment: Moment) -> str:
    assert moment.run
    return f"predict/{moment.run.public_id}"


def walk_of(request: HttpRequest, moment: Moment) -> Walk:
    """Return what the browser has uncovered of the run of a moment. A request finds it out once."""
    if not hasattr(request, "walk"):
        request.walk = new_walk(request, moment)  # type: ignore[attr-defined]
    return request.walk  # type: ignore[attr-defined]


def new_walk(request: HttpRequest, moment: Moment) -> Walk:
    every = request.COOKIES.get(EVERY) == "1"
    found = asked_in(moment, every=every) if moment.trace.ended else {}
    responses = responses_of(Quiz(quiz_name(moment), moment.run, {}), browser_of(request))
    return Walk(moment, found, responses, every)


def asked_in(moment: Moment, *, every: bool) -> dict[int, Choice]:
    """Return position → the question after that step of a run that has ended."""
    lesson, trace, run = moment.lesson, moment.trace, moment.run
    references = tuple(kept([lesson]).order_by("pk").values_list("pk", flat=True))
    case = moment.case.name if moment.case else ""
    key = lesson.version, run.pk if run else None, every, references
    return asked.get_or_set(key, lambda: predictions(lesson, trace, paths_of(lesson), case, every=every), lambda _: 1)


def covered(request: HttpRequest, moment: Moment) -> Moment:
    """Return a moment without the steps that the browser hasn't uncovered; the same one in other styles."""
    return walk_of(request, moment).shown if moment.style == PREDICT and moment.run else moment


def is_neutral(moment: Moment) -> bool:
    """Return whether the page of a covered moment says nothing that answers a question."""
    return moment.style == PREDICT and moment.trace.ended is None


@require_POST
@never_cache
def predict(request: HttpRequest, public_id: str, position: int) -> HttpResponse:
    """Store a prediction. The page then requests its step again; without htmx, the browser is redirected to it."""
    moment = moment_of(run_or_404(public_id), request)
    walk, browser, address = walk_of(request, moment), browser_of(request) or new_browser(), request.META["REMOTE_ADDR"]
    if id_at(position) not in walk.quiz.items:
        raise Http404("No question is open there.")
    sent = {**request.POST.dict(), "kind": Response.Kind.ANSWER.value}
    try:
        respond(walk.quiz, id_at(position), sent, browser=browser, address=address)
    except Refused as error:
        return refused(request, moment, error, address_of(moment, position))
    is_htmx = request.htmx  # type: ignore[attr-defined]
    response = HttpResponse(status=204, headers=OUTDATED) if is_htmx else redirect(address_of(moment, position))
    return remember_browser(request, response, browser)


def refused(request: HttpRequest, moment: Moment, error: Refused, back: str) -> HttpResponse:
    """Say why a prediction wasn't stored: in the form, or on a page that leads back to it."""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "quizzes/refusal.html", {"reason": str(error)}, status=error.status)
    return not_stored(request, str(error), neutral_title(moment.lesson), back, error.status)


def neutral_title(lesson: Lesson) -> str:
    """Return the name of a lesson that doesn't tell what its run shows."""
    return lesson.neutral_title


@require_POST
@never_cache
def ask_before_every_step(request: HttpRequest, public_id: str) -> HttpResponse:
    """Set whether the browser is asked before every step (`every=1`), and return to its step (`step=3`)."""
    moment = moment_of(run_or_404(public_id), request)
    response = redirect(address_of(moment, moment.position))
    response.set_cookie(EVERY, "1" if request.POST.get("every") == "1" else "0", samesite="Lax", httponly=True)
    return response


def address_of(moment: Moment, position: int) -> str:
    assert moment.run
    return f"{moment.run.get_absolute_url()}?style={PREDICT}&step={position}"


def prediction_part(request: HttpRequest, moment: Moment, context: dict[str, Any]) -> str:
    """Return the part `#prediction`: the question after the step of a covered moment, or what came of the answer."""
    if moment.run is None:
        return ""
    walk, at = walk_of(request, moment), moment.position
    asked, answer = walk.question_at(at), walk.answered.get(at)
    names = {
        **moment.context,
        "asked": asked,
        "answer": answer,
        "said": asked.question.option(answer.answer) if asked and answer else None,
        "came": walk.moment.trace.steps[at] if answer else None,
        "is_next": asked is not None and isinstance(asked.question, NextStep),
        "number": list(walk.asked).index(at) + 1 if asked else 0,
        "every": walk.every,
        "is_live": walk.moment.trace.ended is None,
        "score": score_of(walk) if walk.open_at is None else None,
        "address": reverse("predict", args=[moment.run.public_id, at]),
        "every_address": reverse("predict-every", args=[moment.run.public_id]),
    }
    return render_to_string("quizzes/prediction.html", names, request)


def score_of(walk: Walk) -> dict[str, int]:
    """Return how many predictions were made, how many were right, and how many of the wrong ones were sure."""
    answers = list(walk.answered.values())
    return {
        "count": len(answers),
        "right": sum(bool(each.is_right) for each in answers),
        "sure_and_wrong": sum(bool(each.is_sure) and not each.is_right for each in answers),
    }
