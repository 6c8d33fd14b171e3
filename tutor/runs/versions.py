"""The versions of lessons that runs execute: each is stored once, and a run is always shown with its own."""

from __future__ import annotations

import zlib
from functools import lru_cache

from tutor.lessons import versions
from tutor.lessons.lesson import Lesson
from tutor.lessons.unknown_version import lesson_of_unknown_version
from tutor.lessons.upgrades import SCHEMA

from .models import LessonVersion, Run


def version_of(lesson: Lesson) -> LessonVersion:
    """Return the stored version of `lesson`; store it if there is none. Its document is loaded only when it is used."""
    version, _ = LessonVersion.objects.defer("document").get_or_create(
        pk=lesson.version,
        defaults={"slug": lesson.slug, "schema": SCHEMA, "document": zlib.compress(lesson.document())},
    )
    return version


def lesson_of(run: Run) -> Lesson:
    """Return the lesson as it was when `run` was requested.

    If that version isn't stored, the lesson has the program that the run recorded, and the steps of all lessons.
    """
    if run.version_id is None:
        return lesson_of_unknown_version(run.lesson, recorded_program(run))
    return stored_lesson(run.version_id)


@lru_cache(maxsize=64)
def stored_lesson(version: str) -> Lesson:
    """Return the lesson of the stored version with this hash."""
    return versions.lesson_of(zlib.decompress(LessonVersion.objects.get(pk=version).document))


def recorded_program(run: Run) -> str:
    """Return the text of the program that `run` executed; "" for a run that ended before it asked for a lab."""
    return run.events.filter(kind="asked").values_list("payload__program", flat=True).first() or ""
