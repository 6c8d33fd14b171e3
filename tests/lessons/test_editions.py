"""The lessons of the first edition, as they were when its runs were recorded."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

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
