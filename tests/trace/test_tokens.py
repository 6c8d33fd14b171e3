from __future__ import annotations

from tutor.lessons.format.flow import Flow
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
