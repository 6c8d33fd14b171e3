"""Cases after public reports of people who use django-q: each run says what was right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.checking.conftest import RunsOf
from tutor.checking.case_runs import CaseRun, Runs
from tutor.checking.findings import findings
from tutor.checking.mutation import mutants
from tutor.lessons.claims import subject_of
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.loading import load
from tutor.styles.drawing.lane_places import lanes_of
from tutor.styles.drawing.table_lines import lined_tables
from tutor.trace.claim_evaluation import observed_value
from tutor.trace.projector import project
from tutor.trace.timeline import timeline_at

CASES = Path(__file__).parents[1] / "cases"
NAMES = (
    "cluster-nobody-runs",
    "coroutine-task",
    "function-in-the-program",
    "one-bad-schedule",
    "receiver-raises",
    "swallowed-keywords",
    "sync-in-settings",
    "two-clusters",
    "what-lessons-can-say",
)
STEP = """[[steps]]
id = "kept"
on = { event = "queued", where = { "options.group" = "maths", "options.timeout" = 1, kwargs = "{}" } }
short = "Queued"
action = "It is queued"
note = "group {event.options.group}, kwargs {event.kwargs}, after {event.options.timeout} s"

[[steps]]"""


@pytest.fixture(scope="module")
def runs(runs_of: RunsOf) -> Runs:
    return runs_of([load(CASES / name) for name in NAMES])


def of(runs: Runs, name: str) -> CaseRun:
    return runs[name, "default"]


def test_a_worker_that_dies_before_the_function_uses_up_a_delivery(runs: Runs) -> None:
    run = of(runs, "receiver-raises")
    (task,) = run.trace.tasks
    assert [each.number for each in task.deliveries] == [1, 2]
    assert (task.executions, task.status) == ((), "Pending")
    assert run.trace.ended and run.trace.ended.outcome == "finished"
    assert "LookupError: no tenant" in notices(run)


def test_a_coroutine_is_made_and_never_run(runs: Runs) -> None:
    run = of(runs, "coroutine-task")
    assert run.trace.executions == ()
    assert "the call made a coroutine, which was never awaited" in notices(run)
    assert not [each for each in run.trace.steps if "executes" in each.note or "begins" in each.headline]


def test_a_common_step_says_what_was_not_begun_and_why(runs: Runs, tmp_path: Path) -> None:
    changed = with_steps("coroutine-task", '[[steps]]\nuse = "not-started"\n\n[[steps]]', tmp_path)
    trace = project(changed, of(runs, "coroutine-task").events)
    step = next(each for each in trace.steps if each.id == "not-started")
    assert (step.headline, step.status) == ("Worker A does not enter the function of fetch_page.", "Pending")
    assert step.note.startswith("fetch_page is a coroutine function: the call made a coroutine")


def test_under_sync_no_step_speaks_of_a_worker_or_of_a_row_that_was_in_the_queue(runs: Runs) -> None:
    started, stored, *_ = of(runs, "sync-in-settings").trace.steps
    assert (started.headline, started.note) == ("The program begins crawl.", "The program executes shop.tasks.crawl.")
    assert stored.note == "The caller saves a Task row with success True."


def test_a_task_that_no_worker_can_have_is_named_in_its_own_rows(runs: Runs) -> None:
    trace = of(runs, "function-in-the-program").trace
    own = [step for step in trace.steps if step.task_label == "mine"]
    assert {step.id for step in own} == {"queued", "picked"}
    assert {(step.status, step.result) for step in own} == {("Pending", "None")}
    assert not [step for step in trace.steps if "(not seen)" in f"{step.headline} {step.note} {step.sentence}"]


def test_the_reason_why_a_schedule_was_not_carried_out_is_shown(runs: Runs) -> None:
    run = of(runs, "one-bad-schedule")
    (logged,) = [each for each in run.trace.state.notices if each.kind == "logged"]
    said = "Could not create task from schedule"
    assert logged.text.startswith(f"django-q2 logs: {said}: ValueError: malformed node or string on line 1: <ast.Name")
    assert logged.whole.startswith(f"{said}\nTraceback (most recent call last):")


def test_keyword_arguments_that_became_options_are_seen_and_missed(runs: Runs) -> None:
    run = of(runs, "swallowed-keywords")
    first = run.trace.tasks[0].id
    queued, entered = (
        each.payload for each in run.events if each.kind in ("queued", "not_started") and each.payload["task"] == first
    )
    assert queued["options"] == entered["options"] == {"group": "maths", "timeout": 1}
    assert queued["kwargs"] == entered["kwargs"] == "{}"
    assert entered["swallowed"] == "group, timeout"
    assert "async_task kept group and timeout as options of the task" in notices(run)
    assert [each.description["options"]["group"] for each in run.trace.tasks[:2]] == ["maths", "maths"]


def test_options_and_keyword_arguments_can_be_used_in_rules_templates_and_claims(runs: Runs, tmp_path: Path) -> None:
    changed = with_steps("swallowed-keywords", STEP, tmp_path)
    trace = project(changed, of(runs, "swallowed-keywords").events)
    (step,) = [each for each in trace.steps if each.id == "kept"]
    assert step.note == "group maths, kwargs {}, after 1 s"
    assert observed_value(subject_of("event@kept:options.timeout"), trace) == "1"


def test_a_row_for_a_cluster_that_nobody_runs_ends_the_run_at_once(runs: Runs) -> None:
    trace = of(runs, "cluster-nobody-runs").trace
    ended, there = trace.ended, trace.tasks[1]
    assert ended and (ended.outcome, ended.reason) == ("finished", "1 row left, for cluster long.")
    assert trace.steps[-1].note == "In OrmQ: 1 row left, for cluster long."
    assert (there.name, there.status, there.deliveries) == ("there", "Pending", ())
    timeline = timeline_at(trace, len(trace.steps))
    [line] = lined_tables(trace, len(trace.steps), timeline, {}, 10)[0].lines
    assert line.cells[2:] == ("for cluster long", "waiting")


def test_each_of_two_clusters_has_lanes_of_its_own(runs: Runs) -> None:
    trace = of(runs, "two-clusters").trace
    (there,) = [step for step in trace.steps if step.id == "started-there"]
    assert there.headline == f"W{there.process_label[1:]} of long begins there."
    stored = [step.headline for step in trace.steps if step.event == "stored"]
    assert sorted(stored) == [
        "The monitor of lab stores what here returned.",
        "The monitor of long stores what there returned.",
    ]
    lanes = [lane.label for lane in lanes_of(timeline_at(trace, len(trace.steps)))]
    assert {"monitor of lab", "monitor of long", f"{there.process_label} of long"} <= {
        *lanes[:-1],
        *lanes[-1].split(", "),
    }
    assert trace.ended and trace.ended.reason == ""


def test_a_lesson_can_say_why_a_row_goes_how_long_a_value_is_who_printed_and_what_one_case_waits_for(
    runs: Runs,
) -> None:
    lesson = of(runs, "what-lessons-can-say").lesson
    assert [str(each) for each in findings(lesson, runs)] == []
    assert [str(each) for each in mutants([lesson], runs) if not each.caught] == []
    gates = {
        case: [e.payload["name"] for e in runs[slug, case].events if e.kind == "gate"]
        for slug, case in runs
        if slug == lesson.slug
    }
    assert gates == {"default": [], "late": ["answered"]}
    assert "The program asks when the outcome is stored." in notices(runs[lesson.slug, "late"])


def with_steps(name: str, steps: str, folder: Path) -> Lesson:
    """Return the lesson with `steps` for the beginning of its first step."""
    copied = Path(shutil.copytree(CASES / name, folder / name))
    text = (copied / "lesson.toml").read_text()
    (copied / "lesson.toml").write_text(text.replace("[[steps]]", steps, 1))
    return load(copied)


def notices(run: CaseRun) -> str:
    return "\n".join(each.text for each in run.trace.state.notices)
