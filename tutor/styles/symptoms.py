"""The pictures of lessons' symptoms, drawn from the site's own runs: each once for everyone who looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tutor.lessons.lesson import Lesson
from tutor.runs.models import Run
from tutor.runs.references import own_runs
from tutor.trace.symptom_lanes import symptom_of

from .byte_cache import ByteCache
from .drawing.symptom import draw_symptom
from .drawing.symptom_shapes import SymptomPicture

MAX_BYTES = 4 * 2**20
"""The bytes of the pictures that a process keeps."""
pictures: ByteCache[SafeString] = ByteCache(MAX_BYTES)
"""(version of a lesson, run) → its picture as SVG."""


def symptoms_of(lessons: Iterable[Lesson]) -> Mapping[str, SafeString]:
    """Return slug → picture, for those of `lessons` that have a reference run and a symptom."""
    known = {lesson.slug: lesson for lesson in lessons}
    runs = own_runs(known.values())
    return {slug: svg_of(known[slug], run) for slug, run in runs.items() if known[slug].content.symptom}


def svg_of(lesson: Lesson, run: Run) -> SafeString:
    """Return the picture of `run`, which has ended, as SVG."""
    return pictures.get_or_set(
        (lesson.version, run.pk),
        lambda: render_to_string("styles/symptom.html", {"picture": picture_of(lesson, run)}),
    )


def picture_of(lesson: Lesson, run: Run) -> SymptomPicture | None:
    """Return the picture of `run`; None if `lesson` declares no symptom."""
    symptom = symptom_of(lesson, list(run.events.order_by("number")))
    return draw_symptom(symptom) if symptom else None
