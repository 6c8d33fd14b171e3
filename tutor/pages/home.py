"""The home page: a recorded run up to its question, where the visitor was, and the catalogue."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tutor.lessons import catalogue
from tutor.runs.service import known_key, last_run
from tutor.styles.drawing.source import Listing, listings
from tutor.styles.moment import without_run
from tutor.styles.preludes import played_run

from .catalogue import CataloguePage, catalogue_context
from .without_store import shown_without_store


@require_safe
@shown_without_store
def home(request: HttpRequest) -> HttpResponse:
    context = catalogue_context(request)
    return render(request, "pages/home.html", {**context, **first_screen(request, context["catalogue"])})


def first_screen(request: HttpRequest, page: CataloguePage) -> dict[str, Any]:
    """Return what the page shows above the catalogue.

    That is a run of the lesson that asks for it or, as long as there is none, the program of the first lesson.
    """
    lesson = catalogue.home_of({entry.lesson.slug: entry.lesson for entry in page.path})
    played = played_run(lesson) if lesson else None
    return {
        "played": played,
        "program": None if played else program_of_first_lesson(page),
        "card": played.card if played else "",
        "last": last_place(request, page),
    }


def last_place(request: HttpRequest, page: CataloguePage) -> dict[str, Any] | None:
    """Return the last run of this browser with its entry in the catalogue; None without one."""
    run = last_run(known_key(request.session))
    entry = next((each for each in page.path if run and each.lesson.slug == run.lesson), None)
    return {"run": run, "entry": entry} if entry else None


def program_of_first_lesson(page: CataloguePage) -> Listing | None:
    """Return the program of the first lesson without a run; None if there are no lessons."""
    if not page.path:
        return None
    moment = without_run(page.path[0].lesson)
    return listings(moment.lesson, moment.knobs, moment.trace.start)[0]
