"""Versions of lessons: a document is the whole lesson, and a lesson is what its document says."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.lessons.upgrades import SCHEMA
from tutor.lessons.versions import lesson_of


@pytest.mark.parametrize("slug", catalogue.lessons())
def test_a_lesson_made_from_its_document_is_that_lesson_without_its_claims(slug: str) -> None:
    lesson = catalogue.get(slug)
    again = lesson_of(lesson.document())
    assert again == replace(lesson, claims=(), unmarked=())
    assert again.document() == lesson.document()
    assert again.version == lesson.version


def test_a_lesson_with_another_text_is_another_version(first_lesson: Lesson) -> None:
    other = replace(first_lesson, why=f"{first_lesson.why} And more.")
    assert other.version != first_lesson.version


def test_a_text_that_no_author_may_write_today_can_still_be_read(first_lesson: Lesson) -> None:
    values = json.loads(first_lesson.document())
    values["content"]["title"] = ""
    values["content"]["steps"][0]["on"]["event"] = "of another day"
    content = lesson_of(json.dumps(values).encode()).content
    assert (content.title, content.steps[0].on.event) == ("", "of another day")


def test_a_key_that_was_added_later_has_its_default(first_lesson: Lesson) -> None:
    values = json.loads(first_lesson.document())
    del values["content"]["practice"]
    assert lesson_of(json.dumps(values).encode()).content.practice == ""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"banana": 1}, "unknown fields of LessonFile: banana"),
        ({"title": None}, "missing fields of LessonFile: title"),
    ],
)
def test_keys_that_the_schema_does_not_have_or_lacks_are_an_error(
    first_lesson: Lesson, change: dict[str, object], message: str
) -> None:
    values = json.loads(first_lesson.document())
    content = {**values["content"], **change}
    values["content"] = {key: value for key, value in content.items() if key not in change or value is not None}
    with pytest.raises(ValueError, match=message):
        lesson_of(json.dumps(values).encode())


def test_a_document_of_an_unknown_schema_is_an_error(first_lesson: Lesson) -> None:
    values = {**json.loads(first_lesson.document()), "schema": SCHEMA + 1}
    with pytest.raises(ValueError, match=f"unknown schema {SCHEMA + 1} of a lesson"):
        lesson_of(json.dumps(values).encode())
