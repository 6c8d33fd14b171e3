"""Two runs beside each other: steps are matched by what happened to which delivery of which task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.trace import life
from tests.trace.events import MadeUpEvent, asked, event, trace_of
from tests.trace.simulation import simulated
from tutor.trace.comparison import Comparison, compare
from tutor.trace.facts import effects

LATER = 9000
"""What is added to the pids of a run for those of another."""


def run(*, task: str = "t1", worker: int = 73, result: str = "-1.0", success: bool = True) -> list[MadeUpEvent]:
    return [
        asked(),
        life.queued(task),
        life.picked(task),
        life.by(worker, life.started(task)),
        life.by(worker, life.returned(task)),
        life.by(worker, life.finished(task, success=success, result=result)),
        life.stored(task, success=success, result=result),
        life.acknowledged(task),
        life.idle(),
    ]


def compared(first: Sequence[MadeUpEvent], second: Sequence[MadeUpEvent]) -> Comparison:
    return compare(trace_of(first), trace_of(second))


def only(comparison: Comparison) -> tuple[list[str], list[str]]:
    """Return the actions of the steps that are in the first run only, and in the second only."""
    mine = [each.step.action for each in comparison.pairs if each.second is None]
    return mine, [each.step.action for each in comparison.pairs if each.first is None]


def test_the_ids_of_tasks_and_processes_are_no_difference() -> None:
    found = compared(run(), run(task="t2", worker=9073))
    assert len(found.pairs) == len(trace_of(run()).steps)
    assert found.different == ()
    assert found.first is None


def test_an_id_in_a_stored_result_is_no_difference_but_another_result_is() -> None:
    same = compared(run(result="'t1 is done'"), run(task="t2", result="'t2 is done'"))
    assert same.different == ()
    other = compared(run(result="1"), run(result="2"))
    assert other.first
    assert [tuple(each) for each in other.first.differences] == [("Result stored", "1", "2")]


def test_where_a_traceback_was_interrupted_is_no_difference() -> None:
    first, second = (f"too long : Traceback (most recent call last):\n  line {number}" for number in (7, 8))
    assert compared(run(result=first, success=False), run(result=second, success=False)).different == ()


def test_a_status_differs_from_the_step_on_at_which_it_is_stored() -> None:
    found = compared(run(), run(success=False, result="boom"))
    assert found.first
    assert found.first.step.event == "stored"
    assert ("Task status", "Success", "Failed") in found.first.differences


def test_a_step_of_the_second_run_alone_comes_before_the_next_one_that_both_have() -> None:
    again = [life.picked(delivery=2), life.by(83, life.started(delivery=2))]
    second = [*run()[:4], *again, *run()[4:]]
    found = compared(run(), second)
    assert only(found) == ([], ["The task starts again"])
    assert found.first
    assert found.first.key.delivery == 2
    assert found.instead is None
    reverse = compared(second, run())
    assert only(reverse) == (["The task starts again"], [])
    assert [each.key for each in reverse.pairs] == [each.key for each in found.pairs]


def test_what_the_other_run_has_instead_comes_before_they_agree_again() -> None:
    death = [*run()[:4], life.died(73), life.idle()]
    found = compared(run(), death)
    assert found.first
    assert found.first.step.event == "stored"
    assert found.instead
    assert found.instead.step.event == "died"


def test_the_order_of_two_tasks_that_nothing_joins_is_no_difference() -> None:
    def stored(*tasks: str) -> list[MadeUpEvent]:
        ready = [each for task in ("t1", "t2") for each in (life.queued(task), life.picked(task))]
        begun = [life.by(pid, life.started(task)) for pid, task in ((73, "t1"), (83, "t2"))]
        over = [life.by({"t1": 73, "t2": 83}[task], life.finished(task)) for task in tasks]
        return [asked(), *ready, *begun, *over, *(life.stored(task) for task in tasks), life.idle()]

    assert compared(stored("t1", "t2"), stored("t2", "t1")).different == ()


def test_the_first_difference_is_the_first_in_time_also_if_a_step_that_both_have_comes_later_in_the_second() -> None:
    def stored(*after: MadeUpEvent) -> list[MadeUpEvent]:
        ready = [each for task in ("t1", "t2") for each in (life.queued(task), life.picked(task))]
        begun = [life.by(pid, life.started(task)) for pid, task in ((73, "t1"), (83, "t2"))]
        return [asked(), *ready, *begun, *after, life.idle()]

    one, other = (life.by(pid, life.finished(task)) for pid, task in ((73, "t1"), (83, "t2")))
    tail = [life.stored("t2"), life.acknowledged("t2")]
    first = stored(one, life.stored("t1"), other, *tail)
    second = stored(other, *tail, life.died(73), one, life.stored("t1"))
    found = compared(first, second)
    assert [each.step.event for each in found.pairs if each.second and each.second.event in ("stored", "died")] == [
        "stored",
        "stored",
        "died",
    ]
    assert found.first
    assert found.first.step.event == "died"
    assert found.different[0] == len(trace_of(first).steps) - 1


def test_what_is_counted_in_the_end_is_told_also_where_it_is_the_same() -> None:
    again = [*run()[:4], life.picked(delivery=2), life.by(83, life.started(delivery=2)), *run()[4:]]
    facts = {each.name: (each.first, each.second) for each in compared(run(), again).facts}
    assert facts["Executions"] == ("1", "2")
    assert facts["Executions at the same time"] == ("1", "2")
    assert facts["Tasks: Success"] == ("1", "1")


def with_other_pids(events: Sequence[MadeUpEvent]) -> list[MadeUpEvent]:
    died = {"died_pid"}
    return [
        replace(
            each,
            pid=each.pid + LATER,
            payload={name: value + LATER if name in died else value for name, value in each.payload.items()},
        )
        for each in events
    ]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=40))
def test_a_run_is_the_same_as_itself_with_other_processes(choices: list[tuple[int, int]]) -> None:
    events = [asked(), *simulated(choices).events]
    assert compared(events, with_other_pids(events)).different == ()


@given(*(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=30) for _ in range(2)))
def test_two_runs_differ_in_the_same_steps_whichever_is_first(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    events, others = ([asked(), *simulated(each).events] for each in (one, other))
    there, back = compared(events, others), compared(others, events)
    assert {there.pairs[at].key for at in there.different} == {back.pairs[at].key for at in back.different}
    assert {each.key for each in there.pairs} == {each.key for each in back.pairs}
    assert only(there) == only(back)[::-1]


@given(*(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=30) for _ in range(2)))
def test_the_steps_of_each_run_alone_are_in_the_order_of_time(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    found = compared(*([asked(), *simulated(each).events] for each in (one, other)))
    mine = [each.first.number for each in found.pairs if each.first]
    theirs = [each.step.number for each in found.pairs if each.first is None]
    assert mine == sorted(mine)
    assert theirs == sorted(theirs)


def test_each_step_of_both_runs_is_in_one_pair() -> None:
    first, second = trace_of(run()), trace_of([*run()[:4], life.died(73), event("warned", "worker", text="old")])
    found = compare(first, second)
    assert [each.first.number for each in found.pairs if each.first] == [each.number for each in first.steps]
    assert sorted(each.second.number for each in found.pairs if each.second) == [each.number for each in second.steps]


def test_the_effects_of_a_run_are_rows_statuses_and_what_is_printed_but_not_how_often_it_was_tried() -> None:
    again = [*run()[:4], life.picked(delivery=2), life.by(83, life.started(delivery=2)), *run()[4:]]
    assert effects(trace_of(run()), trace_of(again)) == []
    failed = effects(trace_of(run()), trace_of(run(success=False, result="boom")))
    assert [tuple(each) for each in failed] == [("Tasks: Success", "1", "0"), ("Tasks: Failed", "0", "1")]


def test_an_effect_is_also_another_line_that_is_printed_but_not_another_id_in_it() -> None:
    def printed(text: str, task: str = "t1") -> list[MadeUpEvent]:
        return [*run(task=task), event("printed", "worker", text=text)]

    assert effects(trace_of(printed("t1 is ready\n")), trace_of(printed("t2 is ready\n", "t2"))) == []
    found = effects(trace_of(printed("ready\n")), trace_of(printed("failed\n")))
    assert [tuple(each) for each in found] == [("Printed", "ready", "failed")]
