"""What can be done at a step of a run, and why not."""

from __future__ import annotations

import pytest

from tests.trace import life
from tests.trace.events import MadeUpEvent, asked, trace_of
from tutor.protocol.actions import ACTIONS
from tutor.trace.chances import TITLES, Chance, chances_at
from tutor.trace.model import Trace

SETTINGS = {"Q_CLUSTER": {"timeout": 2}}
RUN = [
    asked(),
    life.queued(),
    life.picked(),
    life.started(),
    life.returned(),
    life.finished(),
    life.stored(),
    life.acknowledged(),
    life.program_ended(result="-1.0", status="True"),
    life.idle(),
]


def at(event: str, events: list[MadeUpEvent] = RUN, **settings: object) -> dict[str, Chance]:
    """Return what can be done at the first step that an event of that kind makes, by action."""
    trace = trace_of(events)
    found = chances_at(trace, step_of(trace, event), {"Q_CLUSTER": {**SETTINGS["Q_CLUSTER"], **settings}})
    return {each.action: each for each in found}


def step_of(trace: Trace, event: str) -> int:
    return next(step.number for step in trace.steps if step.event == event)


def test_each_thing_to_do_is_an_action_with_a_title() -> None:
    assert list(at("started")) == list(TITLES)
    assert set(TITLES) <= set(ACTIONS)
    assert all(each.title and each.asks for each in at("started").values())


def test_a_task_can_be_broken_while_its_worker_is_inside_its_function() -> None:
    begun, number = at("started"), next(n for n, each in enumerate(RUN, 1) if each.kind == "started")
    assert {begun[action].at for action in ("kill", "raise", "slow")} == {number}
    assert begun["slow"].seconds == 3.0


@pytest.mark.parametrize("event", ["queued", "stored", "idle"])
def test_a_task_cannot_be_broken_elsewhere_and_it_says_where_it_can(event: str) -> None:
    for action in ("kill", "raise", "slow"):
        found = at(event)[action]
        assert (found.at, found.reason) == (0, "No worker is inside a task at this step.")
        assert found.near == step_of(trace_of(RUN), "started")


def test_a_task_without_a_timeout_cannot_be_slower_than_it() -> None:
    assert at("started", timeout=None)["slow"].reason == "The task has no timeout that would end it."
    assert "longer than a run here can wait" in at("started", timeout=60)["slow"].reason


def test_a_timeout_of_its_own_goes_before_the_clusters() -> None:
    own = [life.queued(options={"timeout": 5}) if each.kind == "queued" else each for each in RUN]
    assert at("started", own)["slow"].seconds == 6.0


def test_the_caller_can_be_killed_as_long_as_its_program_runs() -> None:
    assert at("queued")["kill-caller"].at
    over = at("idle")["kill-caller"]
    assert (over.at, over.reason) == (0, "The program has ended by then.")


def test_a_cluster_can_be_stopped_until_nothing_is_left_to_do() -> None:
    assert at("stored")["stop"].at
    assert at("idle")["stop"].reason == "Nothing is left to do for the cluster."


def test_a_gate_can_be_passed_at_the_step_at_which_a_process_waits() -> None:
    waiting = [*RUN[:2], *life.gate("caller"), *RUN[2:]]
    begun = next(n for n, each in enumerate(waiting, 1) if each.kind == "gate_reached")
    assert at("queued", waiting)["skip-gate"].at == begun
    later = at("stored", waiting)["skip-gate"]
    assert (later.at, later.near) == (0, step_of(trace_of(waiting), "queued"))


def test_half_a_minute_matters_only_where_there_is_a_schedule() -> None:
    assert at("started")["half-minute"].reason == "No schedule queues a task in this run."
    scheduled = [*RUN[:2], life.queued("t2", lane="sentinel"), *RUN[2:]]
    assert at("started", scheduled)["half-minute"].at
