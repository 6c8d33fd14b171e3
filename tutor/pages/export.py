"""Taking a finished run along: files that need no site."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from tutor.styles.export.run_html import MOST_STEPS, run_html
from tutor.styles.export.run_json import run_as_json
from tutor.styles.moment import Moment, newest_of

from .errors import not_done, run_or_404

File = Callable[[HttpRequest, Moment], HttpResponse]


def of_finished_run(file: File) -> Callable[[HttpRequest, str], HttpResponse]:
    """Return a view that responds with the file of a run that has ended, as a download. Before, the status is 409."""

    @require_safe
    @wraps(file)
    def view(request: HttpRequest, public_id: str) -> HttpResponse:
        moment = newest_of(run_or_404(public_id))
        if moment.trace.ended is None:
            return refused(request, moment, "You can take it along when it has ended, with all of its steps.")
        response = file(request, moment)
        if response.status_code == 200:
            name = f"{moment.lesson.slug}-{public_id}.{request.path.rpartition('.')[2]}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
        # The run can be deleted, and a version of the site can improve its files.
        patch_cache_control(response, no_store=True)
        return response

    return view


def refused(request: HttpRequest, moment: Moment, reason: str) -> HttpResponse:
    assert moment.run
    return not_done(request, "No file of this run", reason, back=moment.run.get_absolute_url())


@of_finished_run
def run_file(request: HttpRequest, moment: Moment) -> HttpResponse:
    """Return the run as one HTML file that works without the site."""
    if moment.made > MOST_STEPS:
        reason = f"It has {moment.made} steps. One HTML file has room for {MOST_STEPS}; as JSON you get all of them."
        return refused(request, moment, reason)
    site = request.build_absolute_uri("/").rstrip("/")
    return HttpResponse(run_html(moment, site))


@of_finished_run
def run_json(request: HttpRequest, moment: Moment) -> HttpResponse:
    """Return the run as data, in the format that docs/run-json.md describes."""
    assert moment.run
    text = json.dumps(run_as_json(moment.lesson, moment.run, moment.trace), indent=1, ensure_ascii=False)
    return HttpResponse(text, content_type="application/json")
