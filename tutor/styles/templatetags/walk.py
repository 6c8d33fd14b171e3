"""What the templates of a lesson's page ask for beyond their context: times as text, drawings, lists.

Nothing here looks further than the steps or the position that it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.timesince import timesince

from tutor.lessons.format.parts import Flow
from tutor.lessons.lesson import Lesson
from tutor.runs.models import Run
from tutor.styles.drawing.flow import Picture, thumbnail
from tutor.styles.drawing.lanes import Lanes, lanes
from tutor.styles.drawing.source import Listing, listing
from tutor.trace.model import Step, Trace, TraceState, Variable

register = template.Library()


@register.filter
def ms(milliseconds: float) -> str:
    """Milliseconds as “63 ms”."""
    return f"{milliseconds:,.0f} ms"


@register.filter
def duration(milliseconds: float) -> str:
    """Milliseconds as “111 ms” or, from a second on, “2.1 s”."""
    return f"{milliseconds:.0f} ms" if milliseconds < 999.5 else f"{milliseconds / 1000:.1f} s"


@register.filter
def ago(moment: datetime) -> str:
    """How long ago a moment was: “just now”, “3 minutes ago”."""
    passed = timesince(moment, depth=1)
    return "just now" if passed.startswith("0") else f"{passed} ago"


@register.filter
def result_changed(steps: Sequence[Step]) -> bool:
    """Whether the last step has another result than the one before."""
    return len(steps) > 1 and steps[-1].result != steps[-2].result


@register.filter
def above(number: int, other: int) -> bool:
    """Whether `number` is more than `other`, for an `include` that needs it as a value."""
    return number > other


@dataclass(frozen=True, slots=True)
class Cell:
    """A variable after one step; after step 0 is the start."""

    value: str
    changed: bool
    unset: bool
    """Whether the program has no such name yet."""


@dataclass(frozen=True, slots=True)
class TrackerRow:
    variable: Variable
    cells: tuple[Cell, ...]


@register.simple_tag
def tracker_rows(trace: Trace, position: int) -> tuple[TrackerRow, ...]:
    """The variable tracker from the start to after step `position`."""
    return tuple(TrackerRow(each, cells(each, position)) for each in trace.variables)


def cells(variable: Variable, position: int) -> tuple[Cell, ...]:
    values = variable.values[: position + 1]
    before = values[:1] + values
    return tuple(
        Cell(value, value != old, unset=variable.kind == "program" and value == variable.values[0])
        for value, old in zip(values, before, strict=False)
    )


@register.simple_tag
def first_step(steps: Sequence[Step], rule: str) -> Step | None:
    """The first of `steps` that the lesson's rule made."""
    return next((step for step in steps if step.id == rule), None)


@register.simple_tag
def lanes_of(steps: Sequence[Step]) -> Lanes:
    """The drawing of who did what."""
    return lanes(steps)


@register.simple_tag
def thumbnail_of(flow: Flow) -> Picture:
    """The small picture of a lesson's flow."""
    return thumbnail(flow)


@register.simple_tag
def program_of(lesson: Lesson) -> Listing:
    """The lesson's program, which nobody has run yet."""
    return listing(lesson, lesson.defaults, TraceState())[0]


@register.simple_tag
def lab_settings(lesson: Lesson, run: Run | None) -> str:
    """The lab's settings as they would stand in a project's settings.py."""
    return lesson.settings_text(run.knobs if run else lesson.defaults)


LEARNING_STYLES = (
    "Step by step",
    "Concept flow",
    "Code walk",
    "Timeline",
    "Predict",
    "Break it",
    "Compare",
    "Quiz",
    "Read",
)


@register.simple_tag
def learning_styles() -> tuple[str, ...]:
    """The nine learning styles, in the order of their keys."""
    return LEARNING_STYLES


@register.simple_tag(takes_context=True)
def absolute(context: Context, path: str) -> str:
    """The whole address of a path of the site; of the page itself without one."""
    request: HttpRequest | None = context.get("request")
    return request.build_absolute_uri(path or None) if request else path
