"""Starting a run, and the page of a run."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from tutor.lessons.knob_form import KnobForm
from tutor.runs.execution import interventions_of
from tutor.runs.service import TooManyRuns, start
from tutor.styles import rendering
from tutor.styles.moment import STEP_BY_STEP, Moment, without_run

from .broken import uncovered
from .errors import case_or_404, lesson_or_404, run_or_404, style_or_404
from .lesson import lesson_page
from .moments import moment_of
from .own_parts import own_parts
from .predict import covered

YEAR_S = 31_536_000


@require_POST
def start_run(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a run and redirect to its page.

    The run has the posted knobs or, with `?case=NAME`, the knobs and interventions of that case. `?style=` is the style
    of its page. The status is 422 for knobs out of bounds, with messages beside the fields, and 429 for too many runs.
    """
    lesson, style = lesson_or_404(slug), style_or_404(request)
    name = request.GET.get("case", "")
    case = case_or_404(lesson, name)
    form = KnobForm(lesson.content.knobs, request.POST)
    if not name and not form.is_valid():
        return lesson_page(request, without_run(lesson, style), form=form, status=422)
    try:
        run = start(
            lesson,
            lesson.case_knobs(case) if name else form.cleaned_data,
            session=request.session,
            address=request.META.get("REMOTE_ADDR"),
            interventions=interventions_of(case) if name else (),
        )
    except TooManyRuns as error:
        return render(request, "429.html", {"reason": str(error), "lesson": lesson}, status=429)
    page = run.get_absolute_url()
    return redirect(page if style == STEP_BY_STEP else f"{page}?style={style}")


@require_safe
@vary_on_headers("HX-Request")
def run(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a run. `?step=3` is a permanent address of step 3; without it, the page plays from step 1.

    A style with lines also has addresses between steps: `&line=161` is the `line` event with that number.
    """
    moment = uncovered(request, covered(request, moment_of(run_or_404(public_id), request)))
    if request.htmx:  # type: ignore[attr-defined]
        return fragments_of(request, moment)
    return lesson_page(request, moment, autoplay=not request.GET.get("step"))


def fragments_of(request: HttpRequest, moment: Moment) -> HttpResponse:
    """Return the fragments of a moment. Those of a finished run are immutable at the address of their edition."""
    own = own_parts(request, moment, {}) if moment.is_covered else {}
    response = HttpResponse(rendering.fragments(moment, own))
    if moment.is_immutable and request.GET.get("edition") == moment.edition:
        patch_cache_control(response, private=True, max_age=YEAR_S, immutable=True)
    else:
        patch_cache_control(response, no_store=True)
    return response
