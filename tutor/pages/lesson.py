"""The page of a lesson, without a run or at a moment of a run."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tutor.lessons.knob_form import KnobForm
from tutor.lessons.lesson import Lesson
from tutor.runs.models import Run
from tutor.runs.references import references
from tutor.runs.service import known_key, recent_runs
from tutor.runs.versions import lesson_of
from tutor.styles import rendering
from tutor.styles.card import address_of_moment, title_of_moment
from tutor.styles.inputs import deeds_of, inputs_of
from tutor.styles.moment import Moment, without_run
from tutor.styles.registry import script_of, styles

from .again import old_questions
from .broken import BREAK_IT, asked_of
from .browser import remember_browser
from .compare import COMPARE, choices
from .errors import case_or_404, lesson_or_404, style_or_404
from .own_parts import CLASS_QUESTION_PART, own_parts
from .predict import is_neutral, neutral_title
from .quiz import QUIZ, questions
from .what_next import what_next
from .without_store import shown_without_store


@require_safe
@shown_without_store
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a lesson without a run; with `?case=NAME`, its form has the knobs of that case."""
    found = lesson_or_404(slug)
    case = case_or_404(found, request.GET.get("case", ""))
    moment = without_run(found, style_or_404(request))
    return lesson_page(request, moment, form=KnobForm(found.content.knobs, values=found.case_knobs(case)))


def lesson_page(
    request: HttpRequest,
    moment: Moment,
    *,
    form: KnobForm | None = None,
    autoplay: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Return the page at `moment`, with a form for a run of today's lesson.

    The form is `form`, by default with the moment's knobs; there is none if the lesson isn't in the catalogue.
    """
    asked = questions(request, moment)
    has_neutral_head = is_neutral(moment) or (moment.style == QUIZ and asked["has_open"])
    context = {
        **moment.context,
        **page_context(request, moment, form),
        **asked,
        "has_neutral_head": has_neutral_head,
        "title": neutral_title(moment.lesson) if has_neutral_head else moment.lesson.content.title,
        "autoplay": autoplay and has_play(moment),
        "old_questions": "" if moment.run or moment.style == QUIZ else old_questions(request, moment.lesson),
    }
    own = own_parts(request, moment, context)
    context["stage"] = rendering.stage(moment, own)
    context["class_question_later"] = "" if moment.open_question else own.get(CLASS_QUESTION_PART, "")
    return remember_browser(request, render(request, "pages/lesson.html", context, status=status))


def page_context(request: HttpRequest, moment: Moment, form: KnobForm | None) -> dict[str, Any]:
    """Return what the page shows around the moment's own parts."""
    lesson, run, style = moment.lesson, moment.run, styles()[moment.style]
    following = what_next(moment)
    today = following["today"]
    return {
        **following,
        "card": address_of_moment(moment),
        "case": moment.case,
        "deeds": deeds_of(run),
        "description": description_of(moment),
        "shared_title": title_of_moment(moment),
        "references": (shown := references(lesson)),
        "cases": [(each, shown.get(each.name)) for each in today.content.cases] if today else [],
        "version": version_shown(moment, today),
        "knob_form": form or KnobForm(today.content.knobs if today else (), values=moment.knobs),
        "recent_runs": recent_runs_of(request, lesson, run),
        "settings_text": lesson.settings_text(moment.knobs),
        "style": moment.style,
        "style_script": script_of(moment.style),
        "styles": styles(),
        "has_play": has_play(moment),
        "walk_nav": rendering.walk_nav(moment),
        "socket_url": None if run is None or moment.is_covered or style.is_whole else socket_url(run, moment),
        "compare_with": choices(request, moment) if run and moment.style == COMPARE else {},
        "broken": asked_of(moment) if moment.style == BREAK_IT else {},
        "other": moment.other,
        "is_own": run is not None and run.session != "" and run.session == known_key(request.session),
        "is_neutral": is_neutral(moment),
    }


def has_play(moment: Moment) -> bool:
    """Return whether the run can be played. What is read as a whole can't, once all of it is there."""
    style = styles()[moment.style]
    return style.has_play or not (style.is_whole or moment.trace.ended)


def description_of(moment: Moment) -> str:
    """Return what search engines and messengers tell of the page: the step, or else the lesson's symptom.

    The symptom needn't be that of a run that was broken.
    """
    if moment.steps:
        return moment.steps[-1].headline
    deeds = deeds_of(moment.run)
    return f"What comes of it: {'; '.join(deeds)}" if deeds else moment.lesson.content.summary_text


def socket_url(run: Run, moment: Moment) -> str:
    return f"/ws/runs/{run.public_id}/?style={moment.style}"


def version_shown(moment: Moment, today: Lesson | None) -> str:
    """Return which version of its lesson a moment shows: "today", "earlier" or "unknown"."""
    if moment.run and moment.run.version_id is None:
        return "unknown"
    return "today" if today and today.version == moment.lesson.version else "earlier"


def recent_runs_of(request: HttpRequest, lesson: Lesson, current: Run | None) -> list[dict[str, Any]]:
    """Return this browser's last runs of `lesson`, and whether the page shows them."""
    return [
        {
            "url": run.get_absolute_url(),
            "summary": inputs_of(run, lesson_of(run)),
            "current": run == current,
            "asked_at": run.asked_at,
        }
        for run in recent_runs(known_key(request.session), lesson)
    ]
