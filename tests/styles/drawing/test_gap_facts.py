from __future__ import annotations

from tests.trace.events import MadeUpEvent, asked, event, trace_of
from tests.trace.life import acknowledged, deleted, died, finished, picked, queued, started, stored
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


def test_the_end_of_the_program_is_told() -> None:
    ended = event("program_ended", "caller", error=None, locals={})
    assert "the program ends" in facts(queued(), ended)


def test_the_two_that_matter_most_are_told_in_their_order() -> None:
    assert told([Fact(1, "a", 2), Fact(2, "b", 5), Fact(3, "c", 4)]) == "b, c"
    assert told([Fact(1, "a returns", 4, "tasks return"), Fact(2, "b returns", 4, "tasks return")]) == "2 tasks return"
    assert told([]) == ""
