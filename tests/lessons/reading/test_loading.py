"""A lesson loads whole, or every mistake in it is named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.conftest import Folder
from tutor.lessons.errors import LessonError
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.loading import load


def test_a_lesson_without_mistakes_loads(folder: Folder) -> None:
    lesson = load(folder.path)
    assert lesson.slug == "slow-count"
    assert lesson.content.title == "Counting slowly"


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="nowhere/lesson.toml:1: the folder doesn't exist"):
        load(tmp_path / "nowhere")


def test_a_lessons_own_package_goes_with_it(slow_count: Lesson) -> None:
    assert slow_count.apps == ("counting",)
    assert set(slow_count.files) == {"counting/__init__.py", "counting/tasks.py"}
    assert slow_count.content.steps[2].on.when.where == {"file": "counting/tasks.py", "ran": 7}


def test_all_mistakes_are_named_at_once(folder: Folder) -> None:
    folder.change('node = "count"', 'node = "counter"')
    folder.change('step = "counted"', 'step = "count"')
    folder.change("default = 6", "default = 9")
    folder.change("retry = 8", 'retry = "{again}"', file="settings.toml")
    messages = {each.partition(": ")[2].partition(" (")[0] for each in folder.mistakes()}
    assert messages >= {
        'unknown node "counter"',
        'unknown step "count"',
        "the default 9 isn't a whole number from 1 to 8",
        'unknown knob "again"',
    }
