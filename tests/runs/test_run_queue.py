from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.labs.observed import soon
from tests.recording import SLUG
from tutor.labs.host.lab_host import Lab, LabHost
from tutor.lessons import catalogue
from tutor.runs import run_queue as lines
from tutor.runs.models import Run
from tutor.styles import moment as page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def line(tmp_path: Path, settings) -> Iterator[lines.Line]:  # type: ignore[no-untyped-def]
    settings.TUTOR_LABS = tmp_path
    """With two labs; nobody has a turn before it is told to start."""
    line = lines.Line(LabHost(tmp_path), 2)
    yield line
    line.host.close()


def asked(line: lines.Line, **knobs: object) -> Run:
    lesson = catalogue.get(SLUG)
    run = Run.objects.create(lesson=SLUG, knobs={**lesson.defaults, **knobs}, host=line.host.name)
    line.join(run)
    return run


def work_off(line: lines.Line) -> None:
    """Let everybody in line have a lab."""
    line.start()
    line.finish()


def test_ten_runs_at_once_each_have_their_own_values(line: lines.Line) -> None:
    runs = {x: asked(line, x=x) for x in range(1, 11)}
    work_off(line)
    for x, run in runs.items():
        moment = page.at_step(Run.objects.get(pk=run.pk), 3)
        assert moment.trace.steps[2].result == f"-{x}.0"
        assert moment.trace.ended
        assert moment.trace.ended.outcome == "finished"
        assert [row["result"] for row in moment.trace.at(3).rows["Task"]["rows"]] == [f"-{x}.0"]  # type: ignore[index]


def test_those_who_wait_have_a_place_in_line(line: lines.Line) -> None:
    runs = [asked(line) for _ in range(3)]
    assert [lines.place(run) for run in runs] == [1, 2, 3]
    work_off(line)
    assert [lines.place(Run.objects.get(pk=run.pk)) for run in runs] == [None] * 3


def test_who_leaves_the_line_never_gets_a_lab_and_is_told_why(line: lines.Line) -> None:
    first, second = asked(line), asked(line)
    line.leave(first, "A newer run took its place.")
    assert lines.place(second) == 1
    work_off(line)
    assert ending(first) == ("stopped", "A newer run took its place.")
    assert page.at_step(Run.objects.get(pk=second.pk)).made == 6


def test_who_leaves_while_its_lab_starts_is_stopped_as_soon_as_that_is_there(
    line: lines.Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked(line, function="math.fmod", x=1, y=0)
    open_lab = line.host.open

    def open_and_leave(*spec: object) -> Lab:
        line.leave(run, "A newer run took its place.")
        return open_lab(*spec)  # type: ignore[arg-type]

    monkeypatch.setattr(line.host, "open", open_and_leave)
    work_off(line)
    assert ending(run) == ("stopped", "A newer run took its place.")


def test_a_line_that_is_closed_ends_every_run_with_the_reason(line: lines.Line) -> None:
    at_work = [asked(line, function="math.fmod", x=1, y=0) for _ in range(2)]
    waiting = asked(line)
    line.start()
    assert soon(lambda: all(Run.objects.get(pk=run.pk).events.filter(kind="stored").exists() for run in at_work), 30)
    line.close()
    for run in (*at_work, waiting):
        assert ending(run) == ("stopped", "The site was stopped.")
    assert page.at_step(Run.objects.get(pk=waiting.pk)).made == 0


def ending(run: Run) -> tuple[str, str] | None:
    ended = page.at_step(Run.objects.get(pk=run.pk)).trace.ended
    return (ended.outcome, ended.reason) if ended else None


def test_a_lab_that_can_not_start_ends_its_run_with_the_reason(
    line: lines.Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.labs.host.lab_host.PACKAGE_ROOT", Path("/"))
    run = asked(line)
    work_off(line)
    moment = page.at_step(Run.objects.get(pk=run.pk))
    assert moment.made == 0
    assert moment.trace.ended
    assert "could not start" in moment.trace.ended.reason
    assert "Try again" in moment.walk_nav()
