from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest

from tests.runs.conftest import SLUG
from tutor.labs.host import LabHost
from tutor.lessons import catalogue
from tutor.runs import line as lines
from tutor.runs import page
from tutor.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def line(tmp_path: Path, settings) -> Iterator[lines.Line]:  # type: ignore[no-untyped-def]
    settings.TUTOR_LABS = tmp_path
    line = lines.Line(LabHost(tmp_path), 2)
    yield line
    line.threads.shutdown(wait=True)
    line.host.close()


def asked(line: lines.Line, **knobs: object) -> Run:
    lesson = catalogue.get(SLUG)
    run = Run.objects.create(lesson=SLUG, knobs={**lesson.defaults, **knobs}, host=line.host.name)
    line.join(run)
    return run


def finish(line: lines.Line) -> None:
    """Wait until everybody in line has had a lab."""
    with line.lock:
        waiting = list(line.waiting.values())
    wait(waiting, timeout=60)
    line.threads.shutdown(wait=True)


def test_ten_runs_at_once_each_have_their_own_values(line: lines.Line) -> None:
    runs = {x: asked(line, x=x) for x in range(1, 11)}
    finish(line)
    for x, run in runs.items():
        moment = page.at_step(Run.objects.get(pk=run.pk), 3)
        assert moment.trace.steps[2].result == f"-{x}.0"
        assert moment.trace.ended
        assert moment.trace.ended.outcome == "finished"
        assert [row["result"] for row in moment.trace.at(3).rows["Task"]["rows"]] == [f"-{x}.0"]  # type: ignore[index]


def test_those_who_wait_have_a_place_in_line(line: lines.Line) -> None:
    gate = threading.Event()
    busy = [line.threads.submit(gate.wait) for _ in range(2)]
    runs = [asked(line) for _ in range(3)]
    assert [lines.place(run) for run in runs] == [1, 2, 3]
    gate.set()
    wait(busy)
    finish(line)
    assert [lines.place(Run.objects.get(pk=run.pk)) for run in runs] == [None] * 3


def test_who_leaves_the_line_never_gets_a_lab_and_is_told_why(line: lines.Line) -> None:
    gate = threading.Event()
    busy = [line.threads.submit(gate.wait) for _ in range(2)]
    first, second = asked(line), asked(line)
    line.leave(first, "A newer run took its place.")
    assert lines.place(second) == 1
    gate.set()
    wait(busy)
    finish(line)
    ended = page.at_step(Run.objects.get(pk=first.pk))
    assert ended.trace.ended
    assert (ended.trace.ended.outcome, ended.trace.ended.reason) == ("stopped", "A newer run took its place.")
    assert page.at_step(Run.objects.get(pk=second.pk)).made == 6


def test_a_lab_that_can_not_start_ends_its_run_with_the_reason(
    line: lines.Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.labs.host.PACKAGE_ROOT", Path("/"))
    run = asked(line)
    finish(line)
    moment = page.at_step(Run.objects.get(pk=run.pk))
    assert moment.made == 0
    assert moment.trace.ended
    assert "could not start" in moment.trace.ended.reason
    assert "Try again" in moment.walk_nav()
