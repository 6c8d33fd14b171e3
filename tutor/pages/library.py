"""The page of this browser's runs: open, name, pin, compare and delete them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tutor.runs import library
from tutor.runs.models import Event, Run
from tutor.runs.service import known_key
from tutor.runs.versions import lesson_of
from tutor.styles.inputs import inputs_of

from .errors import not_done
from .without_store import shown_without_store

ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A run as the page shows it."""

    run: Run
    title: str
    """That of its lesson."""
    inputs: str
    outcome: str
    """How it ended; empty as long as it goes on."""


@require_safe
@never_cache
@shown_without_store
def runs(request: HttpRequest) -> HttpResponse:
    """Show the runs of this browser session, those that are pinned first, on pages (`?page=2`)."""
    found = library.runs_of(known_key(request.session)).order_by("-is_pinned", "-pk")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page", "")[:6])
    outcomes = outcomes_of(page.object_list)
    names = {"page": page, "rows": [row(run, outcomes) for run in page], "kept": library.KEPT.days}
    return render(request, "pages/runs.html", {**names, "most_pinned": library.MOST_PINNED})


def outcomes_of(found: object) -> Mapping[int, str]:
    """Return run → how it ended, of those that have ended."""
    ended = Event.objects.filter(run__in=list(found), kind="ended")  # type: ignore[call-overload]
    return {run: payload.get("outcome", "") for run, payload in ended.values_list("run", "payload")}


def row(run: Run, outcomes: Mapping[int, str]) -> Row:
    lesson = lesson_of(run)
    return Row(run, lesson.content.title, inputs_of(run, lesson), outcomes.get(run.pk, ""))


@require_POST
@never_cache
def change_run(request: HttpRequest, public_id: str) -> HttpResponse:
    """Pin, unpin, name or delete a run of this browser session, as `do` says, and return to the page.

    The status is 409 for what can't be done, and 404 for a run of others.
    """
    run = library.runs_of(known_key(request.session)).filter(public_id=public_id).first()
    changes: Mapping[str, Callable[[Run], None]] = {
        "pin": library.pin,
        "unpin": library.unpin,
        "name": partial(library.rename, name=request.POST.get("name", "")),
        "delete": library.delete,
    }
    change = changes.get(request.POST.get("do", ""))
    if run is None or change is None:
        raise Http404("This browser has no such run.")
    try:
        change(run)
    except library.Refused as error:
        return not_done(request, "Nothing was changed", str(error), back=reverse("runs"), back_text="Back to your runs")
    if request.htmx or request.headers.get("X-Requested-With") == "fetch":  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    return redirect("runs")


@require_POST
@never_cache
def delete_runs(request: HttpRequest) -> HttpResponse:
    """Delete all runs of this browser session that aren't pinned and have ended."""
    library.delete_all(library.runs_of(known_key(request.session)).filter(is_pinned=False, state=Run.State.ENDED))
    return redirect("runs")
