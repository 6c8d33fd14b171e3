from __future__ import annotations

from hypothesis import given

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, asked, lesson, trace_of
from tests.trace.life import acknowledged, by, died, finished, picked, queued, read, started, stored
from tutor.trace.projector import project

LIFE = [queued(), picked(), started(), finished(), stored(), acknowledged()]


def messages(*events: MadeUpEvent) -> list[tuple[str, int | None, int, int]]:
    """The hand-overs: kind, delivery, and the numbers of the events at both ends."""
    found = trace_of([asked(), *events]).histories.messages
    return [(each.kind, each.delivery, each.sent.number, each.received.number) for each in found]


def test_a_task_goes_to_the_pusher_to_a_worker_and_to_the_monitor() -> None:
    assert messages(*LIFE) == [("queued", 1, 2, 3), ("given", 1, 3, 4), ("result", 1, 5, 6)]


def test_the_processes_of_a_message_are_those_of_its_events() -> None:
    found = trace_of([asked(), *LIFE]).histories.messages
    assert [(each.sent.lane, each.received.lane) for each in found] == [
        ("caller", "pusher"),
        ("pusher", "worker"),
        ("worker", "monitor"),
    ]


def test_each_delivery_is_given_by_its_own() -> None:
    both = [queued(), picked(), picked(delivery=2), by(83, started(delivery=2)), started()]
    assert [each for each in messages(*both) if each[0] == "given"] == [("given", 2, 4, 5), ("given", 1, 3, 6)]


def test_a_second_success_is_handed_over_with_its_acknowledgement() -> None:
    second = [by(83, started(delivery=2)), by(83, finished(delivery=2)), acknowledged(delivery=2)]
    assert messages(*LIFE, *second)[-1] == ("result", 2, 9, 10)


def test_a_process_that_reads_a_row_has_it_from_who_saved_it() -> None:
    assert messages(queued(), stored(), read(("t1", 1))) == [("read", 1, 3, 4)]


def test_what_was_read_is_the_row_after_that_attempt() -> None:
    twice = [stored(success=False), stored(delivery=2, attempt_count=2)]
    assert messages(*twice, read(("t1", 1))) == [("read", 1, 2, 4)]
    assert messages(*twice, read(("t1", 1), ("t1", 2))) == [("read", 1, 2, 4), ("read", 2, 3, 4)]


def test_several_rows_that_are_read_at_once_are_several_messages() -> None:
    assert messages(stored("t1"), stored("t2"), read(("t1", 1), ("t2", 1))) == [("read", 1, 2, 4), ("read", 1, 3, 4)]


def test_nothing_is_handed_over_within_a_process() -> None:
    here = [started("t1", None, "caller"), finished("t1", None, "caller"), stored("t1", None, "caller")]
    assert messages(*here, read(("t1", 1))) == []


def test_an_end_that_was_not_seen_makes_no_message() -> None:
    assert messages(picked(), queued()) == []
    assert messages(queued(), started(), stored(), read(("t2", 1))) == []


def test_the_next_monitor_has_the_results_that_the_dead_one_did_not_take() -> None:
    assert messages(started(), finished(), died(74, "monitor"), by(84, stored())) == [("result", 1, 3, 5)]


@given(RUNS)
def test_a_message_comes_after_it_was_sent_and_to_another_process(events: list[MadeUpEvent]) -> None:
    for each in project(lesson(), events).histories.messages:
        assert each.sent.number < each.received.number
        assert each.sent.pid != each.received.pid
