"""`show_run` prints a stored run, and `run_lesson` prints the same of a new one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.commands import Finished, run_command
from tests.recording import SLUG
from tutor.checking.moment_json import moment_as_json
from tutor.runs.models import Run
from tutor.runs.versions import lesson_of
from tutor.trace.projector import project

pytestmark = pytest.mark.django_db(transaction=True)
CHAINS = "chains"


def run_lesson(slug: str = SLUG, *arguments: str) -> Run:
    """Run a lesson in a real lab; return its run."""
    run_command("run_lesson", slug, *arguments)
    return Run.objects.latest("pk")


def show(run: Run, *options: str) -> Finished:
    return run_command("show_run", run.public_id, *options)


def moment(run: Run, step: int) -> Any:
    (shown,) = show(run, "--json", "--step", str(step)).json["moments"]
    return shown


@pytest.mark.parametrize("options", [("--moments",), ("--moments", "--json"), ("--events",), ("--events", "--json")])
def test_a_stored_run_is_printed_like_the_new_one_each_time(options: tuple[str, ...]) -> None:
    new = run_command("run_lesson", SLUG, *options)
    run = Run.objects.get()
    assert new.exit == 0
    assert show(run, *options) == show(run, *options) == new


def test_an_unknown_run_is_refused_in_one_line() -> None:
    ran = run_command("show_run", "nope")
    assert (ran.exit, ran.out) == (2, "")
    assert ran.err == 'unknown run "nope": use the id in the address of its page, /runs/RUN/\n'


def test_an_unknown_step_is_refused_with_the_known_ones() -> None:
    run = run_lesson()
    for step in ("7", "-1"):
        ran = show(run, f"--step={step}")
        assert (ran.exit, ran.out) == (2, "")
        assert ran.err == f'unknown step "{step}" of the run {run.public_id} (known: 0 to 6)\n'


def test_a_failed_run_is_exit_code_1() -> None:
    assert show(run_lesson(SLUG, "--knob", "wait=no")).exit == 1


def test_each_step_names_its_task_and_has_a_headline() -> None:
    shown = show(run_lesson(), "--json").json
    (task,) = shown["tasks"]
    assert [step["task"] for step in shown["steps"]] == [task["name"]] * 5 + [None]
    assert [step["task_label"] for step in shown["steps"]] == ["copysign"] * 5 + [None]
    assert all(step["headline"] for step in shown["steps"])


def test_a_task_has_what_it_was_queued_with_and_what_became_of_it() -> None:
    shown = show(run_lesson(SLUG, "--intervene", "started=kill"), "--json").json
    (task,) = shown["tasks"]
    assert (task["func"], task["args"], task["kwargs"]) == ("math.copysign", "(1, -1)", "{}")
    assert (task["success"], task["result"], task["status"]) == (True, "-1.0", "Success")
    assert [each["delivery"] for each in task["deliveries"]] == [1, 2]
    killed, done = task["executions"]
    assert (killed["success"], done["success"]) == (None, True)
    assert killed["begin_ms"] < killed["end_ms"] <= done["begin_ms"] < done["end_ms"]
    workers = [each for each in shown["processes"] if each["role"] == "worker"]
    assert [each["label"] for each in workers][:2] == ["worker A", "worker B"]
    assert workers[0]["died"] == "SIGKILL"


def test_messages_are_the_hand_overs_that_were_seen() -> None:
    messages = show(run_lesson(), "--json").json["messages"]
    ways = [(each["kind"], each["sent"]["process"], each["received"]["process"]) for each in messages]
    assert ("queued", "caller", "pusher") in ways
    assert ("given", "pusher", "worker") in ways
    assert ("result", "worker", "monitor") in ways
    assert ("read", "monitor", "caller") in ways


def test_a_task_without_a_task_row_has_no_result() -> None:
    run = run_lesson(CHAINS)
    shown = show(run, "--json").json
    step = next(each for each in shown["steps"] if each["action"] == "ship starts")
    assert (step["task"], step["status"], step["result"]) == ("ship", "Running", "None")
    assert {each["label"]: each["success"] for each in shown["tasks"]}["charge"] is False
    ship = moment(run, step["step"])
    (going_on,) = [bar for bar in ship["bars"] if bar["kind"] == "execution" and bar["end_ms"] is None]
    assert [each["status"] for each in ship["tasks"]] == ["Success", "Failed", "Running"]
    assert (going_on["kind"], going_on["task"], going_on["process_label"]) == ("execution", "ship", "worker A")


def test_a_moment_has_lines_locals_tokens_rows_lanes_and_bars() -> None:
    run = run_lesson()
    read = moment(run, 4)
    (line,) = read["lines"]
    assert (line["process"], line["file"], line["line"], line["ran"]) == ("caller", "program.py", None, 9)
    assert read["locals"][0]["names"]["result"] == "-1.0"
    assert read["rows"]["Task"]["count"] == len(read["rows"]["Task"]["rows"]) == 1
    assert read["rows"]["Task"]["seen_by"]["process"] in ("caller", "monitor")
    assert all(token["path"][-1] == token["node"] for token in read["tokens"])
    assert {each["role"] for each in read["processes"]} >= {"caller", "worker", "pusher", "monitor"}
    assert [lane.split()[0] for lane in read["lanes"]] == ["caller", "OrmQ", "worker", "monitor", "Task"]
    assert {bar["kind"] for bar in read["bars"]} >= {"program", "waiting", "locked", "execution", "storing", "stored"}
    assert [arrow["kind"] for arrow in read["arrows"]][:5] == ["queue", "give", "result", "store", "read"]


def test_writes_to_a_table_of_the_lesson_are_arrows_of_who_wrote_and_for_which_task() -> None:
    run = run_lesson("a-race-on-one-counter")
    moments = show(run, "--json", "--moments").json["moments"]
    written = [[arrow for arrow in each["arrows"] if arrow["kind"] == "write"] for each in moments]
    writes = next(found for found in written if len(found) == 3)
    assert [(each["from"].split()[0], each["to"]) for each in writes] == [
        ("caller", "Chair"),
        ("worker", "Chair"),
        ("worker", "Chair"),
    ]
    assert [each["task"] for each in writes][:1] == [None]
    assert {each["task"] for each in writes[1:]} == {"Ada", "Ben"}


def test_nothing_of_a_moment_comes_from_later_events() -> None:
    run = run_lesson(SLUG, "--intervene", "started=kill")
    lesson, events = lesson_of(run), list(run.events.order_by("number"))
    whole = project(lesson, events)
    for step in whole.steps:
        so_far = project(lesson, events[: step.event_number])
        assert moment_as_json(so_far, step.number) == moment_as_json(whole, step.number)


def test_moments_are_those_of_the_start_and_of_each_step() -> None:
    run = run_lesson()
    moments = show(run, "--json", "--moments").json["moments"]
    assert [each["step"] for each in moments] == [0, 1, 2, 3, 4, 5, 6]
    assert (moments[0]["lanes"], moments[0]["bars"], moments[0]["rows"]) == ([], [], {})
    assert moments[3] == moment(run, 3)
    assert "moments" not in show(run, "--json").json


def test_a_moment_is_printed_below_the_tables() -> None:
    shown = show(run_lesson(), "--step", "2")
    for text in ("After step 2", "worker A", "copysign, delivery 1 is executed by worker A", "ms to …"):
        assert text in shown.out
    assert max(map(len, shown.out.splitlines())) <= 100


def test_every_event_is_printed_in_one_line() -> None:
    run = run_lesson()
    lines = show(run, "--events").out.splitlines()
    kinds = list(run.events.order_by("number").values_list("number", "kind"))
    assert len(lines) == len(kinds)
    assert all(f"{number} " in line and f" {kind}" in line for line, (number, kind) in zip(lines, kinds, strict=True))
    assert max(map(len, lines)) <= 100


def test_every_event_is_printed_as_json_with_all_of_its_fields() -> None:
    run = run_lesson()
    printed = [json.loads(line) for line in show(run, "--events", "--json").out.splitlines()]
    for event, shown in zip(run.events.order_by("number"), printed, strict=True):
        assert (shown["number"], shown["kind"], shown["lane"], shown["pid"]) == (
            event.number,
            event.kind,
            event.lane,
            event.pid,
        )
        assert shown["payload"].keys() >= event.payload.keys()
    acknowledged = next(each for each in printed if each["kind"] == "acknowledged")
    assert {name: seen["count"] for name, seen in acknowledged["payload"]["rows"].items()} == {"OrmQ": 0, "Task": 1}
    assert acknowledged["payload"]["args"] == "(1, -1)"
