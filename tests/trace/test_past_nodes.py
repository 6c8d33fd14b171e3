from __future__ import annotations

from hypothesis import given

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, lesson
from tests.trace.flows import AGAIN, states
from tests.trace.life import idle, queued, returned, started, stored
from tutor.trace.projector import project


def past(*events: MadeUpEvent) -> list[list[str]]:
    return [sorted(state.past_nodes) for state in states(*events)]


def test_a_node_is_past_when_another_one_is_lit() -> None:
    assert past(queued(), started(), returned(), stored()) == [[], ["start"], ["completes", "running", "start"]]


def test_a_node_that_stays_lit_is_not_past() -> None:
    assert past(queued("t1"), queued("t2"), idle()) == [[], [], []]


def test_a_node_that_is_lit_again_stays_past() -> None:
    assert past(*AGAIN)[-1] == ["again", "completes", "running", "start"]


@given(RUNS)
def test_no_node_is_past_that_no_token_visited_and_none_is_forgotten(events: list[MadeUpEvent]) -> None:
    trace = project(lesson(), events)
    before: frozenset[str] = frozenset()
    for state in (*(step.state for step in trace.steps), trace.state):
        visited = {visit.node for token in state.tokens for visit in token.path}
        assert before <= state.past_nodes <= visited
        assert state.node is None or state.node in visited
        assert visited <= state.past_nodes | {state.node}
        before = state.past_nodes
