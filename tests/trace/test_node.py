from __future__ import annotations

from tests.trace.events import trace_of
from tests.trace.flows import AGAIN, state_after, states
from tests.trace.life import finished, idle, printed, queued, returned, started, stored


def test_no_node_is_lit_at_the_start() -> None:
    assert trace_of([]).start.node is None
    assert state_after(printed("one\n")).node is None


def test_each_step_lights_its_node() -> None:
    assert [state.node for state in states(queued(), started(), finished(), stored())] == ["start", "running", "store"]


def test_the_node_stays_lit_at_a_step_without_one() -> None:
    assert [state.node for state in states(queued(), started(), idle())] == ["start", "running", "running"]


def test_an_event_between_two_steps_lights_its_node_too() -> None:
    assert state_after(queued(), started(), returned()).node == "completes"


def test_the_node_is_the_one_that_was_lit_last_by_whatever_task() -> None:
    assert [state.node for state in states(queued("t1"), started("t1"), queued("t2"))] == ["start", "running", "start"]


def test_a_redelivery_lights_the_same_node_again() -> None:
    assert [state.node for state in states(*AGAIN)] == ["start", "running", "again", "running"]
