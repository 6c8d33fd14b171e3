from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, lesson
from tests.trace.flows import AGAIN, EDGES, state_after, states
from tests.trace.life import queued, started, stored
from tutor.trace.projector import project

TO_WORK = ("start", "running")


def test_an_edge_is_counted_when_a_token_takes_it() -> None:
    assert [dict(state.edges) for state in states(queued(), started())] == [{}, {TO_WORK: 1}]


def test_an_edge_that_two_tokens_took_is_counted_twice() -> None:
    assert state_after(queued("t1"), queued("t2"), started("t1"), started("t2")).edges == {TO_WORK: 2}


def test_a_jump_without_an_edge_counts_none() -> None:
    assert state_after(queued(), stored()).edges == {}


def test_a_redelivery_counts_its_own_way_and_not_that_of_the_delivery_before() -> None:
    assert state_after(*AGAIN).edges == {
        TO_WORK: 1,
        ("running", "completes"): 1,
        ("completes", "again"): 1,
        ("again", "running"): 1,
    }


@given(RUNS)
def test_the_counts_are_those_of_the_tokens_own_moves(events: list[MadeUpEvent]) -> None:
    trace = project(lesson(), events)
    for state in (*(step.state for step in trace.steps), trace.state):
        moves: Counter[tuple[str, str]] = Counter()
        for token in state.tokens:
            nodes = token.nodes[max(token.inherited - 1, 0) :]
            moves.update(pairwise(nodes))
        assert state.edges == moves
        assert set(state.edges) <= EDGES
