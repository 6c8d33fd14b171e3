"""The page that an answer leads to, or the fragment of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from tutor.quizzes.answers import check
from tutor.runs.models import Run
from tutor.styles import moment as page

from .views import lesson_or_404


@require_safe
@vary_on_headers("HX-Request")
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Check `?answer=INDEX`, with `&run=ID` against that run; `&step=` is where one came from."""
    lesson = lesson_or_404(slug)
    run = Run.objects.filter(public_id=request.GET.get("run", ""), lesson=slug).first()
    moment = page.at_step(run) if run else page.at_rest(lesson)
    try:
        verdict = check(lesson, moment.trace, number, request.GET.get("answer", ""))
    except LookupError as error:
        raise Http404(str(error)) from error
    template = "quizzes/answer.html" if request.htmx else "pages/answer.html"  # type: ignore[attr-defined]
    step = request.GET.get("step", "")
    context = {
        "lesson": lesson,
        "run": run,
        "trace": moment.trace,
        "number": number,
        "verdict": verdict,
        "came_from": int(step[:6]) if step.isdecimal() else 0,
    }
    return render(request, template, context)
