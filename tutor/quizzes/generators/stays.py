"""Whether a task that was executed has a Task row at the end of the run."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .unstored import why_unstored
from .wording import code

THERE = "Yes: its outcome stays"
DELETED = "No: it was written, and deleted later"
NEVER = "No: none was ever written"
OTHERS = {
    THERE: {
        DELETED: Option(DELETED, "Only rows beyond the limit of the table are deleted, and it isn't one of them."),
        NEVER: Option(NEVER, "One was written when its outcome was stored."),
    },
    DELETED: {
        THERE: Option(THERE, "It was deleted when newer ones were stored.", "rows-last"),
        NEVER: Option(NEVER, "One was written when its outcome was stored."),
    },
    NEVER: {
        THERE: Option(THERE, "For that, an outcome of it would have to be saved."),
        DELETED: Option(DELETED, "Nothing was there to delete."),
    },
}
"""Key → the other options."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the Task rows, in runs in which not every task that was executed has one."""
    settings = lesson.lab_settings(lesson.case_knobs(case)).get("Q_CLUSTER", {})
    executed = [each for each in trace.tasks if each.executions and "#" not in each.label]
    if not trace.ended or "Task" not in trace.state.tables or all(each.outcome for each in executed):
        return
    for task in executed:
        key = state_of(task)
        fact = Fact(
            id=id_of("stays", task.label),
            text=f"Is there a Task row of {code(task.label)} at the end of the run?",
            key=key,
            why=REASONS.get(key) or f"No outcome of it was stored{why_unstored([task], settings)}.",
            hint="Is its outcome saved at all, and how many rows may the table have?",
            look="Look at the table `Task` at the last step, and for the step at which it had the row, if it had.",
            step=trace.steps[-1].number if trace.steps else None,
            claim=claim_of(case, "rows", argument="Task"),
        )
        yield from fact.choice(OTHERS[key].values())


REASONS = {
    THERE: "It was written when its outcome was stored, and nothing has deleted it since.",
    DELETED: "It was written when its outcome was stored, and deleted afterwards to keep the table short.",
}


def state_of(task: TaskHistory) -> str:
    if task.outcome:
        return THERE
    return DELETED if task.outcomes else NEVER
