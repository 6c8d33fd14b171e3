"""The home page: the first lesson's program, and the catalogue."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tutor.styles.drawing.source import Listing, listings
from tutor.styles.moment import without_run

from .catalogue import CataloguePage, catalogue_context


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = catalogue_context(request)
    return render(request, "pages/home.html", {**context, "program": program_of_first_lesson(context["catalogue"])})


def program_of_first_lesson(page: CataloguePage) -> Listing | None:
    """Return the program of the first lesson without a run; None if there are no lessons."""
    if not page.path:
        return None
    moment = without_run(page.path[0].lesson)
    return listings(moment.lesson, moment.knobs, moment.trace.start)[0]
