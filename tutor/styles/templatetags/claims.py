"""A lesson's prose on its page: claims lead to the step that shows them, as far as the reader has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from tutor.lessons.claims import subject_of
from tutor.lessons.lesson import Lesson
from tutor.lessons.prose import render, render_line
from tutor.runs.models import Run
from tutor.trace.claim_evaluation import step_showing
from tutor.trace.model import Trace

register = template.Library()


@register.simple_tag(takes_context=True)
def prose(context: Context, text: str) -> SafeString:
    """Markdown as paragraphs."""
    return render(text, locating(context))


@register.simple_tag(takes_context=True)
def prose_line(context: Context, text: str) -> SafeString:
    """A line of Markdown without a paragraph around it."""
    return render_line(text, locating(context))


def locating(context: Context) -> Callable[[str], str | None]:
    """What finds the address of a claim's step, for the lesson and the moment of a run that `context` has."""
    lesson: Lesson = context["lesson"]
    run: Run | None = context.get("run")
    seen: Trace | None = context.get("trace")
    if run is None or seen is None:
        return lambda target: address_of_case(lesson, target)
    position = context.get("position", len(seen.steps))
    reached = replace(seen, steps=seen.steps[:position], ended=seen.ended if position == len(seen.steps) else None)
    return lambda target: address_of_case(lesson, target) or address_of_step(run, lesson, reached, target)


def address_of_case(lesson: Lesson, target: str) -> str | None:
    """The lesson's page with the inputs of the case that a claim names, if it names one."""
    name = subject_of(target).case
    return f"{reverse('lesson', args=[lesson.slug])}?case={name}#knobs" if name else None


def address_of_step(run: Run, lesson: Lesson, reached: Trace, target: str) -> str | None:
    """The step of `run` that shows a claim; None for a run with other inputs than the lesson's own."""
    if run.knobs != lesson.defaults or run.interventions:
        return None
    number = step_showing(subject_of(target), reached)
    return f"{run.get_absolute_url()}?step={number}" if number else None
