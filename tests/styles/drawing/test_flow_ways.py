from __future__ import annotations

from tests.trace import life
from tests.trace.events import MadeUpEvent, asked, lesson, trace_of
from tests.trace.flows import AGAIN
from tutor.styles.drawing.flow_tokens import tokens_at
from tutor.styles.drawing.flow_ways import ALONE, NAMES, WAYS, EdgeInWords, Way, edges_in_words, ways
from tutor.trace.model import Trace

FLOW = lesson().content.flow


def trace(*events: MadeUpEvent) -> Trace:
    return trace_of([asked(), *events])


def ways_of(run: Trace) -> tuple[tuple[Way, ...], int]:
    return ways(FLOW, tokens_at(run, len(run.steps)), run.steps)


def edges_of(run: Trace) -> tuple[EdgeInWords, ...]:
    return edges_in_words(FLOW, run.state_at(len(run.steps)), tokens_at(run, len(run.steps)), run.steps)


def test_the_way_of_each_token_has_its_nodes_with_the_steps_that_show_them() -> None:
    (first, second), _ = ways_of(trace(*AGAIN))
    assert [each.label for each in first.stops] == ["Start task", "Task running", "Does it complete?", "Wait or retry"]
    assert [each.label for each in second.stops] == [*(each.label for each in first.stops), "Task running"]
    assert [each.step for each in first.stops] == sorted(each.step for each in first.stops)
    assert first.stops[0].step == 1


def test_tasks_that_have_come_the_same_way_share_it() -> None:
    many = [life.queued(f"t{number}") for number in range(ALONE + 2)]
    (shared, now), more = ways_of(trace(*many))
    assert (shared.count, now.count, more) == (ALONE + 1, 1, 0)
    assert now.is_now
    assert all(stop.step == 0 for stop in shared.stops)
    few, _ = ways_of(trace(*many[:ALONE]))
    assert [each.count for each in few] == [1] * ALONE


def test_a_shared_way_names_a_bounded_number_of_tasks() -> None:
    (shared, _), _ = ways_of(trace(*(life.queued(f"t{number}") for number in range(NAMES + 11))))
    assert (len(shared.tokens), shared.unnamed) == (NAMES, 10)


def test_of_too_many_ways_those_that_went_on_last_are_shown() -> None:
    deliveries = [
        each
        for number in range(1, WAYS + 4)
        for each in (life.picked(delivery=number), life.started(delivery=number), life.died(73, task="t1"))
    ]
    shown, more = ways_of(trace(life.queued(), *deliveries))
    assert len(shown) == WAYS
    assert more > 0
    assert shown[-1].tokens[0].token.subject.delivery == WAYS + 3


def test_each_edge_says_how_often_it_was_taken_and_in_which_steps() -> None:
    run = trace(*AGAIN)
    edges = {(each.source, each.target): each for each in edges_of(run)}
    assert edges["Start task", "Task running"].times == 1
    assert edges["Wait or retry", "Task running"].steps == (len(run.steps),)
    untaken = edges["Check status and result", "Display or use the result"]
    assert (untaken.times, untaken.steps) == (0, ())
