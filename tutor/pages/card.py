"""The pictures of moments and lessons that sites and messengers show for a link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from tutor.styles.card import card_of_lesson, card_of_moment, edition_of_lesson
from tutor.styles.moment import at_step

from .errors import ExplainedNotFound, lesson_or_404, run_or_404
from .run import YEAR_S

HOUR_S = 3600


@require_safe
def run_card(request: HttpRequest, public_id: str, step: int) -> HttpResponse:
    """Return the card of a step of a run."""
    moment = at_step(run_or_404(public_id), step)
    if not step or moment.position != step:
        raise ExplainedNotFound(f"This run has no step {step} (it has made {moment.made}).")
    return png(request, card_of_moment(moment), moment.edition if moment.is_immutable else "")


@require_safe
def lesson_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the card of a lesson without a run."""
    lesson = lesson_or_404(slug)
    return png(request, card_of_lesson(lesson), edition_of_lesson(lesson))


def png(request: HttpRequest, content: bytes, edition: str) -> HttpResponse:
    """Return a PNG, which is immutable at the address of its edition."""
    response = HttpResponse(content, content_type="image/png")
    if edition and request.GET.get("edition") == edition:
        patch_cache_control(response, public=True, max_age=YEAR_S, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=HOUR_S)
    return response
