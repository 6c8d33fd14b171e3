"""The pages: home, a lesson, a run of it. Each asks its package, renders and returns."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from tutor.lessons import catalogue
from tutor.lessons.errors import UnknownLesson
from tutor.lessons.format.cases import Case
from tutor.lessons.knob_form import KnobForm
from tutor.lessons.lesson import Lesson
from tutor.runs.execution import interventions_of
from tutor.runs.models import Run
from tutor.runs.service import TooManyRuns, known_key, lessons_run, recent_runs, start
from tutor.styles import moment as page

from .catalogue import shelf

LONGEST_NAME = 100
"""Characters of a case's name that are looked at."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html", catalogue_of(request))


@require_safe
def lessons(request: HttpRequest) -> HttpResponse:
    """The catalogue; `?q=WORDS` with the lessons that have all of these words in them."""
    return render(request, "pages/catalogue.html", catalogue_of(request, request.GET.get("q", "")))


def catalogue_of(request: HttpRequest, query: str = "") -> dict[str, Any]:
    """What the pages that list the lessons show, those with mistakes too."""
    run = lessons_run(known_key(request.session))
    return {"shelf": shelf(catalogue.lessons().values(), run, query), "problems": catalogue.problems()}


@require_safe
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """A lesson at rest; `?case=NAME` with the knobs of that case."""
    chosen = lesson_or_404(slug)
    case = case_or_404(chosen, request.GET.get("case", ""))
    form = KnobForm(chosen.content.knobs, values=chosen.case_knobs(case))
    return lesson_page(request, page.at_rest(chosen), form=form)


@require_POST
def start_run(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a run and go to its page; 422 with the bounds beside the fields, 429 if too many.

    Its knobs are the posted ones, or those of the case that `?case=` names, with what the case does to its lab.
    """
    chosen = lesson_or_404(slug)
    name = request.GET.get("case", "")
    case = case_or_404(chosen, name)
    form = KnobForm(chosen.content.knobs, request.POST)
    if not name and not form.is_valid():
        return lesson_page(request, page.at_rest(chosen), form=form, status=422)
    try:
        run = start(
            chosen,
            chosen.case_knobs(case) if name else form.cleaned_data,
            session=request.session,
            address=request.META.get("REMOTE_ADDR"),
            interventions=interventions_of(case) if name else (),
        )
    except TooManyRuns as error:
        return render(request, "429.html", {"reason": str(error), "lesson": chosen}, status=429)
    return redirect(run)


@require_safe
@vary_on_headers("HX-Request")
def run(request: HttpRequest, public_id: str) -> HttpResponse:
    """A moment of a run: `?step=3` is that moment for anyone, for ever; without it the page plays from step 1."""
    shown = get_object_or_404(Run, public_id=public_id)
    step = request.GET.get("step", "")
    try:
        moment = page.at_step(shown, int(step[:6]) if step.isdecimal() else None)
    except UnknownLesson as error:
        raise NotThere(f"That was a run of “{shown.lesson}”, a lesson that can't be shown just now.") from error
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(moment.walk_nav() + moment.stage())
    return lesson_page(request, moment, autoplay=not step)


class NotThere(Http404):
    """Nothing is there, and the message says what is."""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    says = str(exception) if isinstance(exception, NotThere) else ""
    return render(request, "404.html", {**catalogue_of(request), "says": says}, status=404)


def lesson_page(
    request: HttpRequest,
    moment: page.Moment,
    *,
    form: KnobForm | None = None,
    autoplay: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The one page of a lesson, at rest or at a moment of a run; `form` is shown instead of the moment's own knobs."""
    chosen = moment.lesson
    session = known_key(request.session)
    context: dict[str, Any] = {
        **moment.context,
        "case": moment.case,
        "other_edition": moment.is_of_other_edition,
        "beside": catalogue.beside(chosen),
        "knob_form": form or KnobForm(chosen.content.knobs, values=moment.knobs),
        "recent_runs": [recent(each, chosen, moment.run) for each in recent_runs(session, chosen)],
        "autoplay": autoplay,
        "socket_url": f"/ws/runs/{moment.run.public_id}/" if moment.run else None,
    }
    return render(request, "pages/lesson.html", context, status=status)


def recent(run: Run, chosen: Lesson, current: Run | None) -> dict[str, Any]:
    return {
        "url": reverse("run", args=[run.public_id]),
        "summary": chosen.knob_summary(run.knobs),
        "current": current is not None and run.pk == current.pk,
        "asked_at": run.asked_at,
    }


def lesson_or_404(slug: str) -> Lesson:
    try:
        return catalogue.get(slug)
    except UnknownLesson as error:
        raise Http404(str(error)) from error


def case_or_404(lesson: Lesson, name: str) -> Case:
    try:
        return lesson.case(name[:LONGEST_NAME])
    except LookupError as error:
        raise NotThere(f"In “{lesson.content.title}”: {error}.") from error
