"""The lessons of the first edition, as they were when its runs were recorded, can be read today."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import tutor
from tutor.lessons.upgrades import SCHEMA, UPGRADES, upgraded
from tutor.lessons.versions import lesson_of
from tutor.trace.projector import project

FROZEN = sorted((Path(tutor.__path__[0]) / "runs/migrations/first_edition").glob("*.json"))


def test_all_lessons_of_the_first_edition_are_kept() -> None:
    slugs = [json.loads(path.read_text(encoding="utf-8"))["slug"] for path in FROZEN]
    assert len(slugs) == len(set(slugs)) == 22


@pytest.mark.parametrize("path", FROZEN, ids=lambda path: path.stem)
def test_a_kept_lesson_is_the_one_that_its_name_says(path: Path) -> None:
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:16] == path.stem


@pytest.mark.parametrize("path", FROZEN, ids=lambda path: path.stem)
def test_a_kept_lesson_becomes_a_lesson_with_all_that_it_says(path: Path) -> None:
    kept, lesson = json.loads(path.read_text(encoding="utf-8")), lesson_of(path.read_bytes())
    assert lesson.slug == kept["slug"]
    assert lesson.content.title == kept["title"]
    assert lesson.program_text() == kept["source"]["text"]
    assert [step.id for step in lesson.content.steps] == [step["id"] for step in kept["steps"]]
    assert [question.question for question in lesson.content.quiz] == [each["question"] for each in kept["quiz"]]
    assert (lesson.why, lesson.inside) == (kept["why"], kept["inside"])
    assert project(lesson, ()).start.variables.keys() == {each["name"] for each in kept["variables"]}


def test_a_document_of_each_schema_is_upgraded_to_the_current_one() -> None:
    kept = json.loads(FROZEN[0].read_text(encoding="utf-8"))
    assert list(UPGRADES) == list(range(1, SCHEMA))
    assert upgraded(kept)["schema"] == SCHEMA
    assert upgraded(upgraded(kept)) == upgraded(kept)
