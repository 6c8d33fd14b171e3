"""The run with which another one is compared: which there are, and which one an address asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest

from tutor.runs.models import Breaking, Run
from tutor.runs.references import references
from tutor.runs.service import known_key, recent_runs
from tutor.runs.versions import lesson_of
from tutor.styles.inputs import name_of, name_of_run
from tutor.styles.moment import Moment, newest_of

from .errors import LONGEST_NAME, ExplainedNotFound, run_or_404

COMPARE = "compare"
MOST_RUNS = 20
"""The maximum runs of the browser that are offered."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A run that can be chosen."""

    run: Run
    name: str


def compared(request: HttpRequest, moment: Moment) -> Moment:
    """Return `moment` with another run beside it: in the style Break it, the one that it was made from.

    In the style Compare, it is that of `?with=`; without that, the one that it was made from, or a case's.

    Raises ExplainedNotFound for a run of another lesson.
    """
    other = other_run(request, moment)
    return replace(moment, other=newest_of(other)) if other else moment


def other_run(request: HttpRequest, moment: Moment) -> Run | None:
    breaking = Breaking.objects.filter(run=moment.run).select_related("origin").first()
    if moment.style != COMPARE:
        return breaking.origin if breaking else None
    if public_id := request.GET.get("with", "")[:LONGEST_NAME]:
        run = run_or_404(public_id)
        if run.lesson != moment.lesson.slug:
            raise ExplainedNotFound("Only runs of the same lesson can be compared. Choose one on the page of the run.")
        return run
    if breaking and breaking.origin:
        return breaking.origin
    first = next(iter([*cases(moment), *own(request, moment)]), None)
    return first.run if first else None


def choices(request: HttpRequest, moment: Moment) -> dict[str, Sequence[Choice]]:
    """Return the runs that a run can be compared with, by heading. The one that is shown is always among them."""
    found = {"Cases of the lesson": cases(moment), "Your runs": own(request, moment)}
    shown = moment.other
    if shown and shown.run and not any(each.run == shown.run for runs in found.values() for each in runs):
        found["From the address"] = [Choice(shown.run, name_of(shown))]
    return {heading: runs for heading, runs in found.items() if runs}


def cases(moment: Moment) -> list[Choice]:
    """Return the shown reference run of each case of the lesson but that of the moment, in the lesson's order."""
    shown = references(moment.lesson)
    others = (each for each in moment.lesson.cases if moment.case is None or each.name != moment.case.name)
    return [Choice(shown[each.name], each.title) for each in others if each.name in shown]


def own(request: HttpRequest, moment: Moment) -> list[Choice]:
    """Return the browser's last runs of the lesson, without that of the moment."""
    runs = recent_runs(known_key(request.session), moment.lesson, MOST_RUNS)
    return [Choice(each, each.name or name_of_run(each, lesson_of(each))) for each in runs if each != moment.run]
