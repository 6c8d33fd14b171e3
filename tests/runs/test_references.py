"""Reference runs, made in real labs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.labs.observed import soon
from tutor.checking.new_lesson import make_lesson
from tutor.labs.host.lab_host import LabHost
from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.loading import load
from tutor.runs import references
from tutor.runs.models import Event, Host, LessonVersion, ReferenceRun, Run
from tutor.runs.reference_maker import ReferenceMaker
from tutor.runs.references import Wanted, delete_run, keep, make, missing, prune, reference

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """The only lesson of the catalogue. It has the cases "default" and "killed"."""
    lesson = load(make_lesson("my-first", tmp_path / "lessons"))
    show(monkeypatch, lesson)
    return lesson


@pytest.fixture
def host(tmp_path: Path) -> Iterator[LabHost]:
    host = LabHost(tmp_path / "labs")
    yield host
    host.close()


@pytest.fixture
def maker(host: LabHost) -> ReferenceMaker:
    return ReferenceMaker(host, 2)


def show(monkeypatch: pytest.MonkeyPatch, *lessons: Lesson) -> None:
    monkeypatch.setattr(catalogue, "lessons", lambda: {lesson.slug: lesson for lesson in lessons})


def names(lessons: list[Lesson], each: int = 2) -> list[tuple[str, int]]:
    return [(wanted.case.name, wanted.number) for wanted in missing(lessons, each)]


def edited(lesson: Lesson) -> Lesson:
    return replace(lesson, why="Another reason.")


def wanted(lesson: Lesson) -> Wanted:
    return Wanted(lesson, lesson.case("default"), 1)


def test_the_lessons_own_runs_are_made_before_those_of_their_other_cases(lesson: Lesson, tmp_path: Path) -> None:
    other = load(make_lesson("another", tmp_path / "more"))
    found = [(wanted.lesson.slug, wanted.case.name) for wanted in missing([lesson, other], 1)]
    own = [("my-first", "default"), ("another", "default")]
    assert found == [*own, ("my-first", "killed"), ("another", "killed")]


def test_after_the_first_ones_a_lesson_gets_all_of_its_runs_before_the_next_one(lesson: Lesson, tmp_path: Path) -> None:
    other = load(make_lesson("another", tmp_path / "more"))
    found = [(wanted.lesson.slug, wanted.number) for wanted in missing([lesson, other], 3)][4:]
    assert found == [(slug, number) for slug in ("my-first", "another") for number in (2, 2, 3, 3)]


def test_each_case_gets_its_runs_the_first_ones_first(lesson: Lesson, maker: ReferenceMaker) -> None:
    assert names([lesson]) == [("default", 1), ("killed", 1), ("default", 2), ("killed", 2)]
    assert maker.make_one()
    assert names([lesson]) == [("killed", 1), ("default", 2), ("killed", 2)]
    while maker.make_one():
        pass
    assert names([lesson]) == []
    run = reference(lesson, "killed", 2)
    assert run
    assert (run.state, run.session, run.version_id) == (Run.State.ENDED, "", lesson.version)
    assert [each["action"] for each in run.interventions] == ["kill"]
    assert run.events.filter(kind="intervened").exists()


def test_none_is_made_while_a_learner_has_a_run(lesson: Lesson, maker: ReferenceMaker) -> None:
    Host.objects.create(name="elsewhere", folder="of another machine")
    run = Run.objects.create(lesson="any", host="elsewhere")
    assert not maker.make_one()
    Run.objects.filter(pk=run.pk).update(state=Run.State.ENDED)
    assert maker.make_one()


def test_none_is_made_without_room(lesson: Lesson, maker: ReferenceMaker, settings: Any) -> None:
    settings.TUTOR_MAX_STORE_MIB = 0
    assert not maker.make_one()


def test_a_case_whose_runs_are_aborted_is_given_up(
    lesson: Lesson, maker: ReferenceMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.labs.host.fork_server_client.PROJECT", Path("/"))
    while maker.make_one():
        pass
    assert dict(maker.attempts) == {(lesson.version, "default"): 3, (lesson.version, "killed"): 3}
    assert not Run.objects.exists()


def test_another_process_that_was_faster_keeps_its_run(lesson: Lesson, host: LabHost) -> None:
    first, is_kept = make(wanted(lesson), host)
    assert is_kept
    assert not make(wanted(lesson), host)[1]
    assert reference(lesson, "default") == first


def test_runs_of_another_version_or_of_other_code_do_not_count(
    lesson: Lesson, host: LabHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(wanted(lesson), host)
    assert reference(edited(lesson), "default") is None
    monkeypatch.setattr(references, "hash_of_code", lambda: "other code")
    assert reference(lesson, "default") is None


def test_an_edited_lesson_loses_the_runs_of_its_earlier_version_and_its_learners_none(
    lesson: Lesson, maker: ReferenceMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker.make_one()
    [run] = Run.objects.all()
    learners = Run.objects.create(lesson=lesson.slug, version=run.version, state=Run.State.ENDED)
    changed = edited(lesson)
    show(monkeypatch, changed)
    maker.make_one()
    assert not Run.objects.filter(pk=run.pk).exists()
    assert not Event.objects.filter(run=run.pk).exists()
    assert Run.objects.get(pk=learners.pk).version_id == lesson.version
    assert reference(changed, "default")


def test_the_version_of_a_lesson_goes_with_its_last_run(lesson: Lesson, host: LabHost) -> None:
    make(wanted(lesson), host)
    prune([edited(lesson)])
    assert not LessonVersion.objects.filter(pk=lesson.version).exists()


def test_a_lesson_with_mistakes_keeps_its_runs_and_a_removed_one_loses_them(
    lesson: Lesson, maker: ReferenceMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker.make_one()
    show(monkeypatch)
    monkeypatch.setattr(catalogue, "problems", lambda: {lesson.slug: ()})
    maker.prune()
    assert ReferenceRun.objects.exists()
    monkeypatch.setattr(catalogue, "problems", dict)
    maker.prune()
    assert not Run.objects.exists()


def test_a_run_that_goes_on_is_not_pruned(lesson: Lesson, host: LabHost) -> None:
    make(wanted(lesson), host)
    Run.objects.update(state=Run.State.RUNNING)
    prune([edited(lesson)])
    assert ReferenceRun.objects.exists()


def test_a_learners_run_can_not_be_deleted() -> None:
    run = Run.objects.create(lesson="any")
    with pytest.raises(TypeError):
        delete_run(run)
    assert not keep(run, wanted(catalogue.get("task-results-and-status")), replace=False)


def test_a_site_that_is_stopped_keeps_no_half_run(lesson: Lesson, maker: ReferenceMaker) -> None:
    maker.start()
    assert soon(lambda: maker.lab is not None, 30)
    maker.stop()
    assert not maker.thread.is_alive()
    assert not Run.objects.exclude(state=Run.State.ENDED).exists()
    assert ReferenceRun.objects.filter(number=None).count() == 0
