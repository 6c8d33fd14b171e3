"""The pictures of moments and lessons, which sites and messengers show for a link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tutor.styles.card import card_of_lesson, card_of_moment, edition_of_lesson, svg_of_moment
from tutor.styles.moment import Moment, at_step

from .errors import ExplainedNotFound, lesson_or_404, run_or_404
from .run import YEAR_S

HOUR_S = 3600


@require_safe
def run_card(request: HttpRequest, public_id: str, step: int) -> HttpResponse:
    """Return the card of a step of a run."""
    moment = moment_or_404(public_id, step)
    return png(request, card_of_moment(moment), moment.edition if moment.is_immutable else "")


@require_safe
@never_cache
def run_picture(request: HttpRequest, public_id: str, step: int) -> HttpResponse:
    """Return the card of a step of a run as SVG, to take along."""
    moment = moment_or_404(public_id, step)
    response = HttpResponse(svg_of_moment(moment), content_type="image/svg+xml")
    # Shown in place, it would have the site's Content-Security-Policy, which allows no style sheet in it.
    response["Content-Disposition"] = f'attachment; filename="{moment.lesson.slug}-{public_id}-{step}.svg"'
    return response


def moment_or_404(public_id: str, step: int) -> Moment:
    """Return the moment of a step of a run."""
    moment = at_step(run_or_404(public_id), step)
    if not step or moment.position != step:
        raise ExplainedNotFound(f"This run has no step {step} (it has made {moment.made}).")
    return moment


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
