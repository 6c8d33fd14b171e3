"""How many times tasks are executed, and what `attempt_count` says of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tutor.lessons.format.cases import DEFAULT, Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.claim_evaluation import executions_of
from tutor.trace.histories import TaskHistory
from tutor.trace.model import Step, Trace

from .fact import Fact, claim_of, id_of
from .moments import moments
from .wording import code, counted, times

HINT = "Every delivery to a worker is an execution, however it ends, and whatever the rows say."


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the executions of each task, of all tasks together, and for the attempts that rows count."""
    if not trace.ended:
        return
    last = trace.steps[-1].number if trace.steps else None
    settings = lesson.lab_settings(lesson.case_knobs(case)).get("Q_CLUSTER", {})
    for task in trace.tasks:
        is_alone = len(trace.tasks) == 1 and case.name != DEFAULT
        is_plain = len(task.executions) == 1 and all(each.success for each in task.executions)
        if len(executions_of(trace, task.label)) == len(task.executions) and (not is_plain or is_alone):
            yield from executions_of_task(task, settings, case, last)
    yield from executions_of_all(trace, case, last)
    for moment in moments(lesson, case, trace):
        task_of_step = trace.histories.tasks.get(moment.step.task)
        if task_of_step and is_last_outcome(moment.step, task_of_step):
            yield from attempts_of(task_of_step, moment.step, moment.rule, case)


def executions_of_task(task: TaskHistory, settings: dict[str, Any], case: Case, last: int | None) -> Iterator[Question]:
    count = len(task.executions)
    fact = Fact(
        id=id_of("executions", task.label),
        text=f"How many times is {code(task.label)} executed in the whole run?",
        key=str(count),
        why=why_of(task),
        hint=HINT,
        look=f"Count the steps at which {code(task.label)} begins.",
        step=last,
        claim=claim_of(case, "executions", argument=task.label),
    )
    yield from fact.choice(wrong_counts(task, settings))


def why_of(task: TaskHistory) -> str:
    """Return what led to the executions of a task."""
    count, deliveries = len(task.executions), len(task.deliveries)
    if not count:
        return "No worker ever begins it."
    if count == 1:
        return "It is delivered to a worker once, and nothing has it delivered again."
    if not deliveries:
        return f"It is begun {times(count)}."
    return f"The queue delivers it {times(deliveries)}, and a worker begins it {times(count)}."


def wrong_counts(task: TaskHistory, settings: dict[str, Any]) -> Iterator[Option]:
    count = len(task.executions)
    once = "It is queued once. How often it is delivered is another matter." if count else "It never comes to a worker."
    yield Option("1", once, "exactly-once")
    if outcome := task.outcome:
        yield Option(
            str(outcome.attempt_count),
            "That is its `attempt_count`, which counts stored outcomes: executions that store nothing aren't in it.",
            "attempts-are-executions",
        )
    if (limit := settings.get("max_attempts")) and any(not each.success for each in task.executions):
        yield Option(
            str(limit),
            "That is `max_attempts`. It only says after how many stored failures a task is given up.",
            "max-attempts-stops-crashes",
        )
    if count == 1:
        failed = any(not each.success for each in task.outcomes)
        why = "It has failed, and nothing has it delivered again." if failed else "Nothing has it delivered again."
        yield Option("2", why, "retry-after-failure" if failed else "")
        yield Option("0", "A worker does begin it.")
    if count == 0:
        yield Option("2", "It would have to be delivered twice.")
    if count > 1:
        yield Option(str(count + 1), f"It is delivered {times(len(task.deliveries))}, and no more.")
        yield Option("0", "Workers do begin it.")


def executions_of_all(trace: Trace, case: Case, last: int | None) -> Iterator[Question]:
    count, tasks = len(trace.executions), len(trace.tasks)
    stored = sum(each.outcome is not None for each in trace.tasks)
    attempts = sum(each.outcome.attempt_count for each in trace.tasks if each.outcome)
    if tasks < 2 or tasks == count:
        return
    fact = Fact(
        id=id_of("executions", "all"),
        text="How many executions are there in the whole run, of all tasks together?",
        key=str(count),
        why=f"There are {counted(tasks, 'task')}, and {counted(count, 'execution')} of them in all.",
        hint=HINT,
        look="Count the steps at which a task begins.",
        step=last,
        claim=claim_of(case, "executions"),
    )
    wrong = [
        Option(str(tasks), f"That is the number of tasks: {tasks}.", "exactly-once"),
        Option(str(attempts), "That is the sum of `attempt_count` in the Task rows.", "attempts-are-executions"),
        Option(str(stored), "That is the number of tasks with a Task row.", "attempts-are-executions"),
        Option(str(count + 1), "No step begins another one."),
    ]
    yield from fact.cell((each for each in wrong if each.text != "0"), "Executions")


def is_last_outcome(step: Step, task: TaskHistory) -> bool:
    last = task.outcomes[-1].saved if task.outcomes else None
    return step.event == "stored" and last is not None and last.number == step.event_number


def attempts_of(task: TaskHistory, step: Step, rule: str, case: Case) -> Iterator[Question]:
    count = task.outcomes[-1].attempt_count
    executions, deliveries = len(task.executions), len(task.deliveries)
    if executions == count == 1:
        return
    failures = sum(not each.success for each in task.outcomes)
    fact = Fact(
        id=id_of("attempts", task.label),
        text=f"What does `attempt_count` say in the last Task row of {code(task.label)}?",
        key=str(count),
        why=f"It counts stored failures and a first success: {counted(failures, 'failure')} of this task"
        f" {'is' if failures == 1 else 'are'} stored, and {counted(executions, 'execution')} took place.",
        hint="Which executions leave something in the Task table?",
        look=f"Look at the step “{step.action}” and at the Task table there.",
        step=step.number,
        claim=claim_of(case, "event", rule, "attempt_count"),
    )
    wrong = [
        Option(str(executions), "That is the number of executions.", "attempts-are-executions"),
        Option(str(deliveries), "That is the number of deliveries.", "attempts-are-executions"),
        Option("1", "Each stored failure counts, and so does a success after it.", "exactly-once"),
        Option("0", "The first outcome that is stored counts as one."),
        Option(str(count + 1), "No other outcome of it is stored."),
    ]
    yield from fact.cell(wrong, "attempt_count")
