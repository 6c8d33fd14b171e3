"""A projector that is asked for the trace after each event, as one that follows a live run is."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, events_of_first_lesson, lesson
from tutor.trace.projector import Projector, project


@given(RUNS)
def test_after_each_event_of_any_run_the_trace_is_that_of_a_fresh_projection(events: list[MadeUpEvent]) -> None:
    projector = Projector(lesson())
    for number, each in enumerate(events, 1):
        projector.add(each)
        assert projector.trace() == project(lesson(), events[:number])


def test_a_trace_does_not_change_as_more_events_follow() -> None:
    projector = Projector(lesson())
    events = events_of_first_lesson()
    traces = []
    for each in events:
        projector.add(each)
        traces.append(projector.trace())
    assert traces == [project(lesson(), events[:number]) for number in range(1, len(events) + 1)]


def test_the_state_after_a_step_is_that_of_the_step_until_more_events_follow() -> None:
    events = events_of_first_lesson()
    for number in range(1, len(events) + 1):
        trace = project(lesson(), events[:number])
        if trace.steps and trace.steps[-1].event_number == number:
            assert trace.state is trace.steps[-1].state


def test_steps_share_what_has_not_changed_between_them() -> None:
    steps = project(lesson(), events_of_first_lesson()).steps
    pairs = [(one.state, other.state) for one, other in pairwise(steps)]
    for name in ("variables", "tables", "tokens", "edges", "frames", "lines_run", "notices"):
        for one, other in pairs:
            assert getattr(one, name) != getattr(other, name) or getattr(one, name) is getattr(other, name), name
