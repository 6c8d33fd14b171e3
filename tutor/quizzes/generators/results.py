"""What the result column of a task holds once its outcome is stored."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import NOTHING, TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .wording import code

LONGEST = 40
"""The maximum length of a result in a question, in characters."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the result after each step that stores one."""
    for moment in moments(lesson, case, trace):
        task = trace.histories.tasks.get(moment.step.task)
        if task and moment.step.event == "stored":
            yield from (result_of if moment.step.payload.get("success") else error_of)(moment, task, case)


def result_of(moment: StepMoment, task: TaskHistory, case: Case) -> Iterator[Question]:
    result, label = moment.step.result, code(task.label)
    if len(result) > LONGEST or "`" in result or "0x" in result:
        return
    fact = fact_of(
        moment,
        task,
        case,
        key=code(result),
        why="The monitor writes what the function has returned into the Task row, and nothing else.",
    )
    if result == NOTHING:
        wrong = [
            Option("`True`", "That is in the column `success`."),
            Option("`'Success'`", "The row has no such text. Its column `success` says True."),
            Option(f"The id of {label}", "That is the row's key, and what `async_task` returns.", "returns-the-result"),
        ]
    else:
        wrong = [
            Option(
                "`None`",
                "A function without a `return` would leave that.",
                "returns-the-result",
            ),
            Option("`True`", "That is in the column `success`."),
            Option(f"The id of {label}", "That is the row's key, and what `async_task` returns."),
        ]
    yield from fact.choice(wrong)


def error_of(moment: StepMoment, task: TaskHistory, case: Case) -> Iterator[Question]:
    fact = fact_of(
        moment,
        task,
        case,
        key="The error, as text",
        why="A failure is an outcome too: the error's text, with its traceback, takes the place of a result.",
    )
    wrong = [
        Option(
            "`None`, until the task succeeds", "The error stands there from the first failure on.", "none-is-unfinished"
        ),
        Option(
            "An exception, which `result()` raises",
            "It is a text like any other, and `result()` returns it.",
            "exceptions-reach-the-caller",
        ),
        Option("`False`", "That is in the column `success`."),
    ]
    yield from fact.choice(wrong)


def fact_of(moment: StepMoment, task: TaskHistory, case: Case, *, key: str, why: str) -> Fact:
    return Fact(
        id=id_of("result", moment.rule, task.label),
        text=f"{moment.when}, what does the column `result` of its Task row hold?",
        key=key,
        why=f"{why} {moment.reason}".rstrip(),
        hint="A worker hands on an outcome. What does an outcome consist of?",
        look=f"Look at {moment.look}: the column of results.",
        step=moment.step.number,
        claim=claim_of(case, "result", moment.rule),
    )
