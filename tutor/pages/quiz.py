"""The page of an answer to a question, or its fragment."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from tutor.quizzes.answers import check
from tutor.runs.models import Run
from tutor.styles.moment import at_step, without_run

from .errors import lesson_or_404
from .run import number_of


@require_safe
@vary_on_headers("HX-Request")
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Check `?answer=INDEX`; with `&run=ID`, against that run. `&step=` is the step that the page links back to.

    The question is that of the version of the lesson that the run was made with; without a run, today's.
    """
    run = Run.objects.filter(public_id=request.GET.get("run", ""), lesson=slug).first()
    moment = at_step(run) if run else without_run(lesson_or_404(slug))
    try:
        verdict = check(moment.lesson, moment.trace, number, request.GET.get("answer", ""))
    except LookupError as error:
        raise Http404(str(error)) from error
    step = request.GET.get("step", "")
    context = {
        "lesson": moment.lesson,
        "run": run,
        "reached": moment.trace,
        "step_address": moment.step_address,
        "number": number,
        "verdict": verdict,
        "came_from": number_of(step) or 0,
    }
    template = "quizzes/answer.html" if request.htmx else "pages/quiz.html"  # type: ignore[attr-defined]
    return render(request, template, context)
