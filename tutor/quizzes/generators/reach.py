"""What an exception in a task does to the program that queued it."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .moments import named
from .wording import code

GOES_ON = "It isn't touched, and comes to its end"
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
            text=f"The function of {code(task.label)} raises an exception. What becomes of the program that queued it?",
            key=key,
            why="The exception stays in the worker. The program only finds what is stored, if it looks."
            + (" It ends because of what it does with that." if key == OTHER else ""),
            hint="In which process is the exception raised, and what goes from there to the program?",
            look=f"Look at {ends[0].look}, and whether it has an error.",
            step=step.number,
            claim=claim_of(case, "step", ends[0].rule),
        )
        yield from fact.choice(option for text, option in OPTIONS.items() if text != key)
