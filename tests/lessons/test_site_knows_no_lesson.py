"""The site knows the format of lessons, and no lesson in particular."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.common_steps import common_steps

ROOT = Path(__file__).parents[2]
LONG = 20
"""Letters from which on a text can't be there by chance."""


@cache
def site() -> dict[str, str]:
    """The site's own Python, templates and JavaScript: path → text in small letters, white space as one space."""
    files = [
        *(each for each in (ROOT / "tutor").rglob("*.py") if not each.is_relative_to(catalogue.CONTENT)),
        *(ROOT / "templates").rglob("*.*"),
        *(path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts),
    ]
    return {str(each.relative_to(ROOT)): squeezed(each.read_text(encoding="utf-8")) for each in files}


def squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def said_by(lesson: Lesson) -> Iterator[str]:
    """Yield the lesson's own words."""
    common = {step["action"] for step in common_steps().values()}
    content = lesson.content
    yield from (content.title, content.summary, content.summary_text, content.able)
    yield from (content.practice, content.closing, content.truth)
    yield from (step.action for step in content.steps if step.action not in common)
    yield from (node.label for node in content.flow.nodes)
    yield from (moment.question for moment in content.key_moments)
    yield from (question.question for question in content.questions)
    yield from (point.text for point in content.snapshot)
    yield from (case.title for case in content.cases)


def places(pattern: str) -> list[str]:
    return [path for path, text in site().items() if re.search(pattern, text)]


@pytest.mark.parametrize("slug", catalogue.lessons())
def test_no_slug_stands_in_the_site(slug: str) -> None:
    # A slug of one word may be the name of something else, but neither a text nor a part of an address.
    word = rf"(?<![\w-]){re.escape(slug)}(?![\w-])"
    assert places(word if "-" in slug else rf"[\"'/]{re.escape(slug)}[\"'/]") == []


@pytest.mark.parametrize("slug", catalogue.lessons())
def test_no_words_of_a_lesson_stand_in_the_site(slug: str) -> None:
    for text in said_by(catalogue.get(slug)):
        if len(text) > LONG or text == catalogue.get(slug).content.title:
            assert places(re.escape(squeezed(text))) == [], text


def test_the_files_of_the_site_are_searched() -> None:
    assert {"tutor/pages/lesson.py", "templates/base.html", "static/styles/parts/walk.js"} <= set(site())
    assert places("see what a background task really does")
