from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from tests.recording import Recording
from tutor.runs.models import Run
from tutor.runs.versions import lesson_of
from tutor.styles import rendering, replay
from tutor.styles.moment import at_step
from tutor.styles.rendering import fragments
from tutor.styles.replay import Replay, trace_of
from tutor.trace.model import Trace
from tutor.trace.projector import Projector, project


def look(run: Run) -> Trace:
    return trace_of(lesson_of(run), run)


@pytest.mark.django_db
def test_after_each_event_a_run_that_was_followed_equals_one_that_is_replayed(recording: Recording) -> None:
    run = recording.run
    while recording.rest:
        kind = recording.rest[0].kind
        recording.go_on(lambda seen, kind=kind: seen.kind == kind)
        followed = look(run)
        assert followed == project(lesson_of(run), run.events.order_by("number"))
        live = fragments(at_step(run, len(followed.steps)))
        replay.replays.clear()
        rendering.clear()
        assert fragments(at_step(run, len(followed.steps))) == live


@pytest.mark.django_db
def test_each_event_is_projected_once(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    added: list[int] = []
    add = Projector.add
    monkeypatch.setattr(Projector, "add", lambda self, event: (added.append(event.number), add(self, event)))
    while recording.rest:
        kind = recording.rest[0].kind
        recording.go_on(lambda seen, kind=kind: seen.kind == kind)
        look(recording.run)
        look(recording.run)
    assert added == list(range(1, recording.run.events.count() + 1))


@pytest.mark.django_db
def test_a_look_at_a_live_run_is_one_query_and_at_a_finished_one_none(recording: Recording) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    trace = look(recording.run)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert look(recording.run) is trace
    assert len(queries) == 1
    recording.go_on()
    finished = look(recording.run)
    with CaptureQueriesContext(connection) as queries:
        assert look(recording.run) is finished
    assert len(queries) == 0


@pytest.mark.django_db
def test_an_error_in_the_middle_of_a_look_loses_no_event(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    recording.go_on()
    run, add = recording.run, Projector.add

    def fail_once(self: Projector, event: object) -> None:
        add(self, event)  # type: ignore[arg-type]
        monkeypatch.setattr(Projector, "add", add)
        raise MemoryError

    monkeypatch.setattr(Projector, "add", fail_once)
    with pytest.raises(MemoryError):
        look(run)
    assert look(run) == project(lesson_of(run), run.events.order_by("number"))


@pytest.mark.django_db(transaction=True)
def test_many_threads_get_the_same_trace(recording: Recording) -> None:
    def look_and_disconnect(_: int) -> Trace:
        trace = look(recording.run)
        connections.close_all()
        return trace

    recording.go_on()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(look_and_disconnect, range(32)))
    assert {id(each) for each in found} == {id(look(recording.run))}


@pytest.mark.django_db
def test_the_replays_of_a_process_are_bounded_in_bytes(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    recording.go_on()
    look(recording.run)
    size = replay.replays.bytes
    assert size > 0
    monkeypatch.setattr(replay.replays, "max_bytes", 2 * size)
    for number in range(4):
        replay.replays.put(number, Replay(lesson_of(recording.run), number), size)
    assert replay.replays.bytes == 2 * size
    assert look(recording.run).ended
