"""The largest lesson that can be read is not too large for a lab."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.checking.case_runs import CaseRunner
from tutor.checking.new_lesson import make_lesson
from tutor.lessons.errors import LessonError
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.lab_size import LARGEST
from tutor.lessons.reading.loading import load
from tutor.protocol.limits import DATAGRAM_BYTES

pytestmark = pytest.mark.django_db(transaction=True)
REST = 4096
"""Bytes of a message for folders' names, gates, interventions and limits."""


def grown(path: Path, loads: Callable[[], Lesson]) -> Lesson:
    """The lesson with a comment in the file at `path` that makes it as large as possible."""
    text = path.read_text()
    few, many = 0, LARGEST
    while many - few > 1:
        middle = (few + many) // 2
        path.write_text(f"{text}# {'x' * middle}\n")
        try:
            loads()
            few = middle
        except LessonError:
            many = middle
    path.write_text(f"{text}# {'x' * few}\n")
    return loads()


@pytest.mark.parametrize("name", ["program.py", "tasks.py"])
def test_the_largest_lesson_that_loads_runs(name: str, runner: CaseRunner, tmp_path: Path) -> None:
    folder = make_lesson("my-first", tmp_path)
    lesson = grown(folder / name, lambda: load(folder))
    assert LARGEST - 1000 < len((folder / name).read_bytes()) <= LARGEST
    for case in lesson.content.cases:
        ended = runner.run(lesson, case).trace.ended
        assert ended
        assert ended.outcome == "finished", ended.reason


def test_a_message_has_room_for_the_largest_lesson() -> None:
    assert LARGEST + REST <= DATAGRAM_BYTES
