from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.trace.events import MadeUpEvent, event
from tutor.lessons.format.steps import TrackedVariable
from tutor.trace.model import NOT_YET
from tutor.trace.tasks import Tasks
from tutor.trace.tracker import BRIEF, Tracker, brief

TRACKED = (
    TrackedVariable(name="task_status", kind="derived", start="None"),
    TrackedVariable(name="result", kind="program", label="the program's result"),
)


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
    assert [each.label for each in Tracker(TRACKED, Tasks()).variables(())] == ["task_status", "the program's result"]


@given(st.text())
def test_a_cell_has_one_short_line_that_begins_like_the_value(value: str) -> None:
    text = brief(value)
    assert "\n" not in text
    assert len(text) <= BRIEF + 1
    assert text == value or (text.endswith("…") and value.startswith(text[:-1]))
