from __future__ import annotations

from tests.trace import life
from tests.trace.events import MadeUpEvent, asked, event, lesson, trace_of
from tests.trace.flows import AGAIN, KILLED
from tutor.styles.drawing.flow import draw_flow
from tutor.styles.drawing.flow_tokens import ShownToken, Tag, tokens_at
from tutor.trace.model import Trace

FLOW = lesson().content.flow


def shown(*events: MadeUpEvent, step: int | None = None) -> tuple[ShownToken, ...]:
    """Return the tokens after a step, by default after the last."""
    trace = trace_of([asked(), *events])
    tokens = tokens_at(trace, len(trace.steps) if step is None else step)
    return tuple(map(tokens.shown, tokens.all))


def tags(trace: Trace) -> dict[str, list[Tag]]:
    """Return node → the tags on it after the last step."""
    position = len(trace.steps)
    drawing = draw_flow(FLOW, trace.state_at(position), tokens_at(trace, position))
    return {lit.node.id: list(lit.tags) for lit in drawing.nodes if lit.tags}


def queued(count: int) -> list[MadeUpEvent]:
    return [asked(), *(life.queued(f"t{number}") for number in range(count))]


def test_before_the_first_step_there_are_no_tokens() -> None:
    assert shown(life.queued(), step=0) == ()


def test_a_token_has_the_letter_of_its_task_and_its_delivery() -> None:
    assert [each.tag for each in shown(*AGAIN)] == ["C ✕", "C×2"]
    assert [each.task for each in shown(*AGAIN)] == ["charge", "charge"]


def test_a_delivery_that_failed_has_a_sign_from_then_on() -> None:
    events = [
        *(life.queued(), life.started(), life.returned(error="ValueError")),
        *(life.finished(success=False), life.stored(success=False)),
    ]
    assert [each.tag for each in shown(*events)] == ["C!"]
    assert [each.tag for each in shown(*events, step=2)] == ["C"]


def test_a_delivery_that_failed_is_over_once_its_task_is_delivered_again() -> None:
    assert [each.is_over for each in shown(*KILLED)] == [False]
    assert [each.is_over for each in shown(*AGAIN)] == [True, False]


def test_the_sign_of_a_death_is_not_shown_before_it_was_noticed() -> None:
    trace = trace_of([asked(), *KILLED])
    started = next(step.number for step in trace.steps if step.event == "started")
    tokens = tokens_at(trace, started)
    assert [*map(tokens.tag, tokens.all)] == ["C"]


def test_what_is_not_a_task_is_named_by_a_word() -> None:
    tokens = shown(life.queued(), event("line", "caller", file="program.py", line=1, ran=None, locals={}))
    assert all(each.tag == each.token.subject.kind for each in tokens if not each.is_task)


def test_a_step_says_which_edges_its_token_has_taken() -> None:
    (token,) = shown(life.queued(), life.started())
    assert token.taken == (("start", "running"),)
    assert token.is_now


def test_a_redelivery_has_not_taken_the_edges_of_the_delivery_before() -> None:
    first, second = shown(*AGAIN)
    assert first.token.nodes == second.token.nodes[: second.token.inherited]
    assert second.taken == (("again", "running"),)


def test_tokens_on_one_node_stand_beside_each_other() -> None:
    (node,) = tags(trace_of(queued(2))).values()
    assert [tag.text for tag in node] == ["C", "C2"]
    assert node[0].x + node[0].width < node[1].x


def test_many_tokens_on_one_node_are_one_tag_and_that_of_the_step_stays() -> None:
    (node,) = tags(trace_of(queued(58))).values()
    assert [tag.text for tag in node] == ["C58", "×57"]
    assert node[1].tasks.split("\n") == ["charge", *(f"charge #{number}" for number in range(2, 58))]


def test_tags_are_within_their_node() -> None:
    for count in (1, 2, 3, 4, 58):
        trace = trace_of(queued(count))
        drawing = draw_flow(FLOW, trace.state, tokens_at(trace, len(trace.steps)))
        for lit in drawing.nodes:
            for tag in lit.tags:
                assert lit.node.x < tag.x and tag.x + tag.width < lit.node.x + lit.node.width
                assert lit.lines[-1].y < tag.y and tag.y + 20 < lit.node.y + lit.node.height
