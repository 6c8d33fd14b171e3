from __future__ import annotations

from tests.trace.events import MadeUpEvent, asked, event, trace_of
from tests.trace.life import acknowledged, deleted, died, finished, gate, picked, queued, returned, started, stored
from tutor.styles.drawing.gap_facts import Fact, facts_of, told
from tutor.trace.timeline import timeline_at

IDLE = event("idle", "lab", waiting=0)


def facts(*events: MadeUpEvent) -> list[str]:
    trace = trace_of([asked(), *events, IDLE])
    return [fact.text for fact in sorted(facts_of(timeline_at(trace, len(trace.steps))), key=lambda fact: fact.at_ms)]


def test_each_beginning_and_end_is_told_once() -> None:
    assert facts(queued(), picked(), started(), finished(), stored(), acknowledged(), deleted()) == [
        "charge is queued",
        "charge is locked",
        "worker A starts charge",
        "charge returns",
        "charge is stored",
        "charge’s row goes",
        "charge’s result goes",
    ]


def test_a_failure_and_a_death_have_words_of_their_own() -> None:
    assert "charge raises" in facts(queued(), picked(), started(), finished(success=False))
    assert "charge dies" in facts(queued(), picked(), started(), died(73))


def test_a_task_returns_when_its_function_does_and_not_when_its_result_is_known() -> None:
    trace = trace_of([asked(), queued(), picked(), started(), returned(), finished(), IDLE])
    (fact,) = (each for each in facts_of(timeline_at(trace, len(trace.steps))) if each.text == "charge returns")
    assert fact.at_ms == 5.0


def test_a_process_that_waits_at_a_gate_is_told() -> None:
    assert "pusher waits at a gate" in facts(queued(), picked(), *gate("pusher", task="t1"))


def test_a_kill_is_told_though_nobody_has_noticed_it() -> None:
    kill = event("intervened", "worker", action="kill", event="started", count=1, task="t1")
    assert "worker A is killed" in facts(queued(), picked(), started(), kill)


def test_a_lock_that_is_over_is_told_apart_from_a_row_that_goes() -> None:
    over = facts(queued(), picked(lock_s=0.001), started(), finished(), picked(delivery=2))
    assert [text for text in over if "lock" in text] == [
        "charge is locked",
        "charge’s lock is over",
        "charge is locked again",
    ]
    assert "charge’s lock is over, and it is locked again" in facts(queued(), picked(), picked(delivery=2))


def test_a_result_that_is_dropped_is_told() -> None:
    assert "charge’s result is dropped" in facts(queued(), picked(), started(), finished(), acknowledged())
    assert "charge’s result is dropped" not in facts(queued(), picked(), started(), finished(), stored())


def test_the_end_of_the_program_is_told() -> None:
    ended = event("program_ended", "caller", error=None, locals={})
    assert "the program ends" in facts(queued(), ended)


def test_the_two_that_matter_most_are_told_in_their_order_with_their_times() -> None:
    three = [Fact(101, "a is locked", 2), Fact(102, "b starts", 5), Fact(103, "c returns", 4)]
    assert unspaced(told(three, zero_ms=100)) == "b starts at +2 ms, c returns at +3 ms"
    assert told([], zero_ms=100) == ""


def test_several_of_one_sort_are_counted_with_the_time_of_the_first() -> None:
    two = [Fact(109, "b returns", 4, "tasks return"), Fact(104, "a returns", 4, "tasks return")]
    assert unspaced(told(two, zero_ms=100)) == "2 tasks return, the first at +4 ms"


def unspaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")
