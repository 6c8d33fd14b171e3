"""The first lesson says what happens, for all values of its knobs, and nothing before it has happened."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.trace.events import asked, event, trace_of
from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.claim_finder import prose_of
from tutor.trace.model import Step

PROGRAM = """\
from django_q.tasks import async_task

# Start a task
async_task('math.copysign', 1, -1)

# Later check status and result
from django_q.models import Task
result = Task.objects.last().result
status = Task.objects.last().success
"""

TASK = {"task": "1f" * 16, "name": "four-word-name", "func": "math.copysign", "ack": 1}
ROWS = {"OrmQ": {"count": 1, "rows": []}, "Task": {"count": 0, "rows": []}}
DOMAIN = "ValueError: math domain error"
TRACEBACK = f"math domain error : Traceback (most recent call last):\n  …\n{DOMAIN}\n"
NONE_HAS_NO_RESULT = "AttributeError: 'NoneType' object has no attribute 'result'"

Event = tuple[str, str, dict[str, Any]]
QUEUED: Event = ("queued", "caller", {**TASK, "args": "(1, -1)", "rows": ROWS})
RETURNED: Event = ("returned", "worker", {**TASK})
IDLE: Event = ("idle", "lab", {"rows": ROWS, "waiting": 0})


def picked(delivery: int) -> Event:
    return "picked", "pusher", {**TASK, "delivery": delivery, "lock_s": 2, "rows": ROWS}


def started(delivery: int = 1) -> Event:
    return "started", "worker", {**TASK, "args": "(1, -1)", "delivery": delivery, "rows": ROWS}


def stored(result: str) -> Event:
    outcome = {"success": True, "result": result, "error": None, "attempt_count": 1, "created": True}
    return "stored", "monitor", {**TASK, **outcome, "rows": ROWS}


def failed(attempt: int = 1) -> Event:
    outcome = {"success": False, "result": TRACEBACK, "error": DOMAIN, "attempt_count": attempt}
    return "stored", "monitor", {**TASK, **outcome, "created": attempt == 1, "rows": ROWS}


def lines(ran: int, following: int | None, **names: str) -> Event:
    payload = {"file": "program.py", "line": following, "ran": ran, "function": "<module>", "locals": names, "hits": 1}
    read = [[TASK["task"], 1]] if names else []
    return "line", "caller", {**payload, "read": read}


def over(error: str | None = None, **names: str) -> Event:
    return "program_ended", "caller", {"error": error, "locals": names}


def read(result: str, status: str) -> list[Event]:
    return [
        lines(8, 9, result=result),
        lines(9, None, result=result, status=status),
        over(result=result, status=status),
    ]


DEFAULT = [QUEUED, started(), stored("-1.0"), *read("-1.0", "True"), IDLE]
DOMAIN_ERROR = [QUEUED, started(), failed(), *read(repr(TRACEBACK), "False"), started(2), failed(2), IDLE]
TOO_EARLY = [QUEUED, lines(8, None), over(NONE_HAS_NO_RESULT), started(), stored("-1.0"), IDLE]
KILLED = [
    QUEUED,
    started(),
    (
        "died",
        "sentinel",
        {"task": TASK["task"], "process": "worker", "died_pid": 73, "signal": "SIGKILL", "exitcode": None},
    ),
    started(2),
    stored("-1.0"),
    *read("-1.0", "True"),
    IDLE,
]
LEFT = [QUEUED, ("idle", "lab", {"rows": ROWS, "waiting": 1})]


def steps(lesson: Lesson, events: list[Event]) -> tuple[Step, ...]:
    """Return the steps of a run with these events."""
    made = [event(kind, lane, **payload) for kind, lane, payload in events]
    return trace_of([asked(), *made], lesson).steps


def path(lesson: Lesson, events: list[Event]) -> tuple[str, ...]:
    """Return the nodes that the token of the last step has come to."""
    token = steps(lesson, events)[-1].token
    assert token
    return token.nodes


def ids(lesson: Lesson, events: list[Event]) -> list[str]:
    return [step.id for step in steps(lesson, events)]


def column(lesson: Lesson, events: list[Event], name: str) -> list[str]:
    return [getattr(step, name) for step in steps(lesson, events)]


def test_its_program_has_these_nine_lines(first_lesson: Lesson) -> None:
    assert first_lesson.program_text() == PROGRAM


def test_a_run_has_six_steps(first_lesson: Lesson) -> None:
    assert ids(first_lesson, DEFAULT) == ["queued", "started", "stored", "read", "used", "idle"]
    assert column(first_lesson, DEFAULT, "status") == ["Pending", "Running", "Success", "Success", "Success", "N/A"]
    assert column(first_lesson, DEFAULT, "result") == ["None", "None", "-1.0", "-1.0", "-1.0", "N/A"]


def test_a_failure_is_delivered_once_more_and_then_acknowledged(first_lesson: Lesson) -> None:
    rules = ["queued", "started", "failed", "read", "used-failure", "started-again", "failed-again", "idle"]
    assert ids(first_lesson, DOMAIN_ERROR) == rules
    assert column(first_lesson, DOMAIN_ERROR, "status") == [
        "Pending", "Running", "Failed", "Failed", "Failed", "Failed", "Failed", "N/A",
    ]  # fmt: skip
    assert column(first_lesson, DOMAIN_ERROR, "full_result")[2:7] == [TRACEBACK] * 5


def test_a_failures_notes_have_the_error_and_not_its_traceback(first_lesson: Lesson) -> None:
    for step in steps(first_lesson, DOMAIN_ERROR):
        assert "Traceback" not in step.note + step.sentence
    assert DOMAIN in steps(first_lesson, DOMAIN_ERROR)[2].note


def test_reading_too_early_ends_in_the_real_exception_and_the_task_goes_on(first_lesson: Lesson) -> None:
    assert ids(first_lesson, TOO_EARLY) == ["queued", "raised", "started", "stored", "idle"]
    assert NONE_HAS_NO_RESULT in steps(first_lesson, TOO_EARLY)[1].note
    assert column(first_lesson, TOO_EARLY, "status")[1] == "N/A"


def test_a_killed_worker_leaves_the_task_pending_until_it_is_delivered_again(first_lesson: Lesson) -> None:
    assert ids(first_lesson, KILLED)[:5] == ["queued", "started", "worker-died", "started-again", "stored"]
    assert column(first_lesson, KILLED, "status")[:5] == ["Pending", "Running", "Pending", "Running", "Success"]


def test_rows_that_stay_in_the_queue_are_mentioned(first_lesson: Lesson) -> None:
    last = steps(first_lesson, LEFT)[-1]
    assert "No new tasks" not in last.action
    assert "still in the queue: 1" in last.note
    assert first_lesson.closing_line("left", {"var": {}}) == ""


@pytest.mark.parametrize("events", [DEFAULT, DOMAIN_ERROR, TOO_EARLY, KILLED, LEFT])
def test_every_step_is_a_sentence_of_the_transcript_and_has_a_value_for_each_name(
    first_lesson: Lesson, events: list[Event]
) -> None:
    for step in steps(first_lesson, events):
        assert step.sentence.endswith("."), step.id
        assert "(not seen)" not in step.headline + step.action + step.note + step.sentence, step.id


def test_the_tracker_keeps_the_last_status_while_the_row_says_n_a(first_lesson: Lesson) -> None:
    idle = next(rule for rule in first_lesson.content.steps if rule.id == "idle")
    assert idle.set == {}
    assert column(first_lesson, DEFAULT, "status")[-1] == "N/A"
    assert [(each.name, each.kind) for each in first_lesson.content.variables] == [
        ("task_status", "derived"),
        ("task_result", "derived"),
        ("result", "program"),
        ("status", "program"),
    ]
    assert [each.start for each in first_lesson.content.variables[:2]] == ["None", "None"]


def test_the_wait_stands_at_the_line_after_later_and_no_wait_is_certain_to_be_too_early(first_lesson: Lesson) -> None:
    [wait] = first_lesson.gates_for(first_lesson.defaults)
    assert (wait.at.lane, wait.until.event) == ("caller", "stored")
    assert wait.at.when.where == {"file": "program.py", "line": 7}
    [early] = first_lesson.gates_for({**first_lesson.defaults, "wait": False})
    assert (early.at.event, early.until.event) == ("picked", "program_ended")


def test_its_flow_has_seven_nodes_and_two_ways_back(first_lesson: Lesson) -> None:
    ways = {(edge.source, edge.target) for edge in first_lesson.content.flow.edges}
    assert len(first_lesson.content.flow.nodes) == 7
    assert {("completes", "again"), ("completes", "store"), ("store", "again"), ("again", "running")} < ways


def test_an_error_is_stored_before_the_task_waits_for_its_retry(first_lesson: Lesson) -> None:
    once = [picked(1), started(), RETURNED, failed()]
    twice = [picked(2), started(2), RETURNED, failed(2)]
    to_the_store = ("running", "completes", "store")
    assert path(first_lesson, [QUEUED, *once, *twice]) == ("start", *to_the_store, "again", *to_the_store)


def test_a_task_whose_worker_died_comes_again_without_anything_stored(first_lesson: Lesson) -> None:
    assert path(first_lesson, KILLED[:3]) == ("start", "running", "completes", "again")


def test_its_quiz_has_four_options_a_question_and_one_of_them_right(first_lesson: Lesson) -> None:
    quiz = first_lesson.content.quiz
    assert [len(each.options) for each in quiz] == [4, 4, 4]
    assert [each.options[each.key].text for each in quiz] == ["Pending", "Step 3", "Failed"]
    assert [str(each.subject) for each in quiz] == ["status@queued", "step@stored", "fails/status@failed"]


def test_each_wrong_option_has_its_reason(first_lesson: Lesson) -> None:
    assert all(option.why for each in first_lesson.content.questions for option in each.options if not option.right)


def test_its_key_moments_lead_to_steps_one_three_and_four(first_lesson: Lesson) -> None:
    made = ids(first_lesson, DEFAULT)
    assert [made.index(moment.step) + 1 for moment in first_lesson.content.key_moments] == [1, 3, 4]


def test_its_settings_are_two_deliveries_of_one_second_each(first_lesson: Lesson) -> None:
    assert first_lesson.lab_settings(first_lesson.defaults) == {
        "Q_CLUSTER": {"workers": 1, "timeout": 1, "retry": 2, "max_attempts": 2}
    }


def test_its_prose_has_nothing_that_a_run_has_to_show_first(first_lesson: Lesson) -> None:
    for text in (first_lesson.why, first_lesson.inside, *(text for _, text in prose_of(first_lesson.content))):
        assert not re.search(r"-1\.0|domain error|NoneType", text)


def test_its_knobs_are_summed_up_in_a_line(first_lesson: Lesson) -> None:
    assert first_lesson.knob_summary({**first_lesson.defaults, "y": 2.5}) == "math.copysign(1, 2.5)"


def test_its_closing_line_says_what_is_stored(first_lesson: Lesson) -> None:
    line = first_lesson.closing_line("idle", {"knob": {}, "var": {"task_status": "Success"}})
    assert line == "Nothing is left to process. The final status, Success, and the result are stored in the Task row."


def test_the_summary_of_knobs_says_one_worker_and_two_workers() -> None:
    lesson = catalogue.get("it-ran-twice")
    assert lesson.knob_summary({**lesson.defaults, "workers": 1}).endswith("1 worker")
    assert lesson.knob_summary(lesson.defaults).endswith("2 workers")
