"""The lessons of the first edition, as they were when its runs were recorded."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson

EDITIONS = Path(__file__).parents[2] / "tutor/lessons/editions"
FROZEN = sorted(EDITIONS.glob("*.json"))


def test_all_lessons_of_the_first_edition_are_kept() -> None:
    slugs = [json.loads(path.read_text(encoding="utf-8"))["slug"] for path in FROZEN]
    assert len(slugs) == len(set(slugs)) == 22


@pytest.mark.parametrize("path", FROZEN, ids=lambda path: path.stem)
def test_a_kept_lesson_is_the_one_that_its_name_says(path: Path) -> None:
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:16] == path.stem


@pytest.mark.parametrize("path", FROZEN, ids=lambda path: path.stem)
def test_a_kept_lesson_is_whole(path: Path) -> None:
    lesson = json.loads(path.read_text(encoding="utf-8"))
    assert lesson["source"]["text"]
    assert lesson["claims"]
    # A common step that a lesson uses is written out.
    assert all(step["id"] and step["on"]["event"] and step["action"] for step in lesson["steps"])


def test_the_hash_of_a_lesson_that_is_unchanged_is_that_of_the_first_edition(first_lesson: Lesson) -> None:
    assert first_lesson.edition in {path.stem for path in FROZEN}
    assert first_lesson.document() == (EDITIONS / f"{first_lesson.edition}.json").read_bytes()


@pytest.mark.parametrize("slug", catalogue.lessons())
def test_a_lesson_of_today_has_the_keys_of_the_first_edition_in_their_order(slug: str) -> None:
    kept = json.loads(FROZEN[0].read_text(encoding="utf-8"))
    assert list(json.loads(catalogue.get(slug).document())) == list(kept)
