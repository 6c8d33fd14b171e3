"""A check uses the site's reference runs, and makes those that are missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.checking.case_runs import CaseRunner
from tutor.checking.new_lesson import make_lesson
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.loading import load
from tutor.runs.models import Run
from tutor.runs.references import reference, references

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_lesson("my-first", tmp_path)


@pytest.fixture
def lesson(folder: Path) -> Lesson:
    return load(folder)


def test_runs_that_are_there_are_used_and_not_made_again(
    lesson: Lesson, runner: CaseRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = runner.runs([lesson])
    assert set(references(lesson)) == {case.name for case in lesson.cases}
    monkeypatch.setattr(runner, "host", None)
    again = runner.runs([lesson])
    assert {key: run.trace for key, run in again.items()} == {key: run.trace for key, run in made.items()}


def test_refreshed_runs_replace_those_that_are_there(lesson: Lesson, runner: CaseRunner) -> None:
    runner.runs([lesson])
    before = references(lesson)
    runner.runs([lesson], refresh=True)
    after = references(lesson)
    assert set(after) == set(before)
    assert not set(after.values()) & set(before.values())
    assert set(Run.objects.all()) == set(after.values())


def test_a_changed_lesson_has_runs_of_its_own_and_the_earlier_ones_are_deleted(
    folder: Path, lesson: Lesson, runner: CaseRunner
) -> None:
    runner.runs([lesson])
    (folder / "why.md").write_text("Another reason.\n")
    changed = load(folder)
    runner.runs([changed])
    assert not references(lesson)
    assert set(Run.objects.values_list("version", flat=True)) == {changed.version}


def test_an_aborted_run_is_checked_but_not_kept(lesson: Lesson, folder: Path, runner: CaseRunner) -> None:
    program = folder / "program.py"
    program.write_text(f"{program.read_text()}import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n")
    broken = load(folder)
    runs = runner.runs([broken])
    ended = runs["my-first", "default"].trace.ended
    assert ended and ended.outcome == "lost"
    assert reference(broken, "default") is None
    assert not Run.objects.exists()
