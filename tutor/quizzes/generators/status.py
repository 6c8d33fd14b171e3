"""The status of a task after a step that is about it."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.claims import STATUSES
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Question
from tutor.trace.histories import Execution, TaskHistory
from tutor.trace.model import Step, Trace

from .again import DEAD, DONE, FAILED, RUNNING, state_at
from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .status_reasons import AtStep, option, why_of
from .wording import code

UNASKED = ("line", "uncommitted")
"""Kinds of events after which the status teaches nothing, or is disputable."""
ENDS = ("returned", "finished")


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the status after each step that says something of it, of tasks whose status changes."""
    settings = lesson.lab_settings(lesson.case_knobs(case)).get("Q_CLUSTER", {})
    for moment in moments(lesson, case, trace):
        step, task = moment.step, trace.histories.tasks.get(moment.step.task)
        if task and len({each.status for each in task.changes}) > 1 and is_worth_asking(step, task):
            yield from question_at(moment, AtStep(step, task, settings), case)


def is_worth_asking(step: Step, task: TaskHistory) -> bool:
    """Return whether a step isn't one that says its status itself, or at which words fail."""
    if step.event in UNASKED or (step.event == "started" and not earlier(step, task)):
        return False
    if step.event == "acknowledged" or (step.event == "stored" and len(task.executions) == 1):
        return step.status not in ("Success", "Failed") or (step.event == "stored" and step.status == "Failed")
    return step.status != "Running" or step.event in ENDS or any(is_inside(each, step) for each in task.executions)


def earlier(step: Step, task: TaskHistory) -> list[Execution]:
    """Return the executions that began before a step."""
    return [each for each in task.executions if each.started.number < step.event_number]


def is_inside(execution: Execution, step: Step) -> bool:
    """Return whether a process is inside the function after a step."""
    ends = (execution.returned, execution.finished, execution.ended)
    return execution.started.number <= step.event_number and all(
        each is None or each.number > step.event_number for each in ends
    )


def question_at(moment: StepMoment, at: AtStep, case: Case) -> Iterator[Question]:
    step, task = at.step, code(at.step.task_label)
    told = situation(at)
    asked, of = ("What status does the table show", "for") if step.unsettled else ("What is the status", "of")
    if told:
        text = f"{told} {asked} {of} that task?"
    else:
        text = f"{moment.when}, {asked[:1].lower()}{asked[1:]} {of} {'that task' if task in moment.when else task}?"
    fact = Fact(
        id=id_of("status", moment.rule, step.task_label),
        text=text,
        key=step.status,
        why=why_of(at),
        hint="Which rows are there of this task, and what is still to come of it?",
        look=f"Look at {moment.look}: the status in its row.",
        step=step.number,
        claim=claim_of(case, "status", moment.rule),
    )
    wrong = [option(each, at) for each in STATUSES if each != step.status]
    if told or (any(each.misconception for each in wrong) and "#" not in step.task_label):
        yield from fact.choice(wrong)


def situation(at: AtStep) -> str:
    """Return how a task stands after a step, as a sentence; empty if the name of the moment says enough."""
    step, task = at.step, code(at.step.task_label)
    before = earlier(step, at.task)
    if step.event == "started":
        return begun_again(state_at(at.task, before[-1], step.event_number), before[-1], task)
    if step.event in ENDS and step.status == "Running":
        how = "raised an exception" if has_raised(step, before) else "come to its end"
        return f"The function of {task} has {how}, and nothing of it is stored yet."
    if step.event in ENDS and has_raised(step, before):
        return f"The function of {task} has raised an exception."
    if step.event == "stored" and step.unsettled:
        goes_on = any(is_inside(each, step) for each in at.task.executions)
        return f"The first outcome of {task} is stored, and another execution goes on." if goes_on else ""
    if step.event == "program_ended" and step.status == "Running":
        return f"The program is over, and a worker is still inside the function of {task}."
    if step.event == "program_ended" and step.status == "Pending" and at.has_died:
        return f"A worker has died while executing {task}, and the program is over."
    return ""


def has_raised(step: Step, before: list[Execution]) -> bool:
    """Return whether the function that has come to its end at a step has raised an exception."""
    own = [each for each in before if each.pid == step.pid]
    return bool(step.payload.get("error")) or any(each.success is False for each in own[-1:])


def begun_again(state: str, before: Execution, task: str) -> str:
    """Return what has become of the execution before, and that there is another one."""
    if state == DEAD:
        return f"A worker has died while executing {task}, and another one has begun it again."
    if state == FAILED:
        return f"A failure of {task} is stored, and a worker has begun it again."
    if state == DONE:
        return f"A success of {task} is stored, and a worker has begun it again."
    if state == RUNNING:
        return f"A worker has begun {task} again, before anything of its first execution is stored."
    how = "raised an exception" if before.success is False else "come to its end"
    return f"The function of {task} has {how} once, and now a worker has begun it again."
