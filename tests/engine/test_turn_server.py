"""The turn server of a lab host, with a worker that is a thread of the test, and real labs."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connections

from tests.labs.observed import soon
from tests.recording import SLUG
from tutor.engine import turn_server
from tutor.engine.turn_server import TurnServer
from tutor.engine.worker_link import WorkerLink
from tutor.labs.host.lab_host import LabHost, LabOpener, LabUnavailable
from tutor.lessons import catalogue
from tutor.protocol import wire
from tutor.runs.execution import execute, lab_spec
from tutor.runs.models import Event, Host, Run
from tutor.runs.reaper import ENDED
from tutor.runs.turns import Turns
from tutor.runs.versions import lesson_of, version_of

pytestmark = pytest.mark.django_db(transaction=True)
FAILING = {"function": "math.fmod", "x": 1, "y": 0}
"""Knobs whose task fails and comes again, so that its run lasts for seconds."""


@dataclass
class Place:
    """A lab host without workers."""

    host: LabHost
    turns: Turns
    link: WorkerLink
    """That of the test."""

    def opener(self) -> LabOpener:
        return LabOpener(self.host.folder, self.link)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    host = LabHost(tmp_path)
    Host.objects.create(name=host.name, folder="any")
    turns, (door, theirs) = Turns(host.name), wire.pair()
    TurnServer(door, host, turns).start()
    with theirs:
        place = Place(host, turns, WorkerLink(theirs))
        yield place
        place.link.connection.shutdown(2)
        assert soon(lambda: not turns.running, 30)
    host.close()


def stored(**knobs: object) -> Run:
    lesson = catalogue.get(SLUG)
    return Run.objects.create(lesson=SLUG, version=version_of(lesson), knobs={**lesson.defaults, **knobs})


def ending(run: Run) -> tuple[str, str] | None:
    ended = Event.objects.filter(run=run, kind="ended").first()
    return (ended.payload["outcome"], ended.payload["reason"]) if ended else None


def test_a_worker_without_a_waiting_run_has_no_turn(place: Place) -> None:
    assert place.link.turn() is None


def test_a_worker_executes_the_run_whose_turn_it_is_in_labs_of_the_host(place: Place) -> None:
    runs = [stored(), stored()]
    for run in runs:
        assert place.link.turn() == run.pk
        run.refresh_from_db()
        assert (run.host, run.state) == (place.host.name, Run.State.RUNNING)
        execute(run, lesson_of(run), place.opener(), opened=place.link.current.opened)
        place.link.over()
        assert ending(run) == ("finished", "")
    assert place.link.turn() is None
    assert not place.turns.running
    assert not (place.host.folder / runs[0].public_id).exists()


def in_a_thread(place: Place, run: Run) -> threading.Thread:
    """Execute `run` as a worker does, in a thread; return when its task has started."""

    def work() -> None:
        execute(run, lesson_of(run), place.opener(), opened=place.link.current.opened)
        place.link.over()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    assert soon(lambda: Event.objects.filter(run=run, kind="stored").exists(), 30)
    return thread


def test_a_run_that_is_cancelled_is_stopped_in_its_worker(place: Place) -> None:
    run = stored(**FAILING)
    assert place.link.turn() == run.pk
    run.refresh_from_db()
    working = in_a_thread(place, run)
    place.turns.cancel(run, "Enough.")
    working.join(30)
    assert ending(run) == ("stopped", "Enough.")


def test_the_lab_of_a_worker_that_has_ended_is_ended_and_so_is_its_run(place: Place) -> None:
    run = stored(**FAILING)
    assert place.link.turn() == run.pk
    run.refresh_from_db()
    lab = place.opener().open(lab_spec(lesson_of(run), run.knobs), run.public_id)
    place.link.connection.shutdown(2)
    assert soon(lambda: ending(run) is not None, 30)
    assert ending(run) == ("lost", ENDED)
    assert soon(lambda: not lab.folder.exists(), 30)


def test_a_worker_that_does_not_end_its_lab_in_time_is_killed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn_server, "BOUND_S", 0.5)
    run = stored(**FAILING)
    door, theirs = wire.pair()
    with subprocess.Popen(["sleep", "60"]) as hanging, door, theirs:
        monkeypatch.setattr("tutor.engine.worker_link.os.getpid", lambda: hanging.pid)
        TurnServer(door, place.host, place.turns).start()
        link = WorkerLink(theirs)
        assert link.turn() == run.pk
        lab = LabOpener(place.host.folder, link).open(lab_spec(lesson_of(run), run.knobs), run.public_id)
        assert hanging.wait(30) == -signal.SIGKILL
        assert soon(lambda: ending(run) == ("lost", ENDED), 30)
        assert soon(lambda: not lab.folder.exists(), 30)
        link.connection.shutdown(2)


def test_a_lab_that_can_not_start_is_refused_with_the_reason(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.labs.host.fork_server_client.PROJECT", Path("/"))
    run = stored()
    assert place.link.turn() == run.pk
    with pytest.raises(LabUnavailable):
        place.opener().open(lab_spec(lesson_of(run), run.knobs), run.public_id)
    place.link.over()
    assert soon(lambda: ending(run) is not None, 30)
