from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, asked, changed, event, lesson, trace_of
from tests.trace.life import finished, line, queued, started, stored
from tutor.lessons.format.steps import TrackedVariable
from tutor.lessons.lesson import Lesson
from tutor.trace.model import NOT_YET
from tutor.trace.projector import project
from tutor.trace.tasks import Tasks
from tutor.trace.tracker import BRIEF, Tracker, brief

TRACKED = (
    TrackedVariable(name="task_status", kind="derived", start="None"),
    TrackedVariable(name="result", kind="program", label="the program's result"),
)

RULES = lesson().content.steps


def program_ended(names: dict[str, str]) -> MadeUpEvent:
    return event("program_ended", "caller", error=None, locals=names)


def test_derived_variables_start_with_their_text_and_program_variables_are_not_there_yet() -> None:
    assert Tracker(TRACKED, Tasks()).values == {"task_status": "None", "result": NOT_YET}


def test_steps_fill_derived_variables_and_the_program_has_its_own() -> None:
    tracker = Tracker(TRACKED, Tasks())
    tracker.fill({"task_status": "{event.status}!"}, {"event": {"status": "Running"}})
    tracker.apply(program_ended({"result": "-1.0", "task_status": "the program's own", "other": "1"}))
    assert tracker.values == {"task_status": "Running!", "result": "-1.0"}


def test_a_name_that_the_program_does_not_have_keeps_its_last_text() -> None:
    tracker = Tracker(TRACKED, Tasks())
    tracker.apply(program_ended({"result": "1"}))
    tracker.apply(program_ended({}))
    assert tracker.values["result"] == "1"


def test_a_variable_without_a_label_is_called_by_its_name() -> None:
    assert [each.label for each in Tracker(TRACKED, Tasks()).variables()] == ["task_status", "the program's result"]


@given(st.text())
def test_a_cell_has_one_short_line_that_begins_like_the_value(value: str) -> None:
    text = brief(value)
    assert "\n" not in text
    assert len(text) <= BRIEF + 1
    assert text == value or (text.endswith("…") and value.startswith(text[:-1].rstrip()))


def values(*events: MadeUpEvent, of: Lesson | None = None) -> dict[str, list[str]]:
    """Return each variable's texts after the steps."""
    return {each.name: list(each.values[1:]) for each in trace_of([asked(), *events], of).variables}


def tracking(*variables: TrackedVariable) -> Lesson:
    return changed(lesson(), variables=variables, steps=[each.model_copy(update={"set": {}}) for each in RULES])


def test_program_variables_are_read_from_the_programs_own_lines_only() -> None:
    in_a_function = line(2, 1, function="helper", locals={"result": "of the helper"})
    of_a_worker = line(2, 1, "worker", locals={"result": "of the worker"})
    found = values(line(9, 8, locals={"result": "-1.0"}), in_a_function, of_a_worker, queued())
    assert found["result"] == ["-1.0"]
    assert found["status"] == [NOT_YET]


def test_a_file_that_the_program_imports_has_variables_of_its_own() -> None:
    imported = line(2, 1, file="shop/tasks.py", locals={"result": "of the module"})
    assert values(imported, queued())["result"] == [NOT_YET]


def test_a_variable_may_belong_to_a_task() -> None:
    of_second = tracking(TrackedVariable(name="total", kind="program", task="charge#2"))
    inside = {"file": "shop/tasks.py", "function": "charge"}
    run = [queued("t1"), queued("t2")]
    run.append(line(3, 2, "worker", task="t1", locals={"total": "1"}, **inside))
    run.append(line(3, 2, "worker", task="t2", locals={"total": "2"}, **inside))
    assert values(*run, started("t2"), of=of_second)["total"] == [NOT_YET, NOT_YET, "2"]


def test_status_and_result_of_a_task_are_tracked_by_its_events() -> None:
    both = tracking(
        TrackedVariable(name="state", kind="status", task="charge#1"),
        TrackedVariable(name="value", kind="result", task="charge#1"),
    )
    run = [queued("t1"), started("t1"), finished("t1"), stored("t1"), queued("t2"), started("t2")]
    found = values(*run, of=both)
    assert found["state"] == ["Pending", "Running", "Success", "Success", "Success"]
    assert found["value"] == ["None", "None", "-1.0", "-1.0", "-1.0"]


def test_a_task_that_is_not_there_has_no_status_and_no_result() -> None:
    nobodys = tracking(
        TrackedVariable(name="state", kind="status", task="ship"),
        TrackedVariable(name="value", kind="result", task="ship"),
    )
    assert values(queued("t1"), started("t1"), of=nobodys) == {"state": ["N/A"] * 2, "value": ["None"] * 2}


@given(RUNS)
def test_every_step_has_a_place_in_each_variables_row(events: list[MadeUpEvent]) -> None:
    trace = project(lesson(), events)
    for each in trace.variables:
        assert len(each.values) == len(trace.steps) + 1
        assert list(each.values) == [
            trace.start.variables[each.name],
            *(s.state.variables[each.name] for s in trace.steps),
        ]
