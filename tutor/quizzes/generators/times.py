"""What the times in a Task row measure: `started`, and `time_taken()`, which is `stopped` minus `started`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import Execution, Point, TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .wording import code, ordinal, times

APART_MS = 300.0
"""Milliseconds from which two times are surely different ones."""
SAME_MS = 200.0
"""Milliseconds up to which a time in the row is that of an event, which is sent a little later."""
FEWEST_WRONG = 2
BELIEF = "started-is-begun"
WHY = (
    "`started` is written into the task's package before that is put into the queue, and the row gets it from there. No"
    " column tells when a worker begins."
)
AGAIN = " Each delivery hands out the same package. `stopped` is the end of the execution whose outcome the row has."
Candidates = Iterator[tuple[float, Option]]
"""Milliseconds that a time in the row could be, with how an option says so. The first one is the key."""


@dataclass(frozen=True, slots=True)
class Row:
    """The Task row of a task, when its last outcome is stored."""

    task: TaskHistory
    queued: Point
    execution: Execution
    """The one whose outcome the row has."""
    end: Point
    """The end of that execution."""
    started_ms: float
    taken_ms: float


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask about the times in the row of each task that waited for a worker or was begun again."""
    for moment in moments(lesson, case, trace):
        task = trace.histories.tasks.get(moment.step.task)
        row = row_of(task, moment) if task else None
        if row and len(row.task.executions) > 1:
            yield from asked(row, taken_again(row), row.taken_ms, "taken", moment, case)
        elif row and row.execution.started.at_ms - row.queued.at_ms >= APART_MS:
            yield from asked(row, taken_late(row), row.taken_ms, "taken", moment, case)
            yield from asked(row, started_late(row), row.started_ms, "started", moment, case)


def row_of(task: TaskHistory, moment: StepMoment) -> Row | None:
    """Return what is known of a task's row at its last outcome; None at other moments, or without its times."""
    outcome = task.outcomes[-1] if task.outcomes else None
    if not outcome or outcome.saved.number != moment.step.event_number or outcome.delivery is None:
        return None
    started, stopped = (moment.step.payload.get(f"{name}_ago_ns") for name in ("started", "stopped"))
    queued = task.uncommitted or task.queued
    execution = next((each for each in task.executions if each.delivery == outcome.delivery), None)
    if started is None or stopped is None or not queued or not execution or not execution.finished:
        return None
    started_ms = outcome.saved.at_ms - started / 1e6
    return Row(task, queued, execution, execution.finished, started_ms, (started - stopped) / 1e6)


def asked(
    row: Row, candidates: Candidates, found: float, name: str, moment: StepMoment, case: Case
) -> Iterator[Question]:
    """Yield the question whose key is the time that was `found`, without the options that it could be as well."""
    key, *others = candidates
    wrong = [option for time, option in others if abs(time - found) >= APART_MS]
    if abs(key[0] - found) > SAME_MS or len(wrong) < FEWEST_WRONG:
        return
    is_again = len(row.task.executions) > 1
    fact = Fact(
        id=id_of("times", name, row.task.label),
        text=TEXTS[name, is_again].format(task=code(row.task.label), times=times(len(row.task.executions))),
        key=key[1].text,
        why=WHY + (AGAIN if is_again else ""),
        hint="Who writes `started` down, and can it know then when a worker will come to the task?",
        look=f"Look at {moment.look}, and at the steps at which the task is queued and begun.",
        step=moment.step.number,
        claim=claim_of(case, "event", moment.rule, "stopped_ago_ns" if name == "taken" else "started_ago_ns"),
    )
    yield from fact.choice(wrong)


TEXTS = {
    ("started", False): "{task} is begun some time after it was queued. Which moment is `started` in its Task row?",
    ("taken", False): "{task} is begun some time after it was queued. What does `time_taken()` of its Task row tell?",
    ("taken", True): "{task} is executed {times}. From when to when does `time_taken()` of its Task row count?",
}
"""(what is asked for, whether the task is executed again) → the question."""


def started_late(row: Row) -> Candidates:
    begun, saved = row.execution.started, row.task.outcomes[-1].saved
    yield row.queued.at_ms, Option("When it was queued")
    yield begun.at_ms, Option("When a worker began it", "Nobody writes down when a worker begins.", BELIEF)
    yield row.end.at_ms, Option("When its function came to its end", "That is `stopped`.")
    if row.task.uncommitted and row.task.queued:
        why = "The time was written down by then: the row of the queue is a part of the transaction."
        yield row.task.queued.at_ms, Option("When the transaction that queued it was committed", why)
    yield saved.at_ms, Option("When its outcome was stored", "No column tells that.")


def taken_late(row: Row) -> Candidates:
    begun, saved = row.execution.started, row.task.outcomes[-1].saved
    alone = "`started` isn't when a worker began it: the waiting counts too."
    yield row.end.at_ms - row.queued.at_ms, Option("How long it waited and was executed")
    yield row.end.at_ms - begun.at_ms, Option("How long it was executed", alone, BELIEF)
    yield begun.at_ms - row.queued.at_ms, Option("How long it waited", "`stopped` is the end of its execution.")
    until_stored = "How long it took from its beginning until its outcome was stored"
    yield saved.at_ms - begun.at_ms, Option(until_stored, alone, BELIEF)


def taken_again(row: Row) -> Candidates:
    numbered = [(ordinal(number), each) for number, each in enumerate(row.task.executions, 1)]
    nth = next(each for each, execution in numbered if execution is row.execution)
    yield row.end.at_ms - row.queued.at_ms, Option(f"From the queueing to the end of the {nth} execution")
    begun = "`started` isn't when a worker began it. It is from before the first delivery."
    own = Option(f"From the beginning to the end of the {nth} execution", begun, BELIEF)
    yield row.end.at_ms - row.execution.started.at_ms, own
    for number, each in numbered:
        if each.ended and each is not row.execution:
            text = f"From the queueing to the end of the {number} execution"
            yield each.ended.at_ms - row.queued.at_ms, Option(text, f"The row has the outcome of the {nth} one.")
    executed = sum(each.ended.at_ms - each.started.at_ms for _, each in numbered if each.ended)
    added = "The row has only two times, and one of them is from before the first delivery."
    yield executed, Option("While it is executed, without the time between the executions", added)
