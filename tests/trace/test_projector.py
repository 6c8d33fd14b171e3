"""The trace is a pure function of its events, and what was true at a step stays true."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, lesson, trace_of
from tests.trace.simulation import SIMULATED, Cluster
from tutor.trace.projector import Projector, project


@given(RUNS, st.integers(0, 25))
def test_the_steps_of_the_first_events_never_change_as_more_follow(events: list[MadeUpEvent], cut: int) -> None:
    before, after = project(lesson(), events[:cut]), project(lesson(), events)
    assert after.steps[: len(before.steps)] == before.steps


@given(SIMULATED, st.integers(0, 60))
def test_a_trace_that_was_handed_out_never_changes(cluster: Cluster, cut: int) -> None:
    projector = Projector(lesson())
    for each in cluster.events[:cut]:
        projector.add(each)
    trace = projector.trace()
    kept = deepcopy(trace)
    for each in cluster.events[cut:]:
        projector.add(each)
    assert trace == kept


@given(RUNS)
def test_events_added_one_by_one_give_the_same_trace_as_all_at_once(events: list[MadeUpEvent]) -> None:
    projector = Projector(lesson())
    for number, each in enumerate(events, 1):
        projector.add(each)
        assert projector.trace() == project(lesson(), events[:number])


@given(RUNS)
def test_projecting_changes_no_event(events: list[MadeUpEvent]) -> None:
    kept = deepcopy(events)
    project(lesson(), events)
    assert events == kept


def test_a_run_without_events_has_no_steps_and_no_end() -> None:
    trace = trace_of([])
    assert (trace.steps, trace.ended, trace.number, trace.state) == ((), None, 0, trace.start)
