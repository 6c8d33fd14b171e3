"""Why a task is delivered again, and what is true of its earlier execution then."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import Execution, TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .wording import code

RUNNING = "It was still at work"
FAILED = "It had failed, and that was stored"
DEAD = "It had died with its worker"
DONE = "It had succeeded, and that was stored"
WAITING = "It was over, and nothing of it was stored"
OTHERS = {
    RUNNING: Option(RUNNING, "By then it was over."),
    FAILED: Option(FAILED, "No failure of it was stored by then.", "retry-after-failure"),
    DEAD: Option(DEAD, "Its worker was alive."),
    DONE: Option(DONE, "No success of it was stored by then."),
}


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask where the execution before was when a task is begun once more."""
    for moment in moments(lesson, case, trace):
        task = trace.histories.tasks.get(moment.step.task)
        delivery = moment.step.payload.get("delivery") or 1
        if task and "#" not in task.label and moment.step.event == "started" and delivery > 1:
            before = [each for each in task.executions if each.started.number < moment.step.event_number]
            if before:
                yield from state_before(moment, task, before[-1], case)


def state_before(moment: StepMoment, task: TaskHistory, before: Execution, case: Case) -> Iterator[Question]:
    picked = next((each.picked.number for each in task.deliveries if each.number == moment.step.payload["delivery"]), 0)
    if picked < before.started.number:
        return  # It was handed out again before the execution began.
    key = state_at(task, before, picked)
    if key == WAITING and before.received:
        return  # Its outcome was kept elsewhere than in a Task row.
    fact = Fact(
        id=id_of("again", moment.rule, task.label),
        text=f"The pusher hands out {code(task.label)} once more (delivery {moment.step.payload['delivery']})."
        " What had become of the previous execution by then?",
        key=key,
        why=REASONS[key],
        hint="The queue looks at the lock of the row, and at nothing else. When does that lock expire?",
        look=f"Look at {moment.look}, and at what its worker and the monitor have done before.",
        step=moment.step.number,
        claim=claim_of(case, "event", moment.rule, "delivery"),
    )
    yield from fact.choice(option for text, option in OTHERS.items() if text != key)


REASONS = {
    RUNNING: "The lock of its row expired while the worker was still at it. To the queue, slow and lost look alike.",
    FAILED: "A stored failure leaves the row in the queue. When its lock has expired, the task is delivered again.",
    DEAD: "Nobody acknowledges the task of a dead worker. When the lock of its row has expired, it is delivered again.",
    DONE: "A success that isn't acknowledged doesn't keep the row from being delivered again.",
    WAITING: "Its outcome had not come through when the lock of its row expired.",
}


def state_at(task: TaskHistory, execution: Execution, number: int) -> str:
    """Return what is true of an execution at the event with that number."""
    stored = [each for each in task.outcomes if each.saved.number < number and each.delivery == execution.delivery]
    if stored:
        return DONE if stored[-1].success else FAILED
    if execution.ended and execution.ended.number < number and not execution.finished:
        return DEAD
    over = execution.returned or execution.finished
    return WAITING if over and over.number < number else RUNNING
