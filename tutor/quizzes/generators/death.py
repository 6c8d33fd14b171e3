"""What becomes of a task whose worker has died in it."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import Execution, TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, named
from .wording import code

AGAIN = "It is executed again, from its beginning"
STAYS = "Its row stays in the queue, and it isn't executed again"
FAILED = "Its end is stored as a failure"
OVER = "That is the end of it: it is gone"
FINISHED = "Another worker goes on where it was left"
TIMEOUT = "after timeout"
"""What django-q2 logs of a worker that it has stopped because of its task's timeout."""
WHYS = {
    AGAIN: "No worker begins it again: the run is over before its row is delivered once more.",
    STAYS: "A worker begins it again before the run is over.",
    FAILED: "A failure is an outcome that a worker hands on. A dead one hands on nothing.",
    OVER: "Its row in the queue is still there: nobody has acknowledged it.",
    FINISHED: "Nobody knows where it was left. A function can only be called from its beginning.",
}
REASONS = {
    AGAIN: "Nobody has acknowledged it. When the lock of its row has expired, it is delivered like any other task.",
    STAYS: "Nobody has acknowledged it, so its row stays. This run is over before anybody delivers it"
    " again. The next cluster would, once the lock of the row has expired.",
}


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for what follows the first death of a worker in each task."""
    if not trace.ended:
        return
    deaths = [each for each in named(lesson, case, trace) if each.step.event == "died"]
    for task in trace.tasks:
        moment = next((each for each in deaths if each.step.payload.get("task") == task.id), None)
        died = next((each for each in task.executions if moment and is_cut(each, moment)), None)
        if moment and died:
            yield from fate_after(task, died, moment, case, trace)


def is_cut(execution: Execution, moment: StepMoment) -> bool:
    """Return whether an execution was ended by the death of its process at a step."""
    return bool(execution.ended and execution.ended.number == moment.step.event_number)


def fate_after(task: TaskHistory, died: Execution, moment: StepMoment, case: Case, trace: Trace) -> Iterator[Question]:
    worker = next((each for each in trace.processes if (each.role, each.pid) == (Lane.WORKER, died.pid)), None)
    by_timeout = bool(worker and not worker.killed) and any(TIMEOUT in each.text for each in trace.state.notices)
    key = AGAIN if task.executions[-1].started.number > moment.step.event_number else STAYS
    fact = Fact(
        id=id_of("death", task.label),
        text=f"A worker {'is stopped at the timeout' if by_timeout else 'dies'} in the middle of {code(task.label)}."
        " What becomes of that task in this run?",
        key=key,
        why=REASONS[key],
        hint="Who would have to say that the task is done, or has failed?",
        look=f"Look at {moment.look}, and at the steps of {code(task.label)} after it.",
        step=moment.step.number,
        claim=claim_of(case, "step", moment.rule),
    )
    beliefs = {FAILED: "max-attempts-stops-crashes", OVER: "timeout-is-final" if by_timeout else "exactly-once"}
    others = (text for text in (FAILED, OVER, FINISHED, AGAIN, STAYS) if text != key)
    yield from fact.choice(Option(text, WHYS[text], beliefs.get(text, "")) for text in others)
