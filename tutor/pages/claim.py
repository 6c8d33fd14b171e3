"""Where a claim about another case of a lesson is shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from tutor.lessons.claims import subject_of
from tutor.runs.references import references
from tutor.styles.templatetags.claims import address_of_case

from .errors import ExplainedNotFound, case_or_404, lesson_or_404

LONGEST = 400
"""The maximum length of a claim's target; further characters are ignored."""


@require_safe
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect to the step that shows the claim `?of=TARGET` in a reference run, or to the form that runs its case."""
    lesson, target = lesson_or_404(slug), request.GET.get("of", "")[:LONGEST]
    try:
        case = subject_of(target).case
    except ValueError as error:
        raise ExplainedNotFound(f"{error}.") from error
    case_or_404(lesson, case)
    return redirect(address_of_case(lesson, target, references(lesson)) or reverse("lesson", args=[slug]))
