"""Breaking a run: starting it once more with something done to it, and what its owner expects of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tutor.lessons.knob_form import KnobForm
from tutor.protocol.interventions import Intervention
from tutor.runs.aims import Impossible
from tutor.runs.breaking import TooManyInterventions, broken, chain_of, own_interventions, repaired
from tutor.runs.models import Breaking, Run
from tutor.runs.service import TooManyRuns, known_key
from tutor.runs.versions import lesson_of
from tutor.styles.inputs import said
from tutor.styles.moment import Moment, newest_of
from tutor.trace.chances import chances_at
from tutor.trace.comparison import keyed
from tutor.trace.consequences import QUESTIONS, Consequence, consequences
from tutor.trace.facts import Difference, effects

from .errors import ExplainedNotFound, run_or_404

BREAK_IT = "break_it"


@dataclass(frozen=True, slots=True)
class Expectation:
    """A question about a run that was broken, what its owner said, and what came."""

    id: str
    text: str
    options: Sequence[str]
    said: str
    came: Consequence

    @property
    def is_right(self) -> bool:
        return self.said == self.came.value


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
    return render(request, "pages/not_broken.html", {"reason": reason, "back": back}, status=status)


@never_cache
def expect(request: HttpRequest, public_id: str) -> HttpResponse:
    """Store what the owner of a broken run expects of it, once, and show the run.

    A GET tells htmx to load the page when the run has ended.
    """
    run = run_or_404(public_id)
    if request.method != "POST":
        page = f"{run.get_absolute_url()}?style={BREAK_IT}&step=1"
        return HttpResponse(status=204, headers={"HX-Redirect": page} if run.state == Run.State.ENDED else {})
    if (breaking := hidden(request, run)) is None:
        return redirect(f"{run.get_absolute_url()}?style={BREAK_IT}&step=1")
    given = {id: request.POST.get(id, "") for id in QUESTIONS}
    expected = {id: value for id, value in given.items() if value in QUESTIONS[id].options}
    Breaking.objects.filter(pk=breaking.pk, is_shown=False).update(expected=expected, is_shown=True)
    newest = newest_of(run)
    there = counterpart(breaking, newest) or min(breaking.step, newest.made)
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


@require_safe
def take_back(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Redirect to the run as it was before intervention `number`, from 1, and before those that followed it."""
    run = run_or_404(public_id)
    steps_back = len(own_interventions(run.interventions)) - number + 1
    chain = chain_of(run)
    if not 0 < steps_back <= len(chain):
        raise ExplainedNotFound("The run without this isn’t kept any more. You can run the lesson again.")
    return redirect(f"{chain[-steps_back][1].get_absolute_url()}?style={BREAK_IT}")


def counterpart(breaking: Breaking, newest: Moment) -> int | None:
    """Return the step of a broken run that is the same as the one at which it was broken; None if that never came."""
    if breaking.origin is None:
        return None
    before = keyed(newest_of(breaking.origin).trace)
    key = next((key for key, step in before.items() if step.number == breaking.step), None)
    step = keyed(newest.trace).get(key) if key else None
    return step.number if step else None


def judged(run: Run) -> list[Difference] | None:
    """Return in which effects a repaired run differs from that to which nothing was done; None if that isn't known."""
    first = next(iter(chain_of(run)), None)
    mine, whole = newest_of(run).trace, newest_of(first[1]).trace if first else None
    return effects(whole, mine) if whole and whole.ended and mine.ended else None


def hidden(request: HttpRequest, run: Run) -> Breaking | None:
    """Return how a run was broken, if the browser has done that and hasn't been shown what came of it."""
    breaking = Breaking.objects.filter(run=run, is_shown=False).first()
    return breaking if breaking and run.session and run.session == known_key(request.session) else None


def uncovered(request: HttpRequest, moment: Moment) -> Moment:
    """Return the moment of a broken run without any step, as long as its owner is asked what will come."""
    if moment.style != BREAK_IT or moment.run is None or hidden(request, moment.run) is None:
        return moment
    return replace(moment.covered_after(0), other=moment.other)


def asked_of(moment: Moment) -> Mapping[str, Any]:
    """Return what `pages/break_it.html` shows of a broken run, as `broken`: what is asked of it, or was said of it."""
    breaking = Breaking.objects.filter(run=moment.run).select_related("origin", "run").first() if moment.run else None
    if breaking is None:
        return {}
    newest = newest_of(breaking.run)
    last: Intervention = own_interventions(breaking.run.interventions)[-1]
    names: dict[str, Any] = {"done_last": said(last), "has_ended": newest.trace.ended}
    if moment.is_covered:
        return {**names, "questions": QUESTIONS.items()}
    names["there"] = counterpart(breaking, newest) if newest.trace.ended else None
    names["repair"] = KnobForm(moment.lesson.content.knobs, values=moment.knobs, auto_id="repair-%s")
    if breaking.is_repair:
        return {**names, "is_repair": True, "lasting": judged(breaking.run)}
    if newest.trace.ended is None:
        return names
    came = consequences(newest.trace, last)
    expected = breaking.expected.items()
    told = [Expectation(id, QUESTIONS[id].text, QUESTIONS[id].options, value, came[id]) for id, value in expected]
    return {**names, "told": told, "foreseen": sum(each.is_right for each in told)}
