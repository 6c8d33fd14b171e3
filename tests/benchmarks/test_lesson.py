"""The lesson that benchmarks measure doesn't depend on the lessons that the environment adds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.benchmarks.lesson import default_spec, failing_knobs, measured_lesson, waiting_line
from tutor.checking.new_lesson import make_lesson
from tutor.lessons import catalogue


def test_the_first_lesson_of_the_site_is_measured() -> None:
    lesson = measured_lesson()
    assert lesson.slug == next(iter(catalogue.lessons()))
    line = waiting_line(default_spec(lesson))
    assert line
    assert lesson.program_text().splitlines()[line - 1] == "from django_q.models import Task"
    assert failing_knobs(lesson)["function"] == "math.fmod"


def test_a_lesson_that_the_environment_adds_is_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = make_lesson("before-all-others", tmp_path) / "lesson.toml"
    file.write_text(file.read_text().replace("order = 1000", "order = -1"))
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path))
    measured_lesson.cache_clear()
    assert next(iter(catalogue.lessons())) == "before-all-others"
    assert measured_lesson().slug != "before-all-others"
