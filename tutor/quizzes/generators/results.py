"""What the result column of a task holds once an outcome is stored that isn't a plain return value."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import NOTHING, TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .wording import code

LONGEST = 40
"""The maximum length of a result in a question, in characters."""
ERROR = "The error, as text"
TIMEOUT = "TimeoutException"
"""The name of the error that django-q2 raises in a function at its timeout, in the text of a failure."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the result after a task's first failure, after a success that follows one, and where it is None."""
    for moment in moments(lesson, case, trace):
        task = trace.histories.tasks.get(moment.step.task)
        if task and moment.step.event == "stored" and moment.step.process != Lane.CALLER and "#" not in task.label:
            had_failed = any(not one.success and one.saved.number < moment.step.event_number for one in task.outcomes)
            if moment.step.payload.get("success"):
                yield from result_of(moment, task, case, had_failed=had_failed)
            elif not had_failed:
                yield from error_of(moment, task, case)


def result_of(moment: StepMoment, task: TaskHistory, case: Case, *, had_failed: bool) -> Iterator[Question]:
    result = moment.step.result
    if len(result) > LONGEST or "`" in result or "0x" in result or not (had_failed or result == NOTHING):
        return
    why = "The function returned nothing, which is None in Python. That it has run is in the column `success`."
    if had_failed:
        why = "A task has one row. A new outcome is written over the one before: `result`, `success` and `stopped`."
    wrong = [
        Option("`True`", "That is in the column `success`."),
        Option(f"The id of {code(task.label)}", "That is the row's key, and what `async_task` returns.", BELIEF),
    ]
    if had_failed:
        wrong.insert(0, Option("The error of the first outcome", "The success is written over it."))
    if result == NOTHING:
        wrong.append(Option("`'Success'`", "The row has no such text. Its column `success` says True."))
    yield from fact_of(moment, task, case, key=code(result), why=why).choice(wrong)


BELIEF = "returns-the-result"


def error_of(moment: StepMoment, task: TaskHistory, case: Case) -> Iterator[Question]:
    text = str(moment.step.payload.get("result", ""))
    cause = "The timeout raises an exception in the function. " if TIMEOUT in text else ""
    why = f"{cause}A failure is an outcome too: the error's text, with its traceback, takes the place of a result."
    wrong = [
        Option(
            "`None`, until the task succeeds", "The error is there from the first failure on.", "none-is-unfinished"
        ),
        Option(
            "An exception, which `result()` raises",
            "It is a text like any other, and `result()` returns it.",
            "exceptions-reach-the-caller",
        ),
        Option("What the function returns at its end", "The exception has ended it before that."),
    ]
    yield from fact_of(moment, task, case, key=ERROR, why=why).choice(wrong)


def fact_of(moment: StepMoment, task: TaskHistory, case: Case, *, key: str, why: str) -> Fact:
    return Fact(
        id=id_of("result", moment.rule, task.label),
        text=f"{moment.when}, what is in the column `result` of its Task row?",
        key=key,
        why=why,
        hint="How did the function end, and what does the worker hand on then?",
        look=f"Look at {moment.look}: the column of results.",
        step=moment.step.number,
        claim=claim_of(case, "result", moment.rule),
    )
