"""What an exception in a task does to the program that queued it."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .moments import named
from .status_reasons import is_timeout
from .wording import capital, code, who

GOES_ON = "It isn't affected, and runs to its end"
SAME = "It ends in that exception"
OTHER = "It ends in another exception, of its own"
WAITS = "It waits until the task succeeds"
OPTIONS = {
    GOES_ON: Option(GOES_ON, "It ends in an exception, though not in that of the task."),
    SAME: Option(SAME, "The exception was raised in a worker, and is stored as text.", "exceptions-reach-the-caller"),
    OTHER: Option(OTHER, "No exception is raised in the program."),
    WAITS: Option(WAITS, "Nothing in the program waits for a success.", "retry-after-failure"),
}


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask what becomes of the program after the first failure that a worker hands on."""
    ends = [each for each in named(lesson, case, trace) if each.step.event == "program_ended"]
    failed = [
        each
        for each in trace.tasks
        if "#" not in each.label
        and any(not one.success for one in each.outcomes)
        and all(one.started.lane == Lane.WORKER for one in each.executions)
    ]
    for task in failed[:1] if ends else ():
        step = ends[0].step
        key = OTHER if step.payload.get("error") else GOES_ON
        fact = Fact(
            id=id_of("reach", task.label),
            text=f"{raised_in(task)} What becomes of the program{which_of(task)}?",
            key=key,
            why="The exception stays in the worker. The program only finds what is stored, if it looks."
            + (" It ends because of what it does with that." if key == OTHER else ""),
            hint="In which process is the exception raised, and what goes from there to the program?",
            look=f"Look at {ends[0].look}, and whether it has an error.",
            step=step.number,
            claim=claim_of(case, "step", ends[0].rule),
        )
        yield from fact.choice(option for text, option in OPTIONS.items() if text != key)


def raised_in(task: TaskHistory) -> str:
    """Return how the function of a task fails for the first time, and who has queued it if not the program."""
    label = code(task.label)
    failure = next(each for each in task.outcomes if not each.success)
    how = "The time limit raises an exception inside" if is_timeout(failure) else "An exception is raised in"
    by = task.queued.lane if task.queued else Lane.CALLER
    queued = "" if by == Lane.CALLER else f"{capital(who(by))} has queued {label}. "
    return f"{queued}{how} the function of {label}."


def which_of(task: TaskHistory) -> str:
    return " that queued it" if not task.queued or task.queued.lane == Lane.CALLER else ""
