from __future__ import annotations

from dataclasses import replace

import pytest

from tests.trace.events import TASK, asked, event, events_of_first_lesson, lesson, trace_of
from tutor.lessons.claims import CLAIM_KINDS, Claim, subject_of
from tutor.trace import claim_evaluation
from tutor.trace.claim_evaluation import holds, observed_value, step_showing, value_holds
from tutor.trace.model import Trace
from tutor.trace.projector import project


@pytest.fixture(scope="module")
def trace() -> Trace:
    return project(lesson(), events_of_first_lesson())


@pytest.fixture(scope="module")
def unfinished() -> Trace:
    """The first lesson's run up to the start of its task."""
    events = events_of_first_lesson()
    last = next(index for index, each in enumerate(events) if each.kind == "started")
    return project(lesson(), events[: last + 1])


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("status@queued", "Pending"),
        ("result@stored", "-1.0"),
        ("task@stored", "copysign"),
        ("task@idle", "none"),
        ("step@stored", "3"),
        ("role@stored", "monitor"),
        ("value@used:result", "-1.0"),
        ("event@started:delivery", "1"),
        ("rows@queued:OrmQ", "1"),
        ("rows:OrmQ", "0"),
        ("row:Task.result", "-1.0"),
        ("row@queued:OrmQ.func", "math.copysign"),
        ("token:copysign", "start | running | completes | store | check | use"),
        ("token@started:copysign", "start | running"),
        ("token@stored:copysign/1", "start | running | completes | store"),
        ("steps", "6"),
        ("times@queued", "1"),
        ("times@failed", "0"),
        ("executions", "1"),
        ("executions:math.copysign", "1"),
        ("executions:copysign", "1"),
        ("executions:math.fmod", "0"),
        ("processes:worker", "1"),
        ("order@queued,stored", "before"),
        ("order@stored,queued", "after"),
        ("process@queued,read", "same"),
        ("process@queued,stored", "other"),
        ("outcome", "finished"),
        ("path", "queued | started | stored | read | used | idle"),
        ("statuses", "Pending | Running | Success | Success | Success | N/A"),
        ("results", "None | None | -1.0 | -1.0 | -1.0 | N/A"),
        ("tracker:task_result", "None | None | None | -1.0 | -1.0 | -1.0 | -1.0"),
        ("error", ""),
        ("printed", ""),
    ],
)
def test_each_kind_of_claim_has_its_value_in_the_run(trace: Trace, target: str, value: str) -> None:
    assert observed_value(subject_of(target), trace) == value


def test_every_kind_of_claim_can_be_evaluated() -> None:
    tables = (
        claim_evaluation.OF_RUN,
        claim_evaluation.OF_RUN_OR_STEP,
        claim_evaluation.OF_TWO_STEPS,
        claim_evaluation.OF_STEP,
    )
    assert sorted([*(kind for table in tables for kind in table), "times"]) == sorted(CLAIM_KINDS)


@pytest.mark.parametrize(
    "target",
    [
        "status@failed",
        "status@queued#2",
        "order@queued,failed",
        "rows:Nothing",
        "row:Nothing.id",
        "row:Task#2.id",
        "row:Task.nothing",
        "token:nobody",
        "token:copysign/2",
        "value@queued:nothing",
        "event@queued:nothing",
        "tracker:nothing",
        "overlap:nobody,green-four-lake-sad",
        "overlap:green-four-lake-sad#1",
    ],
)
def test_a_claim_about_what_the_run_does_not_have_never_holds(trace: Trace, target: str) -> None:
    subject = subject_of(target)
    assert observed_value(subject, trace) is None
    assert not value_holds(subject, "anything", trace)
    assert not value_holds(replace(subject, negated=True), "anything", trace)


def test_a_negated_claim_holds_where_the_run_shows_another_value(trace: Trace) -> None:
    assert value_holds(subject_of("!status@queued"), "Success", trace)
    assert not value_holds(subject_of("!status@queued"), "Pending", trace)


def test_a_claim_holds_in_its_words() -> None:
    claim = Claim("lesson.toml", 1, "twice", "twice", subject_of("times@queued"))
    queued = event("queued", "caller", **TASK, args="()")
    assert not holds(claim, trace_of([asked(), queued]))
    assert holds(claim, trace_of([asked(), queued, queued]))


def test_a_claim_about_a_run_that_goes_on_is_judged_by_what_it_has_so_far(unfinished: Trace) -> None:
    assert observed_value(subject_of("steps"), unfinished) == "2"
    assert observed_value(subject_of("outcome"), unfinished) is None


def test_the_errors_and_the_output_of_a_step_or_of_the_whole_run_are_told_apart() -> None:
    failed = {**TASK, "success": False, "result": "no", "error": "ValueError: no", "attempt_count": 1}
    printed = event("printed", "worker", stream="stdout", text="late\n")
    queued = event("queued", "caller", **TASK, args="()")
    trace = trace_of([asked(), queued, event("stored", "monitor", **failed), printed])
    assert observed_value(subject_of("error@failed"), trace) == "ValueError: no"
    assert observed_value(subject_of("error@queued"), trace) == ""
    assert observed_value(subject_of("error"), trace) == "ValueError: no"
    assert observed_value(subject_of("printed@failed"), trace) == ""
    assert observed_value(subject_of("printed"), trace) == "late\n"
    assert observed_value(subject_of("printer:lat"), trace) == "worker"
    assert observed_value(subject_of("printer@failed:lat"), trace) is None
    assert observed_value(subject_of("printer:early"), trace) is None


@pytest.mark.parametrize(
    ("order", "value"),
    [("a+ b+ a- b-", "overlap"), ("a+ a- b+ b-", "apart"), ("a+ b+", "overlap"), ("b+ a+", "overlap")],
)
def test_two_executions_overlap_if_one_starts_before_the_other_has_ended(order: str, value: str) -> None:
    events = []
    for each in order.split():
        task = {"task": each[0], "name": each[0], "func": "shop.tasks.work", "delivery": 1, "args": "()"}
        events.append(event("started" if each[1] == "+" else "finished", "worker", **task, success=True))
    trace = trace_of([asked(), *events])
    assert observed_value(subject_of("overlap:a,b"), trace) == value
    assert observed_value(subject_of("overlap:work,work#2"), trace) == value


def test_a_claim_is_shown_at_the_last_of_its_steps(trace: Trace, unfinished: Trace) -> None:
    assert step_showing(subject_of("status@stored"), trace) == 3
    assert step_showing(subject_of("order@stored,queued"), trace) == 3
    assert step_showing(subject_of("status@stored"), unfinished) is None


def test_a_claim_about_the_whole_run_is_shown_at_its_last_step_once_it_has_ended(
    trace: Trace, unfinished: Trace
) -> None:
    assert step_showing(subject_of("executions"), trace) == 6
    assert step_showing(subject_of("executions"), unfinished) is None
