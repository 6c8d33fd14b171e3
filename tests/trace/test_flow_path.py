from __future__ import annotations

from tutor.lessons.format.flow import Flow
from tutor.trace.flow_path import FlowPath

EDGES = [("a", "b"), ("b", "b"), ("b", "c")]


def path(*nodes: str) -> FlowPath:
    flow = Flow.model_validate(
        {
            "caption": "What happens.",
            "nodes": [{"id": each, "label": each, "at": (column, 0)} for column, each in enumerate("abc")],
            "edges": [{"from": source, "to": target} for source, target in EDGES],
        }
    )
    path = FlowPath(flow)
    for node in nodes:
        path.enter(node)
    return path


def test_the_last_node_is_lit_and_those_before_it_are_past() -> None:
    walked = path("a", "b", "c")
    assert (walked.node, walked.past_nodes) == ("c", {"a", "b"})


def test_an_edge_counts_how_often_it_was_taken() -> None:
    assert path("a", "b", "a", "b", "c").edges == {("a", "b"): 2, ("b", "c"): 1}


def test_a_jump_without_an_edge_takes_none() -> None:
    walked = path("a", "c")
    assert (walked.past_nodes, walked.edges) == ({"a"}, {})


def test_a_node_that_is_lit_again_is_not_past_unless_it_has_an_edge_to_itself() -> None:
    assert path("a", "a").past_nodes == set()
    loop = path("b", "b")
    assert (loop.past_nodes, loop.edges) == ({"b"}, {("b", "b"): 1})
