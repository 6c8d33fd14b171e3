"""A lesson's prose on its page. Claims link to the step that shows them, once the reader has reached it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from tutor.lessons.claims import subject_of
from tutor.lessons.lesson import Lesson
from tutor.lessons.prose import Evidence, Locate, render, render_line, with_code
from tutor.runs.models import Run
from tutor.styles.replay import trace_of
from tutor.trace.claim_evaluation import step_showing
from tutor.trace.model import Trace

register = template.Library()
register.filter(with_code)


@register.simple_tag(takes_context=True)
def prose(context: Context, text: str) -> SafeString:
    """Render Markdown as paragraphs."""
    return render(text, locator(context))


@register.simple_tag(takes_context=True)
def prose_line(context: Context, text: str) -> SafeString:
    """Render one line of Markdown, without a paragraph around it."""
    return render_line(text, locator(context))


def locator(context: Context) -> Locate:
    """Return a function from the target of a claim to what shows it, for the moment in `context`."""
    lesson: Lesson = context["lesson"]
    run: Run | None = context.get("run")
    reached: Trace | None = context.get("reached")
    references: Mapping[str, Run] | None = context.get("references")
    if run is None or reached is None:
        return lambda target: seen_in_case(lesson, target, references)
    return lambda target: (
        seen_in_case(lesson, target, references) or seen_in_step(run, lesson, reached, target, context["step_address"])
    )


def seen_in_case(lesson: Lesson, target: str, references: Mapping[str, Run] | None) -> Evidence | None:
    """Return what shows what a claim says about another case than the lesson's own; None for other claims."""
    if (address := address_of_case(lesson, target, references)) is None:
        return None
    titles = {each.name: each.title for each in lesson.cases}  # A version that wasn't stored has no cases.
    title = titles.get(subject_of(target).case)
    return Evidence(address, f"Seen in the case “{title}”." if title else "Seen in another case.")


def address_of_case(lesson: Lesson, target: str, references: Mapping[str, Run] | None) -> str | None:
    """Return the address that shows what a claim says about another case than the lesson's own; None for other claims.

    That is a step of the case's reference run. Without one, it is the page on which the case can be run. Without
    `references`, as in parts that are kept for longer than such runs, it is an address that redirects there.
    """
    subject = subject_of(target)
    if not subject.case:
        return None
    if references is None:
        return f"{reverse('claim', args=[lesson.slug])}?of={quote(target, safe='')}"
    if (run := references.get(subject.case)) is None:
        return f"{reverse('lesson', args=[lesson.slug])}?case={subject.case}#knobs"
    step = step_showing(subject, trace_of(lesson, run))
    return f"{run.get_absolute_url()}?step={step or 1}"


def seen_in_step(run: Run, lesson: Lesson, reached: Trace, target: str, address: str) -> Evidence | None:
    """Return the step that shows a claim; None for a run with other inputs than the lesson's own.

    `address` is that of any step of the run, without its number.
    """
    if run.knobs != lesson.defaults or run.interventions:
        return None
    number = step_showing(subject_of(target), reached)
    if number is None:
        return None
    return Evidence(f"{address}{number}", f"Seen in step {number}: {reached.steps[number - 1].headline}", number)
