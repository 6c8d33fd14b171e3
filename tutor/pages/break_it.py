"""Breaking a run: starting it once more with something done to it, repairing it, and taking back what was done."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tutor.lessons.knob_form import KnobForm
from tutor.runs.aims import Impossible
from tutor.runs.breaking import NotKept, TooManyInterventions, broken, repaired, taken_back
from tutor.runs.models import Breaking
from tutor.runs.service import TooManyRuns
from tutor.runs.versions import lesson_of
from tutor.styles.moment import Moment, newest_of
from tutor.trace.chances import chances_at
from tutor.trace.consequences import QUESTIONS

from .broken import BREAK_IT, breaking_of, done_step, hidden, is_over
from .errors import ExplainedNotFound, not_done, run_or_404


@require_POST
@never_cache
def break_run(request: HttpRequest, public_id: str) -> HttpResponse:
    """Start a run once more with what `do` says, such as "3:kill" for step 3, and redirect to the new run.

    The status is 409 for what can't be done there, and 429 for too many runs or interventions.
    """
    moment = newest_of(run_or_404(public_id))
    number, _, action = request.POST.get("do", "")[:40].partition(":")
    if moment.run is None or moment.trace.ended is None or not number.isdecimal() or not 0 < int(number) <= moment.made:
        return refused(request, moment, "A run can be broken at one of its steps when it has ended.", 409)
    chances = chances_at(moment.trace, int(number), moment.lesson.lab_settings(moment.knobs))
    chance = next((each for each in chances if each.action == action), None)
    if chance is None or not chance.at:
        return refused(request, moment, chance.reason if chance else "There is no such thing to do.", 409)
    address = request.META.get("REMOTE_ADDR")
    try:
        run = broken(moment.run, int(number), chance, session=request.session, address=address)
    except (TooManyRuns, TooManyInterventions) as error:
        return refused(request, moment, str(error), 429)
    except Impossible as error:
        return refused(request, moment, str(error), 409)
    return redirect(f"{run.get_absolute_url()}?style={BREAK_IT}&step={number}")


def refused(request: HttpRequest, moment: Moment, reason: str, status: int) -> HttpResponse:
    """Say why a run wasn't broken, on a page that leads back to it."""
    back = f"{moment.run.get_absolute_url()}?style={BREAK_IT}" if moment.run else "/"
    return not_done(request, "Nothing was run", reason, back=back, status=status)


@never_cache
def expect(request: HttpRequest, public_id: str) -> HttpResponse:
    """Store what the owner of a broken run expects of it, once, and show the run.

    A GET tells htmx to load the page when the run has ended, and its yardstick if it is a repaired one.
    """
    run = run_or_404(public_id)
    if request.method != "POST":
        page = f"{run.get_absolute_url()}?style={BREAK_IT}&step=1"
        breaking = breaking_of(run)
        return HttpResponse(status=204, headers={"HX-Redirect": page} if breaking and is_over(breaking) else {})
    if (breaking := hidden(request, run)) is None:
        return redirect(f"{run.get_absolute_url()}?style={BREAK_IT}&step=1")
    given = {id: request.POST.get(id, "") for id in QUESTIONS}
    expected = {id: value for id, value in given.items() if value in QUESTIONS[id].options}
    Breaking.objects.filter(pk=breaking.pk, is_shown=False).update(expected=expected, is_shown=True)
    newest = newest_of(run)
    there = done_step(newest) or min(breaking.step, newest.made)
    return redirect(f"{run.get_absolute_url()}?style={BREAK_IT}&step={there}")


@require_POST
@never_cache
def repair(request: HttpRequest, public_id: str) -> HttpResponse:
    """Start a broken run once more with other knobs and what was done to it, and redirect to the new run.

    The status is 422 for knobs out of bounds, and 429 for too many runs.
    """
    run = run_or_404(public_id)
    if not Breaking.objects.filter(run=run).exists():
        raise Http404("Nothing was done to this run.")
    form = KnobForm(lesson_of(run).content.knobs, request.POST)
    if not form.is_valid():
        wrong = "; ".join(f"{field.label}: {field.errors[0]}" for field in form if field.errors)
        return refused(request, newest_of(run), wrong or "The knobs have no allowed values.", 422)
    try:
        new = repaired(run, form.cleaned_data, session=request.session, address=request.META.get("REMOTE_ADDR"))
    except TooManyRuns as error:
        return refused(request, newest_of(run), str(error), 429)
    return redirect(f"{new.get_absolute_url()}?style={BREAK_IT}&step=1")


@require_POST
@never_cache
def take_back(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Redirect to a run as it was before intervention `number`, from 1, and before those that followed it.

    The status is 429 for too many runs, if one has to be started.
    """
    run = run_or_404(public_id)
    try:
        before = taken_back(run, number, session=request.session, address=request.META.get("REMOTE_ADDR"))
    except NotKept as error:
        raise ExplainedNotFound(str(error)) from error
    except TooManyRuns as error:
        return refused(request, newest_of(run), str(error), 429)
    breaking = breaking_of(run)
    return redirect(f"{before.get_absolute_url()}?style={BREAK_IT}&step={breaking.step if breaking else 1}")
