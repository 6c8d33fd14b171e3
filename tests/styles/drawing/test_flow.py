from __future__ import annotations

from tests.styles.drawing.flows import FLOWS, flow
from tests.trace import life
from tests.trace.events import asked, lesson, trace_of
from tutor.lessons import catalogue
from tutor.styles.drawing.flow import draw_flow
from tutor.styles.drawing.flow_tokens import TokensAt, tokens_at
from tutor.trace.state import TraceState


def test_a_drawing_shows_the_lit_node_and_those_that_the_run_has_passed() -> None:
    lit = TraceState(node="c", past_nodes=frozenset({"a", "b"}), edges={("a", "b"): 2, ("b", "c"): 1})
    drawing = draw_flow(flow(*FLOWS["in a row, with a way back"]), lit, TokensAt(taken={1: (("b", "c"),)}))
    assert {each.node.id: each.state for each in drawing.nodes} == {"a": "past", "b": "past", "c": "at", "d": "ahead"}
    assert [(each.edge.source, each.edge.target, each.state, each.times) for each in drawing.edges] == [
        *(("c", "d", "ahead", 0), ("c", "a", "ahead", 0)),
        *(("a", "b", "past", 2), ("b", "c", "past", 1)),
    ]
    assert (drawing.at, drawing.is_now) == ("A node of it", True)


def test_a_step_that_moves_no_token_and_lights_no_node_shows_the_one_that_was_lit_last_as_such() -> None:
    trace = trace_of([asked(), life.queued(), life.picked(), life.started(), life.idle()])
    drawings = [draw_flow(lesson().content.flow, step.state, tokens_at(trace, step.number)) for step in trace.steps]
    assert [[each.state for each in drawing.nodes if each.node.label == drawing.at] for drawing in drawings] == [
        ["at"],
        ["at"],
        ["last"],
    ]


def test_the_picture_of_a_flow_is_made_once_for_all_moments() -> None:
    lesson = catalogue.get("task-results-and-status")
    assert (
        draw_flow(lesson.content.flow, TraceState()).picture
        is draw_flow(lesson.content.flow, TraceState(node="start")).picture
    )
