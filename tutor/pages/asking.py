"""A quiz as a page asks it, and what is sent to its questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import reswap

from tutor.quizzes.attempts import Refused, respond, responses_of
from tutor.quizzes.models import Response
from tutor.quizzes.quiz import AskedQuestion, Quiz, result_of

from .answered_question import answered_question
from .browser import browser_of, new_browser, remember_browser
from .errors import not_stored


@dataclass(frozen=True)
class Asking:
    """A quiz as a page asks it."""

    quiz: Quiz
    title: str
    """The title of the page."""
    page: str
    """The address of the page."""
    answers: str
    """The address that answers are sent to, without the id of the question."""
    came_from: str
    """The query of that address, which says what the page shows."""
    names: Mapping[str, Any]
    """The names that the templates of its questions use."""
    after: Callable[[], Mapping[str, Any]] = dict
    """Returns the names that the result uses to say what to do next."""
    one_by_one: bool = False
    """Whether the page shows one question at a time, that of `?question=ID`."""
    is_fixed: bool = False
    """Whether its questions never change, so that what they show depends on their state alone."""
    result_id: str = "quiz-result"
    """The id of the element that shows the result below a list of questions."""

    @property
    def anchor(self) -> str:
        """Where on the page a link to a question leads, if the page shows one at a time; see `one_by_one.html`."""
        return "#quiz-question" if self.one_by_one else ""

    @property
    def question_address(self) -> str:
        """The address of a question, without its id."""
        return f"{self.page}{'&' if '?' in self.page else '?'}question=" if self.one_by_one else "#question-"

    def link_to(self, id: str) -> str:
        """Return what a link to a question leads to."""
        return f"{self.question_address}{id}{self.anchor}"

    def address_of(self, id: str) -> str:
        """Return the address of the page at a question."""
        return f"{self.question_address}{id}#question-{id}" if self.one_by_one else f"{self.page}#question-{id}"

    def context(self, asked: Sequence[AskedQuestion], now: AskedQuestion | None) -> dict[str, Any]:
        """Return the names that the templates use for the questions as they stand; `now` is the one that is shown."""
        result = result_of(asked)
        return {
            **self.names,
            **(one_by_one(self, asked, now) if self.one_by_one else {}),
            **({"lesson": now.lesson} if now else {}),
            **(self.after() if result else {}),
            "questions": asked,
            "asked": now,
            "result": result,
            "result_id": self.result_id,
            "question_address": self.question_address,
            "question_anchor": self.anchor,
            "answers": self.answers,
            "came_from": self.came_from,
        }


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the progress bar: a question, and how it stands."""

    asked: AskedQuestion
    address: str
    is_now: bool

    @property
    def state(self) -> str:
        """One of "open", "right" and "wrong". What counts is the first answer."""
        state = self.asked.state
        if not state.is_closed:
            return "open"
        return "right" if state.first_was_right else "wrong"


@dataclass(frozen=True, slots=True)
class Turn:
    """A link from the question that is shown to another one."""

    label: str
    address: str
    is_advised: bool = False


def one_by_one(asking: Asking, asked: Sequence[AskedQuestion], now: AskedQuestion | None) -> dict[str, Any]:
    """Return the progress bar, and the links to the questions before and after the one that is shown."""
    return {
        "pieces": [Piece(each, asking.link_to(each.id), now is not None and each.id == now.id) for each in asked],
        "previous": previous_of(asking, asked, now) if now else None,
        "next": next_of(asking, asked, now) if now else None,
        "step_address": step_address_of(asking, now),
    }


def step_address_of(asking: Asking, now: AskedQuestion | None) -> str:
    """Return the address of a step, without its number, that stays at the question that is shown."""
    address = str(asking.names.get("step_address", ""))
    return address.replace("step=", f"question={now.id}&step=") if now else address


def previous_of(asking: Asking, asked: Sequence[AskedQuestion], now: AskedQuestion) -> Turn | None:
    """Return the link to the question before; None at the first one."""
    before = asked[now.number - 2] if now.number > 1 else None
    return Turn("Previous", asking.link_to(before.id)) if before else None


def next_of(asking: Asking, asked: Sequence[AskedQuestion], now: AskedQuestion) -> Turn | None:
    """Return the link to the question after, or from the last one to what is open; None before any answer."""
    if not now.state.tried and not now.state.is_closed:
        return None
    if now.number < len(asked):
        return Turn("Next", asking.link_to(asked[now.number].id), now.state.is_closed)
    left = first_open([each for each in asked if each.id != now.id])
    if left:
        return Turn(f"Question {left.number} is still open", asking.link_to(left.id), now.state.is_closed)
    # Without an anchor: the page may have this address already, and has to be loaded.
    return Turn("See the result", asking.page, True) if now.state.is_closed else None


def first_open(asked: Sequence[AskedQuestion]) -> AskedQuestion | None:
    return next((each for each in asked if not each.state.is_closed), None)


def shown_of(asked: Sequence[AskedQuestion], id: str) -> AskedQuestion | None:
    """Return the question that `?question=ID` asks for, otherwise the first open one; None after the last."""
    return next((each for each in asked if each.id == id), None) or first_open(asked)


def asked_on_page(request: HttpRequest, asking: Asking) -> dict[str, Any]:
    """Return the names that a page uses for the questions as they stand for its browser."""
    asked = asking.quiz.all_asked(responses_of(asking.quiz, browser_of(request)))
    now = shown_of(asked, request.GET.get("question", "")) if asking.one_by_one else None
    return asking.context(asked, now)


def answered(request: HttpRequest, asking: Asking, id: str) -> HttpResponse:
    """Store what was sent to a question, and show how it stands: as a fragment to htmx, otherwise by a redirect."""
    quiz, browser = asking.quiz, browser_of(request) or new_browser()
    if id not in quiz.items:
        raise Http404(f"Unknown question {id} (known: {', '.join(quiz.items)}).")
    sender: dict[str, Any] = {"address": request.META.get("REMOTE_ADDR"), "session": request.session}
    try:
        response = shown(request, asking, id, respond(quiz, id, request.POST, browser=browser, **sender))
    except Refused as error:
        if request.htmx and error.is_shown:  # type: ignore[attr-defined]
            response = fragment(request, asking, id, responses_of(quiz, browser), str(error), error.status)
            if error.keeps_form:
                reswap(response, "none")
        else:
            response = refused(request, asking, str(error), error.status)
    return remember_browser(request, response, browser)


def shown(request: HttpRequest, asking: Asking, id: str, responses: list[Response]) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return fragment(request, asking, id, responses)
    return redirect(asking.address_of(id))


def fragment(
    request: HttpRequest, asking: Asking, id: str, responses: list[Response], refusal: str = "", status: int = 200
) -> HttpResponse:
    """Return what changes in the page after a response, or after one that was refused."""
    asked = asking.quiz.asked(id, responses)
    context = {**asking.context(asking.quiz.all_asked(responses), asked), "refusal": refusal}
    is_own = refusal or context["result"] or not asking.is_fixed
    key = None if is_own else (asking.quiz.name, asking.came_from, id, asked.state)
    return HttpResponse(answered_question(request, context, key), status=status)


def refused(request: HttpRequest, asking: Asking, reason: str, status: int) -> HttpResponse:
    """Return the page that says why a response wasn't stored."""
    return not_stored(request, reason, asking.title, asking.page, status)
