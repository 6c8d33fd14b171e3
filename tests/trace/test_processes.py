from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.observations import CALLER
from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, asked, event, lesson, trace_of
from tests.trace.life import by, died, gate, picked, queued, started
from tutor.trace.histories import Process
from tutor.trace.processes import Processes, letter_of
from tutor.trace.projector import project


def processes(*events: MadeUpEvent) -> list[Process]:
    return list(trace_of([asked(), *events]).processes)


def spawned(pid: int) -> MadeUpEvent:
    return by(pid, event("spawned", "worker"))


def test_the_host_is_no_process_of_the_lab() -> None:
    assert [(each.role, each.pid, each.letter) for each in processes(queued(), started(), queued())] == [
        ("caller", 71, ""),
        ("worker", 73, "A"),
    ]


def test_a_process_is_seen_from_its_first_event_to_its_last() -> None:
    caller, pusher = processes(queued(), picked(), queued("t2"))
    assert (caller.first_ms, caller.last_ms) == (2.0, 4.0)
    assert (pusher.first_ms, pusher.last_ms) == (3.0, 3.0)


def test_workers_have_letters_in_the_order_in_which_they_appear() -> None:
    assert [each.label for each in processes(spawned(90), spawned(80), queued(), spawned(70))] == [
        "worker A",
        "worker B",
        "caller",
        "worker C",
    ]


def test_one_worker_alone_has_a_letter_too() -> None:
    """Another one may come, and earlier rows never change."""
    assert trace_of([asked(), queued(), started()]).steps[1].process_label == "worker A"


def test_a_replaced_worker_has_the_next_letter() -> None:
    first, _, second = processes(spawned(90), died(90), spawned(91))
    assert (first.label, first.died, second.label, second.died) == ("worker A", "SIGKILL", "worker B", "")


def test_a_dead_process_says_when_and_how_it_died() -> None:
    (worker, _) = processes(spawned(90), died(90, signal=None, exitcode=3))
    assert (worker.died, worker.died_ms, worker.last_ms) == ("exit code 3", 3.0, 2.0)


def test_the_death_of_a_process_that_was_not_seen_makes_none() -> None:
    assert [each.role for each in processes(died(90))] == ["sentinel"]


def test_a_pid_that_comes_again_in_another_role_is_another_process() -> None:
    assert [each.label for each in processes(by(90, queued()), spawned(90))] == ["caller", "worker A"]


@given(st.integers(0, 2000))
def test_letters_go_on_after_z(index: int) -> None:
    assert [letter_of(each) for each in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert letter_of(index) != letter_of(index + 1)


@given(RUNS, st.integers(0, 25))
def test_a_letter_never_changes(events: list[MadeUpEvent], cut: int) -> None:
    before, after = (project(lesson(), each).processes for each in (events[:cut], events))
    assert [(each.role, each.pid, each.letter) for each in after[: len(before)]] == [
        (each.role, each.pid, each.letter) for each in before
    ]


def at(ms: int, each: MadeUpEvent) -> MadeUpEvent:
    return replace(each, at=ms * 1_000_000)


def caller(*events: MadeUpEvent) -> Process:
    """Return the caller after events at the given times."""
    found = Processes()
    for number, each in enumerate(events, 1):
        found.apply(replace(each, number=number))
    return found.by_pid["caller", CALLER]


def test_a_caller_pauses_while_it_makes_no_event() -> None:
    line = event("line", "caller")
    (pause,) = caller(at(10, line), at(15, line), at(40, line), at(41, line)).pauses
    assert pause.end
    assert (pause.begin.at_ms, pause.end.at_ms, pause.at_gate) == (15.0, 40.0, False)


def test_a_process_waits_at_a_gate_until_its_next_event() -> None:
    reached, passed = gate("pusher", task="t1")
    (pusher,) = processes(reached)
    assert [pusher.is_at_gate(number) for number in (1, 2, 3)] == [False, True, True]
    _, pusher = processes(queued(), reached, queued("t2"), passed)
    assert [pusher.is_at_gate(number) for number in (2, 3, 4, 5)] == [False, True, True, False]
    (pause,) = pusher.pauses
    assert (pause.at_gate, pause.task) == (True, "t1")


def test_a_caller_has_no_pauses_after_the_end_of_its_program() -> None:
    over = caller(at(10, event("program_ended", "caller")), at(99, event("printed", "caller")))
    assert over.pauses == ()
    assert over.ended is not None
    assert over.ended.at_ms == 10.0


def test_a_worker_that_kills_itself_as_asked_was_killed_before_its_death_was_noticed() -> None:
    worker, _ = processes(started(), event("intervened", "worker", action="kill", event="started", count=1), died(73))
    assert worker.killed is not None
    assert (worker.killed.at_ms, worker.died_ms) == (3.0, 4.0)
