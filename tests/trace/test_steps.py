"""The rows of the execution table: their number, their task, and its status and result at that moment."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, asked, changed, events_of_first_lesson, lesson, trace_of
from tests.trace.life import (
    acknowledged,
    by,
    died,
    finished,
    idle,
    of_first_edition,
    picked,
    printed,
    program_ended,
    queued,
    read,
    returned,
    started,
    stored,
)
from tutor.lessons.format.patterns import Pattern
from tutor.lessons.lesson import Lesson
from tutor.trace.model import HEADLINE, Trace
from tutor.trace.projector import project


def column(trace: Trace, name: str) -> list[str]:
    return [getattr(step, name) for step in trace.steps]


def cells(*events: MadeUpEvent, of: Lesson | None = None) -> list[tuple[str, str, str]]:
    """The task, status and result of each step."""
    return [(step.task, step.status, step.result) for step in trace_of([asked(), *events], of).steps]


def with_rows(*kinds: str, about: str | None = None) -> Lesson:
    """Return the first lesson with a row for each event of these kinds."""
    rule = lesson().content.steps[0]
    steps = [rule.model_copy(update={"id": kind, "on": Pattern(event=kind), "about": about}) for kind in kinds]
    return changed(lesson(), steps=tuple(steps))


def test_the_first_lessons_run_makes_its_six_steps() -> None:
    trace = project(lesson(), events_of_first_lesson())
    assert column(trace, "id") == ["queued", "started", "stored", "read", "used", "idle"]
    assert column(trace, "status") == ["Pending", "Running", "Success", "Success", "Success", "N/A"]
    assert column(trace, "result") == ["None", "None", "-1.0", "-1.0", "-1.0", "N/A"]
    assert column(trace, "process") == ["caller", "worker", "monitor", "caller", "caller", "lab"]


@given(RUNS)
def test_steps_are_numbered_from_1(events: list[MadeUpEvent]) -> None:
    trace = project(lesson(), events)
    assert [step.number for step in trace.steps] == list(range(1, len(trace.steps) + 1))
    assert all(trace.state_at(step.number) == step.state for step in trace.steps)


@given(RUNS)
def test_the_status_and_result_of_a_row_are_those_of_its_task(events: list[MadeUpEvent]) -> None:
    trace = project(lesson(), events)
    for step in trace.steps:
        if not step.task:
            assert (step.task_label, step.status, step.result) == ("", "N/A", "N/A")
            continue
        task = trace.histories.tasks[step.task]
        assert step.task_label == task.label
        assert step.status == task.status_at(step.event_number)
        assert (step.full_result or step.result) == task.result_at(step.event_number)


def test_a_row_has_the_result_of_its_own_task_and_never_of_another_one() -> None:
    rows = cells(queued("t1"), stored("t1", success=False, result="declined"), queued("t2"), started("t2"))
    assert rows == [
        ("t1", "Pending", "None"),
        ("t1", "Failed", "declined"),
        ("t2", "Pending", "None"),
        ("t2", "Running", "None"),
    ]


def test_a_row_about_no_task_has_no_status_and_no_result() -> None:
    assert cells(queued(), stored(), idle())[-1] == ("", "N/A", "N/A")


def test_a_row_of_a_program_that_has_read_a_task_is_about_that_task() -> None:
    assert cells(stored("t1"), stored("t2"), read(("t1", 1)), program_ended())[2:] == [("t1", "Success", "-1.0")] * 2


def test_a_row_of_a_program_that_has_read_several_tasks_at_once_is_about_none() -> None:
    assert cells(stored("t1"), stored("t2"), read(("t1", 1), ("t2", 1)))[2:] == [("", "N/A", "N/A")]


def test_a_row_of_a_process_that_has_read_nothing_is_about_no_task() -> None:
    assert cells(stored(), read(("t1", 1), lane="worker"), program_ended())[-1] == ("", "N/A", "N/A")


def test_a_read_row_is_shown_as_it_is_at_the_step() -> None:
    twice = [stored(success=False, result="no"), read(("t1", 1)), stored(delivery=2, attempt_count=2), program_ended()]
    assert [row[1:] for row in cells(*twice)] == [
        ("Failed", "no"),
        ("Failed", "no"),
        ("Success", "-1.0"),
        ("Success", "-1.0"),
    ]


def test_a_task_that_is_executed_again_keeps_the_status_of_its_row_and_says_which_delivery_is_not_over() -> None:
    first = [asked(), queued(), picked(), started(), finished(), stored(), picked(delivery=2)]
    again = [by(83, each) for each in (started(delivery=2), returned(delivery=2), finished(delivery=2))]
    kept = with_rows("started", "returned", "finished", "stored", "acknowledged")
    steps = trace_of([*first, *again, acknowledged(delivery=2)], kept).steps
    rows = [(step.event, step.status, step.unsettled, step.unstored) for step in steps]
    assert rows == [
        ("started", "Running", (), ()),
        ("finished", "Running", (), ()),
        ("stored", "Success", (), ()),
        ("started", "Success", (2,), ()),
        ("returned", "Success", (2,), (2,)),
        ("finished", "Success", (2,), (2,)),
        ("acknowledged", "Success", (), ()),
    ]


@pytest.mark.parametrize("delivery", [1, 2])
def test_a_row_about_the_execution_of_a_task_inside_another_one_is_about_its_own(delivery: int) -> None:
    nested = [
        started("outer", delivery),
        started("inner", None),
        finished("inner", None),
        stored("inner", None, "worker"),
    ]
    trace = trace_of([asked(), *nested], with_rows("started", "stored"))
    assert [(step.task, step.status) for step in trace.steps] == [
        ("outer", "Running"),
        ("inner", "Running"),
        ("inner", "Success"),
    ]
    assert trace.histories.tasks["outer"].status == "Running"


def test_a_row_about_a_killed_worker_is_about_the_task_that_it_executed() -> None:
    death = died(73, task="t1")
    assert cells(queued(), picked(), started(), death)[-1] == ("t1", "Pending", "None")
    again = [picked(delivery=2), by(83, started(delivery=2)), by(83, finished(delivery=2)), stored(delivery=2)]
    assert [row[1] for row in cells(queued(), picked(), started(), death, *again)][-2:] == ["Running", "Success"]


def test_a_rule_may_say_which_task_its_row_is_about() -> None:
    run = [queued("t1"), queued("t2"), stored("t2"), printed("one\n")]
    assert cells(*run, of=with_rows("printed", about="charge#1")) == [("t1", "Pending", "None")]
    assert cells(*run, of=with_rows("printed", about="name of t2")) == [("t2", "Success", "-1.0")]
    assert cells(*run, of=with_rows("stored", about="none")) == [("", "N/A", "N/A")]
    assert cells(*run, of=with_rows("printed", about="nobody")) == [("", "N/A", "N/A")]


def test_a_rule_about_the_task_that_was_read_takes_no_other_one() -> None:
    reads = with_rows("queued", "line", about="read")
    assert [row[0] for row in cells(queued("t1"), stored("t1"), read(("t1", 1)), queued("t2"), of=reads)] == [
        "",
        "t1",
        "t1",
    ]


def test_a_success_that_was_acknowledged_without_a_row_has_no_status() -> None:
    kept = with_rows("acknowledged")
    assert cells(queued(), started(), finished(), acknowledged(), of=kept) == [("t1", "N/A", "None")]


def test_only_the_first_of_several_rules_that_match_makes_a_step() -> None:
    assert column(trace_of([asked(), died(73)]), "id") == ["worker-died"]


def test_knobs_fill_the_texts_of_steps() -> None:
    trace = trace_of([asked(function="math.pow", x=2, y=0.5), queued()])
    assert "math.pow(2, 0.5)" in trace.steps[0].sentence


def test_a_text_has_the_names_of_its_task_and_its_process() -> None:
    rule = (
        lesson()
        .content.steps[0]
        .model_copy(
            update={"on": Pattern(event="started"), "headline": "{Who} runs {task.label}: {task.status}, {who}"}
        )
    )
    trace = trace_of([asked(), queued(), started()], changed(lesson(), steps=(rule,)))
    assert trace.steps[0].headline == "Worker A runs charge: Running, worker A"


def test_a_headline_is_cut_where_a_value_makes_it_too_long() -> None:
    rule = lesson().content.steps[0].model_copy(update={"headline": "{event.args}"})
    headlines = [
        trace_of([asked(), queued(args="x" * length)], changed(lesson(), steps=(rule,))).steps[0].headline
        for length in (HEADLINE, HEADLINE + 1)
    ]
    assert headlines == ["x" * HEADLINE, "x" * (HEADLINE - 1) + "…"]


def test_a_long_result_is_shortened_in_its_cell_and_kept_whole_beside_it() -> None:
    traceback = "math domain error : Traceback (most recent call last):\n  line 1\n"
    (step,) = trace_of([asked(), stored(success=False, result=traceback)]).steps
    assert step.result == "math domain error : Traceback (most recent call last):…"
    assert step.full_result == traceback


def test_a_step_knows_its_event() -> None:
    (step,) = trace_of([asked(), printed("one\n"), queued()]).steps
    assert (step.event, step.event_number, step.process, step.pid, step.at_ms) == ("queued", 3, "caller", 71, 3.0)


def test_position_0_is_the_start() -> None:
    trace = trace_of([asked(), queued(), started()])
    assert trace.state_at(0) == trace.start


def test_steps_of_the_first_edition_show_the_same_cells() -> None:
    run = [queued(), picked(), started(), finished(), stored(), acknowledged()]
    old = [of_first_edition(each) for each in run]
    assert cells(*old) == cells(*run)
