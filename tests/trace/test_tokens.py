from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, lesson, trace_of
from tests.trace.flows import AGAIN, state_after, states
from tests.trace.flows import EDGES as FLOW
from tests.trace.life import idle, queued, started
from tests.trace.simulation import SIMULATED, Cluster
from tutor.lessons.format.flow import Flow
from tutor.trace.projector import project
from tutor.trace.state import TraceState
from tutor.trace.tokens import Subject, Token, Tokens

EDGES = [("queue", "work"), ("work", "work"), ("work", "done"), ("work", "again"), ("again", "work")]
FIRST, SECOND, CALLER = Subject("task", "t", 1), Subject("task", "t", 2), Subject("caller")


def tokens(*lit: tuple[str, Subject], enter: dict[str, list[str]] | None = None) -> Tokens:
    """Return the tokens after these nodes were lit, one after the other, for these subjects."""
    nodes = ["queue", "work", "done", "again"]
    flow = Flow.model_validate(
        {
            "caption": "What happens.",
            "nodes": [
                {"id": each, "label": each, "at": (column, 0), "enter": (enter or {}).get(each, [])}
                for column, each in enumerate(nodes)
            ],
            "edges": [{"from": source, "to": target} for source, target in EDGES],
        }
    )
    found = Tokens(flow)
    for number, (node, subject) in enumerate(lit, 1):
        found.light(node, subject, subject.kind, number)
    return found


def ways(found: Tokens) -> list[tuple[str, ...]]:
    return [token.nodes for token in found.all]


def test_a_token_moves_along_edges_and_keeps_its_path() -> None:
    found = tokens(("queue", FIRST), ("work", FIRST), ("done", FIRST))
    (token,) = found.all
    assert token.nodes == ("queue", "work", "done")
    assert [visit.number for visit in token.path] == [1, 2, 3]
    assert (found.node, found.past_nodes) == ("done", {"queue", "work"})


def test_each_subject_has_its_own_token() -> None:
    found = tokens(("queue", FIRST), ("queue", CALLER), ("work", FIRST))
    assert ways(found) == [("queue", "work"), ("queue",)]


def test_an_edge_counts_how_often_tokens_took_it() -> None:
    found = tokens(("queue", FIRST), ("work", FIRST), ("again", FIRST), ("work", FIRST), ("work", FIRST))
    assert found.edges == {("queue", "work"): 1, ("work", "again"): 1, ("again", "work"): 1, ("work", "work"): 1}


def test_a_node_that_is_lit_again_without_an_edge_to_itself_is_no_move() -> None:
    assert ways(tokens(("queue", FIRST), ("queue", FIRST))) == [("queue",)]


def test_a_jump_without_an_edge_moves_no_token_but_lets_another_one_in() -> None:
    found = tokens(("queue", FIRST), ("done", FIRST))
    assert ways(found) == [("queue",), ("done",)]
    assert [token.entry for token in found.all] == ["first", "stray"]
    assert found.edges == {}


def test_a_redelivery_branches_off_from_the_path_of_the_delivery_before() -> None:
    found = tokens(("queue", FIRST), ("work", FIRST), ("done", FIRST), ("work", SECOND))
    before, after = found.all
    assert before.nodes == ("queue", "work", "done")
    assert (after.nodes, after.inherited, after.entry) == (("queue", "work", "work"), 2, "again")
    assert found.edges == {("queue", "work"): 1, ("work", "done"): 1, ("work", "work"): 1}


def test_a_redelivery_where_the_delivery_before_stands_goes_on_from_there() -> None:
    found = tokens(("queue", FIRST), ("work", FIRST), ("again", FIRST), ("again", SECOND), ("work", SECOND))
    assert ways(found) == [("queue", "work", "again"), ("queue", "work", "again", "work")]
    assert found.edges[("work", "again")] == 1


def test_tokens_enter_where_the_flow_lets_them_in() -> None:
    found = tokens(("done", CALLER), ("queue", CALLER), enter={"done": ["caller"]})
    assert [token.entry for token in found.all] == ["declared", "stray"]
    other: list[Token] = tokens(("queue", FIRST), enter={"done": ["caller"]}).all
    assert [token.entry for token in other] == ["first"]


def test_a_delivery_that_no_edge_leads_to_enters_on_its_own() -> None:
    found = tokens(("done", FIRST), ("queue", SECOND))
    assert [(token.nodes, token.entry, token.inherited) for token in found.all] == [
        (("done",), "first", 0),
        (("queue",), "first", 0),
    ]


def test_a_third_delivery_goes_on_from_the_latest_one_that_an_edge_leads_from() -> None:
    third = Subject("task", "t", 3)
    found = tokens(("queue", FIRST), ("work", FIRST), ("again", FIRST), ("done", SECOND), ("work", third))
    assert found.all[-1].nodes == ("queue", "work", "work")
    assert found.all[-1].inherited == 2


def test_the_token_of_another_task_is_not_continued() -> None:
    found = tokens(("queue", FIRST), ("work", Subject("task", "other", 2)))
    assert ways(found) == [("queue",), ("work",)]


def test_a_step_has_the_token_that_it_moved() -> None:
    steps = trace_of([*AGAIN, idle()]).steps
    assert [(step.token.label, step.token.node) if step.token else None for step in steps] == [
        ("charge", "start"),
        ("charge", "running"),
        ("charge", "again"),
        ("charge, delivery 2", "running"),
        None,
    ]


def test_a_state_has_the_tokens_of_its_moment_in_the_order_in_which_they_entered() -> None:
    found = states(queued("t1"), queued("t2"), started("t1"), idle())
    assert [[token.nodes for token in state.tokens] for state in found] == [
        [("start",)],
        [("start",), ("start",)],
        [("start", "running"), ("start",)],
        [("start", "running"), ("start",)],
    ]


def test_a_redelivery_keeps_the_moments_of_the_path_that_it_shares() -> None:
    first, second = state_after(*AGAIN).tokens
    assert second.path[: second.inherited] == first.path[: second.inherited]
    assert [visit.number for visit in second.path] == [2, 4, 5, 5, 7]


def assert_true_to(events: list[MadeUpEvent], state: TraceState) -> None:
    """Assert that the tokens of `state` move along edges, one at a time, and only at events of the run."""
    for token in state.tokens:
        assert set(pairwise(token.nodes)) <= FLOW
        own = [visit.number for visit in token.path[token.inherited :]]
        assert own == sorted(own)
        assert set(own) <= {event.number for event in events}
        shared = token.nodes[: token.inherited]
        earlier = [each for each in state.tokens if each.subject.delivery < token.subject.delivery]
        assert not shared or shared in [
            each.nodes[: len(shared)] for each in earlier if each.subject.id == token.subject.id
        ]


@given(RUNS)
def test_tokens_move_along_edges_only_and_each_visit_has_its_event(events: list[MadeUpEvent]) -> None:
    trace = project(lesson(), events)
    for state in (*(step.state for step in trace.steps), trace.state):
        assert_true_to(events, state)


@given(SIMULATED, st.integers(0, 60))
def test_the_path_of_a_token_only_grows(cluster: Cluster, cut: int) -> None:
    before, after = (project(lesson(), each).state.tokens for each in (cluster.events[:cut], cluster.events))
    for one, other in zip(before, after, strict=False):
        assert (one.subject, one.label, one.entry, one.path) == (
            other.subject,
            other.label,
            other.entry,
            other.path[: len(one.path)],
        )
