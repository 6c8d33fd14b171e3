"""The pages for errors, and the lookups that lead to the 404 page."""

from __future__ import annotations

import sys

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

from tutor.lessons import catalogue
from tutor.lessons.errors import UnknownLesson
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.runs.library import KEPT
from tutor.runs.models import GoneRun, Run
from tutor.store_errors import is_unavailable
from tutor.styles.moment import STEP_BY_STEP
from tutor.styles.registry import styles

from .catalogue import catalogue_context
from .without_store import shown_without_store

RETRY_S = 5
"""Seconds after which a browser may try again when the store has failed."""
RUN = "SELECT * FROM runs_run WHERE public_id = %s"
"""A constant, as each page and answer of a run begins with it, and a queryset takes longer to make its SQL."""
LONGEST_NAME = 100
"""The maximum length of a case's name; further characters are ignored."""


class ExplainedNotFound(Http404):
    """A 404 whose message the page shows."""


class Gone(ExplainedNotFound):
    """There was a run at the address: the status is 410. The page links to its lesson, if that is still there."""

    def __init__(self, message: str, lesson: Lesson | None) -> None:
        super().__init__(message)
        self.lesson = lesson


@never_cache
@shown_without_store
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show the 404 page, with the message of an `ExplainedNotFound` and with all lessons.

    A browser would keep a 410 for good, with the lessons as they were.
    """
    message = str(exception) if isinstance(exception, ExplainedNotFound) else ""
    names = {**catalogue_context(request), "message": message}
    if isinstance(exception, Gone):
        return render(request, "404.html", {**names, "is_gone": True, "lesson": exception.lesson}, status=410)
    return render(request, "404.html", names, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show the 400 page. It reads nothing of the request, which is what can't be read."""
    return HttpResponse(render_to_string("400.html"), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Show the 500 page or, if the store fails, the 503 page. They read nothing of the request, which may be the cause.

    Django calls it while it handles the error.
    """
    if is_unavailable(sys.exc_info()[1]):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_S)})
    return HttpResponse(render_to_string("500.html"), status=500)


def not_done(
    request: HttpRequest, heading: str, reason: str, *, back: str, back_text: str = "Back to the run", status: int = 409
) -> HttpResponse:
    """Return the page that says why something wasn't done, with a way back."""
    names = {"heading": heading, "reason": reason, "back": back, "back_text": back_text}
    return render(request, "pages/refused.html", names, status=status)


def not_stored(request: HttpRequest, reason: str, title: str, back: str, status: int) -> HttpResponse:
    """Return the page that says why an answer wasn't stored, with a way back to the page with that title."""
    heading, back_text = "Your answer was not stored", f"Back to “{title}”"
    return not_done(request, heading, reason, back=back, back_text=back_text, status=status)


def lesson_or_404(slug: str) -> Lesson:
    """Return the lesson with that slug."""
    try:
        return catalogue.get(slug)
    except UnknownLesson as error:
        raise Http404(str(error)) from error


def case_or_404(lesson: Lesson, name: str) -> Case:
    """Return the case of `lesson` with that name; the lesson's own run for an empty one."""
    try:
        return lesson.case(name[:LONGEST_NAME])
    except LookupError as error:
        raise ExplainedNotFound(f"In “{lesson.content.title}”: {error}.") from error


def run_or_404(public_id: str) -> Run:
    """Return the run with that public id, unless it was deleted, or only a class sees it."""
    run = next(iter(Run.objects.raw(RUN, [public_id])), None)
    if run is None:
        raise missing(public_id)
    if run.is_closed:
        raise ExplainedNotFound("This run belongs to a class or a quiz. It can be opened when that has ended.")
    return run


WHY_GONE = {
    GoneRun.Reason.DELETED: "The browser that started this run has deleted it.",
    GoneRun.Reason.EXPIRED: f"This run was not pinned, and was deleted after {KEPT.days} days.",
}


def missing(public_id: str) -> Http404:
    """Return the error for a run that there isn't, or isn't any more."""
    if (gone := GoneRun.objects.filter(public_id=public_id).first()) is None:
        return Http404(f"Unknown run {public_id}.")
    return Gone(WHY_GONE[GoneRun.Reason(gone.reason)], catalogue.lessons().get(gone.lesson))


def style_or_404(request: HttpRequest) -> str:
    """Return the name of the style that `?style=` asks for; step by step without it."""
    name = request.GET.get("style", STEP_BY_STEP)[:LONGEST_NAME]
    if name not in styles():
        raise ExplainedNotFound(f"Unknown style “{name}” (known: {', '.join(styles())}).")
    return name
