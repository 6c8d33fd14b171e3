from __future__ import annotations

import random
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from tests.observations import first_lesson
from tutor.lessons import catalogue
from tutor.protocol.observation import Observation
from tutor.runs.causal_order import CausalOrder
from tutor.runs.models import Event
from tutor.trace.model import Trace
from tutor.trace.projector import project

SLUG = "task-results-and-status"


def events(ordered: list[Observation], knobs: dict[str, object]) -> list[Event]:
    asked = Event(number=1, kind="asked", lane="host", pid=60, at=0, payload={"knobs": knobs})
    return [asked] + [
        Event(number=number, kind=seen.kind, lane=seen.lane, pid=seen.pid, at=seen.at, payload=seen.payload)
        for number, seen in enumerate(ordered, 2)
    ]


def traced(ordered: list[Observation]) -> Trace:
    lesson = catalogue.get(SLUG)
    return project(lesson, events(ordered, dict(lesson.defaults)))


@st.composite
def arrivals(draw: st.DrawFn) -> list[Observation]:
    """The first lesson's observations in any order that keeps each process's own.

    `idle` is the keeper's answer to a question that the host asks when it has seen the others; `ended` is the host's.
    """
    *told, idle, ended = first_lesson()
    by_process: dict[int, list[Observation]] = defaultdict(list)
    for seen in told:
        by_process[seen.pid].append(seen)
    turns = draw(st.permutations([seen.pid for seen in told]))
    return [by_process[pid].pop(0) for pid in turns] + [idle, ended]


def ordered_at_once(arrived: list[Observation]) -> list[Observation]:
    order = CausalOrder()
    return order.push(arrived) + order.flush()


def ordered_in_batches(arrived: list[Observation], chance: random.Random) -> list[Observation]:
    order, given_out = CausalOrder(), []
    while arrived:
        size = chance.randint(1, 5)
        given_out += order.push(arrived[:size])
        arrived = arrived[size:]
    return given_out + order.flush()


@given(arrivals())
def test_any_arrival_order_gives_the_same_trace(arrived: list[Observation]) -> None:
    assert traced(ordered_at_once(arrived)) == traced(ordered_at_once(first_lesson()))


@given(arrivals(), st.randoms())
def test_in_batches_a_cause_comes_before_its_effect_and_time_never_goes_back(
    arrived: list[Observation], chance: random.Random
) -> None:
    given_out = ordered_in_batches(arrived, chance)
    kinds = [seen.kind for seen in given_out]
    assert len(kinds) == len(first_lesson())
    causes = ["queued", "picked", "started", "finished", "stored", "acknowledged", "idle", "ended"]
    assert sorted(causes, key=kinds.index) == causes
    reading = next(number for number, seen in enumerate(given_out) if seen.payload.get("ran") == 8)
    assert kinds.index("stored") < reading
    assert [seen.at for seen in given_out] == sorted(seen.at for seen in given_out)


@given(arrivals(), st.randoms())
def test_the_steps_say_the_same_in_whatever_batches_they_came(
    arrived: list[Observation], chance: random.Random
) -> None:
    given_out = ordered_in_batches(arrived, chance)
    told = [(s.action, s.status, s.result, s.note, s.event, s.pid) for s in traced(given_out).steps]
    assert told == [(s.action, s.status, s.result, s.note, s.event, s.pid) for s in traced(first_lesson()).steps]


@given(st.integers(0, len(first_lesson()) + 1))
def test_the_trace_of_a_prefix_is_the_prefix_of_the_trace(length: int) -> None:
    lesson = catalogue.get(SLUG)
    everything = events(first_lesson(), dict(lesson.defaults))
    whole, part = project(lesson, everything), project(lesson, everything[:length])
    assert part.steps == whole.steps[: len(part.steps)]
    later = [step for step in whole.steps if step.event_number <= length]
    assert list(part.steps) == later


def test_an_effect_whose_cause_was_lost_is_given_out_when_others_are_much_newer() -> None:
    told = [seen for seen in first_lesson() if seen.kind not in ("queued", "ended")]
    order = CausalOrder()
    assert "picked" not in [seen.kind for seen in order.push(told)]
    much_later = Observation(99, 60, "host", 10_000_000_000, "ended", {"outcome": "lost", "reason": ""})
    assert [seen.kind for seen in order.push([much_later])][-1] == "ended"
    assert order.flush() == []


def test_a_time_that_had_to_be_moved_is_kept_beside_it() -> None:
    queued = Observation(1, 71, "caller", 5_000, "queued", {"ack": 1, "task": "a"})
    picked = Observation(1, 72, "pusher", 4_000, "picked", {"ack": 1, "task": "a", "delivery": 1})
    first, second = CausalOrder().push([picked, queued])
    assert (first.kind, first.at) == ("queued", 5_000)
    assert (second.kind, second.at, second.payload["raw_at"]) == ("picked", 5_000, 4_000)


def test_a_function_is_not_entered_after_its_task_was_picked() -> None:
    not_started = Observation(1, 73, "worker", 4_000, "not_started", {"ack": 1, "task": "a", "delivery": 1})
    queued = Observation(1, 71, "caller", 5_000, "queued", {"ack": 1, "task": "a"})
    picked = Observation(1, 72, "pusher", 6_000, "picked", {"ack": 1, "task": "a", "delivery": 1})
    kinds = [seen.kind for seen in CausalOrder().push([not_started, queued, picked])]
    assert kinds == ["queued", "picked", "not_started"]


def test_who_stores_a_row_need_not_have_seen_it_stored() -> None:
    told = {"task": "a", "attempt_count": 1, "read": [["a", 1]], "result_of": "a"}
    finished = Observation(1, 7, "caller", 10, "finished", {"task": "a"})
    stored = Observation(2, 7, "caller", 20, "stored", told)
    assert CausalOrder().push([finished, stored]) == [finished, stored]


def test_the_end_of_a_run_is_the_last_even_after_an_effect_whose_cause_was_lost() -> None:
    orphan = Observation(1, 72, "pusher", 4_000, "picked", {"ack": 1, "task": "a", "delivery": 1})
    ended = Observation(1, 60, "host", 5_000, "ended", {"outcome": "lost", "reason": ""})
    order = CausalOrder()
    assert [seen.kind for seen in order.push([orphan, ended]) + order.flush()] == ["picked", "ended"]
