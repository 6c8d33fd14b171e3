"""What becomes of tasks when their cluster is told to stop."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import TaskHistory
from tutor.trace.model import Step, Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, named
from .wording import code

DONE = "It is executed to its end, and that is stored"
CUT = "It is begun, and broken off"
LEFT = "No worker begins it"
LOST = "It is executed to its end, and nothing of that is stored"
ACTIONS = ("stop", "stop-group")
WHYS = {
    DONE: {
        CUT: "The signal goes to the cluster's own process, which lets its workers finish.",
        LEFT: "The pusher had taken it by then, and what is taken is still executed.",
        LOST: "The monitor is told to stop only when the workers are done.",
    },
    CUT: {
        DONE: "Its worker gets the signal too, and ends in the middle of it.",
        LEFT: "A worker was at it already.",
        LOST: "Its worker doesn't come to the end of it.",
    },
    LEFT: {
        DONE: "For that, a worker would have to begin it, and a cluster that stops hands nothing more out.",
        CUT: "No worker was at it.",
        LOST: "No worker was at it.",
    },
    LOST: {
        DONE: "Nobody was left to store its outcome.",
        CUT: "Its worker still comes to the end of it.",
        LEFT: "A worker was at it already.",
    },
}
"""Key → another option → why that is wrong."""
NOBODY_LEFT = "The workers are told to stop, too: nobody is left to execute it."


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the fate of each task that isn't done when the cluster is told to stop."""
    stop = next((each for each in trace.steps if each.payload.get("action") in ACTIONS), None)
    if not stop or not trace.ended:
        return
    last = {each.step.task: each for each in named(lesson, case, trace)}
    for task in trace.tasks:
        if task.id in last and not (task.outcomes and task.outcomes[0].saved.number < stop.event_number):
            yield from fate_of(task, stop, last[task.id], case)


def fate_of(task: TaskHistory, stop: Step, moment: StepMoment, case: Case) -> Iterator[Question]:
    at_work = any(each.started.number < stop.event_number for each in task.executions)
    waits = not task.deliveries or task.deliveries[0].picked.number > stop.event_number
    key = fate(task)
    where = "is being executed" if at_work else "waits in the queue" if waits else "is taken and not begun"
    is_group = stop.payload.get("action") == "stop-group"
    told = "each process of the cluster is" if is_group else "the cluster is"
    whys = WHYS[key] | ({DONE: NOBODY_LEFT} if is_group and key == LEFT and not waits else {})
    believed = DONE if at_work else LEFT
    fact = Fact(
        id=id_of("stopped", task.label),
        text=f"{code(task.label)} {where} when {told} told to stop. What becomes of it?",
        key=key,
        why="A cluster finishes what its pusher has taken, unless each of its processes is told to stop for itself."
        " What is still in the queue stays there.",
        hint="Which process gets the signal, and what does each of the others still have to do?",
        look=f"Look at the steps of {code(task.label)}, the last of which is {moment.look}.",
        step=moment.step.number,
        claim=claim_of(case, "status", moment.rule),
    )
    yield from fact.choice(
        Option(text, why, "sigterm-is-graceful" if text == believed or (text == DONE and waits) else "")
        for text, why in whys.items()
    )


def fate(task: TaskHistory) -> str:
    if task.outcomes:
        return DONE
    if not task.executions:
        return LEFT
    return LOST if any(each.finished for each in task.executions) else CUT
