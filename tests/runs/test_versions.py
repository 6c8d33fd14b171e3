from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.recording import SLUG
from tutor.lessons import catalogue
from tutor.protocol.lanes import Lane
from tutor.runs.event_store import end_run
from tutor.runs.models import Event, LessonVersion, Run
from tutor.runs.recorder import Recorder
from tutor.runs.versions import lesson_of, version_of

pytestmark = pytest.mark.django_db
LESSON = catalogue.get(SLUG)


def test_a_version_is_stored_once_and_compressed(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    version = version_of(LESSON)
    assert (version.pk, version.slug) == (LESSON.version, SLUG)
    assert zlib.decompress(version.document) == LESSON.document()
    with django_assert_num_queries(1):
        assert version_of(LESSON) == version


def test_another_text_is_another_version() -> None:
    other = replace(LESSON, why="Another reason.")
    assert version_of(other) != version_of(LESSON)
    assert LessonVersion.objects.filter(slug=SLUG, pk__in=[LESSON.version, other.version]).count() == 2


def test_a_run_has_the_lesson_of_its_version_whatever_the_catalogue_has(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    other = replace(LESSON, why="A reason of yesterday.")
    run = Run.objects.create(lesson=SLUG, version=version_of(other))
    assert lesson_of(run).why == "A reason of yesterday."
    with django_assert_num_queries(0):
        assert lesson_of(Run.objects.model(version=run.version)) is lesson_of(run)


def test_the_first_event_of_a_run_names_its_version() -> None:
    run = Run.objects.create(lesson=SLUG, version=version_of(LESSON))
    Recorder(run).ask(SLUG, LESSON.version, program="")
    assert run.events.get().payload["version"] == run.version_id


def test_the_lesson_of_an_unknown_version_has_the_recorded_program() -> None:
    run = Run.objects.create(lesson="of-old")
    program = "answer = 42\n"
    Event.objects.create(run=run, number=1, kind="asked", lane=Lane.HOST, pid=1, at=0, payload={"program": program})
    lesson = lesson_of(run)
    assert (lesson.slug, lesson.content.title, lesson.program_text()) == ("of-old", "of-old", program)


def test_the_program_of_an_unknown_version_is_empty_if_the_run_never_asked_for_a_lab() -> None:
    run = Run.objects.create(lesson="of-old")
    end_run(run, "stopped", "A newer run took its place.")
    assert lesson_of(run).program_text() == ""
