from __future__ import annotations

from tests.trace import life
from tests.trace.events import MadeUpEvent, asked, lesson, trace_of
from tests.trace.flows import AGAIN
from tutor.styles.drawing.flow import draw_flow
from tutor.styles.drawing.flow_legend import Legend, legend_of
from tutor.styles.drawing.flow_tokens import tokens_at
from tutor.trace.state import TraceState

FLOW = lesson().content.flow


def legend(*events: MadeUpEvent) -> Legend:
    """Return the legend at the last step."""
    trace = trace_of([asked(), *events])
    position = len(trace.steps)
    return legend_of(draw_flow(FLOW, trace.state_at(position), tokens_at(trace, position)))


def test_before_the_first_step_there_are_only_arrows_that_are_not_taken() -> None:
    assert legend_of(draw_flow(FLOW, TraceState())) == Legend((), (("ahead", "not taken so far"),), 0)


def test_each_kind_of_token_has_an_example_of_the_drawing() -> None:
    assert [(each.tag, each.text) for each in legend(*AGAIN).tokens] == [
        ("C×2", "charge, delivery 2"),
        ("C ✕", "charge, its worker died, delivered again since"),
    ]


def test_tokens_of_one_kind_have_one_example() -> None:
    assert [(each.tag, each.text) for each in legend(life.queued("t1"), life.queued("t2")).tokens if each.is_task] == [
        ("C", "charge, a task")
    ]


def test_the_node_that_is_lit_is_told_from_one_that_was_lit_before() -> None:
    assert legend(life.queued()).nodes == (("at", "lit in this step"),)
    assert legend(life.queued(), life.idle()).nodes == (("last", "lit last, in an earlier step"),)


def test_tokens_that_share_a_tag_are_counted() -> None:
    found = legend(*(life.queued(f"t{number}") for number in range(20)))
    assert [each.tag for each in found.tokens if each.kind == "many"] == ["×19"]
