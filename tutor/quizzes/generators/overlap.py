"""Whether executions go on at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tutor.lessons.claims import subject_of
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.claim_evaluation import executions_of, observed_value
from tutor.trace.histories import Execution, TaskHistory
from tutor.trace.model import Trace

from .again import DEAD, DONE, FAILED, RUNNING, WAITING, state_at
from .fact import Fact, claim_of, id_of
from .first import APART_MS
from .repeats import is_close
from .wording import code

TOGETHER = "Yes, in two processes"
APART = "No, one after the other"
ONE_PROCESS = "Yes, in one process"
ONCE = "No, as it is executed once only"


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask of each task that is executed again whether it ever is so twice at a time, and of two tasks that could be."""
    if not trace.ended:
        return
    retry = lesson.lab_settings(lesson.case_knobs(case)).get("Q_CLUSTER", {}).get("retry")
    named = [each for each in trace.tasks if each.executions and is_named(each, trace) and not is_close(each)]
    for task in named:
        yield from with_itself(task, retry, case, trace)
    once = [each for each in named if len(each.executions) == 1]
    for one, other in pairwise(sorted(once, key=lambda each: each.executions[0].started.number)):
        if waits(other, one.executions[0]) and is_no_chance(one.executions[0], other.executions[0], trace):
            yield from with_another(one, other, case, trace)


def is_named(task: TaskHistory, trace: Trace) -> bool:
    """Return whether a claim can name the executions of a task: no other task is called so."""
    is_plain = "," not in task.label and "#" not in task.label
    return is_plain and len(executions_of(trace, task.label)) == len(task.executions)


def waits(task: TaskHistory, execution: Execution) -> bool:
    """Return whether a task was in the queue before an execution was over."""
    return bool(task.queued and execution.ended and task.queued.number < execution.ended.number)


def is_no_chance(one: Execution, other: Execution, trace: Trace) -> bool:
    """Return whether something decides that the later execution begins before the earlier one is over, or after it."""
    if one.pid == other.pid or not one.ended:
        return one.pid == other.pid
    start, end = other.started.at_ms, one.ended.at_ms
    held = (each.at_ms for each in trace.state.notices if each.kind == "gate" and each.pid in (one.pid, other.pid))
    return abs(start - end) >= APART_MS or any(start <= each <= end for each in held)


def with_itself(task: TaskHistory, retry: object, case: Case, trace: Trace) -> Iterator[Question]:
    pairs = [
        (claim_of(case, "overlap", argument=f"{task.label}#{number},{task.label}#{number + 1}"), *each)
        for number, each in enumerate(pairwise(task.executions), 1)
    ]
    found = [(observed_value(subject_of(claim), trace), claim, one, other) for claim, one, other in pairs]
    if not found or any(each[0] is None for each in found):
        return
    together = next((each for each in found if each[0] == "overlap"), None)
    _, claim, one, other = together or found[0]
    key = TOGETHER if together else APART
    picked = next((each.picked for each in task.deliveries if each.number == other.delivery), other.started)
    fact = Fact(
        id=id_of("overlap", task.label),
        text=f"Is {code(task.label)} ever executed twice at the same time?",
        key=key,
        why=why_of(key, state_at(task, one, picked.number)),
        hint=f"When does the lock of its row expire (`retry = {retry}`), and what does the first execution do then?"
        if retry
        else "When does the lock of its row expire, and what does the first execution do then?",
        look="Look at the lanes of the workers in the timeline.",
        step=step_of(other, trace),
        claim=claim,
    )
    yield from fact.choice(others_of(key, state_at(task, one, picked.number)))


def why_of(key: str, state: str) -> str:
    """Return why executions of a task overlap or not; `state` is that of the earlier one at the next delivery."""
    if key == TOGETHER:
        return "The lock of its row expires while a worker is still at it, and another worker is free."
    return {
        RUNNING: "It is handed out again before it is done, but no worker is free for it until then.",
        DEAD: "The previous execution has ended with its worker. The next begins when the lock of the row has expired.",
        FAILED: "The previous execution has failed by then. The next begins when the lock of the row has expired.",
        DONE: "The previous execution is over by then, though nobody has acknowledged the task.",
        WAITING: "The previous execution is over by then. The next begins when the lock of the row has expired.",
    }[state]


AGAIN = {
    RUNNING: "Nobody has acknowledged it in time, so it is delivered again.",
    DEAD: "Nobody acknowledges the task of a dead worker, so it is delivered again.",
    FAILED: "A stored failure leaves its row in the queue, so it is delivered again.",
    DONE: "Its success wasn't acknowledged, so it is delivered again.",
    WAITING: "Nothing of its first execution was stored by then, so it is delivered again.",
}
"""What had become of an execution → why the task is delivered again."""


def others_of(key: str, state: str) -> Iterator[Option]:
    if key == APART:
        yield Option(TOGETHER, "By the time the next one begins, the previous one is over.")
    else:
        yield Option(APART, "The queue doesn't wait for the first one to be over.", "retry-after-failure")
    yield Option(ONCE, AGAIN[state], "exactly-once")
    yield Option(ONE_PROCESS, "A worker does one thing at a time.")


def with_another(one: TaskHistory, other: TaskHistory, case: Case, trace: Trace) -> Iterator[Question]:
    claim = claim_of(case, "overlap", argument=f"{one.label},{other.label}")
    observed = observed_value(subject_of(claim), trace)
    if observed is None:
        return
    key = TOGETHER if observed == "overlap" else APART
    fact = Fact(
        id=id_of("overlap", one.label, other.label),
        text=f"Are {code(one.label)} and {code(other.label)} executed at the same time?",
        key=key,
        why="A worker is free for the second one while another is still at the first."
        if key == TOGETHER
        else "No worker begins the second one before the first one is over.",
        hint="How many workers are free when the second one is handed out?",
        look="Look at the lanes of the workers in the timeline.",
        step=step_of(other.executions[0], trace),
        claim=claim,
    )
    wrong = [Option(ONE_PROCESS, "A worker does one thing at a time.")]
    if key == TOGETHER:
        wrong.append(Option(APART, "The second one doesn't wait for the first one.", "first-in-first-out"))
    else:
        wrong.append(Option(TOGETHER, "The second one has to wait for the first one.", "enqueued-is-started"))
    yield from fact.choice(wrong)


def step_of(execution: Execution, trace: Trace) -> int | None:
    """Return the number of the step at which an execution begins."""
    return next((each.number for each in trace.steps if each.event_number == execution.started.number), None)
