"""How many times tasks are executed."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.claim_evaluation import executions_of
from tutor.trace.histories import TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .other_rules import changes_workers_only, has_other_rules
from .repeats import Settings, called, causes_of, end_of, has_no_totals, is_in_time, lock
from .wording import code, counted, times

HINT = "Every delivery to a worker is an execution, however it ends. What makes the queue deliver a task again?"


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the executions of each task and of all tasks together, unless the end of the run cuts them off."""
    if has_no_totals(trace):
        return
    settings = lesson.lab_settings(lesson.case_knobs(case)).get("Q_CLUSTER", {})
    is_contrast = has_other_rules(lesson, case)
    last = trace.steps[-1].number if trace.steps else None
    for task in trace.tasks:
        if task.queued and task.queued.lane == Lane.SENTINEL:
            continue  # What is worth asking of a schedule is how many tasks it queues.
        is_plain = len(task.executions) == 1 and all(each.success for each in task.executions)
        if len(executions_of(trace, task.label)) == len(task.executions) and (
            not is_plain or (is_contrast and len(trace.tasks) == 1)
        ):
            yield from executions_of_task(task, settings, case, last)
    yield from executions_of_all(trace, settings, case, last)
    if changes_workers_only(lesson, case):
        yield from each_once(trace, settings, case, last)


def executions_of_task(task: TaskHistory, settings: Settings, case: Case, last: int | None) -> Iterator[Question]:
    fact = Fact(
        id=id_of("executions", task.label),
        text=f"How many times is {code(task.label)} executed in the whole run?",
        key=str(len(task.executions)),
        why=why_of(task, settings),
        hint=HINT,
        look=f"Count the steps at which {code(task.label)} begins.",
        step=last,
        claim=claim_of(case, "executions", argument=task.label),
    )
    yield from fact.choice(wrong_counts(task, settings))


def why_of(task: TaskHistory, settings: Settings) -> str:
    """Return what led to the executions of a task, and why there are no more."""
    return " ".join((*causes_of(task, settings), end_of(task, settings)))


def wrong_counts(task: TaskHistory, settings: Settings) -> Iterator[Option]:
    count, end = len(task.executions), end_of(task, settings)
    again = next(causes_of(task, settings), "")
    yield Option("1", again or end, "exactly-once")
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
        has_failed = any(not each.success for each in task.outcomes)
        yield Option("2", end, "retry-after-failure" if has_failed else "exactly-once")
    if count != 1:
        yield Option(str(count + 1), end)
    yield Option("0", "A worker does begin it." if not is_direct(task) else "The program itself executes it.")


def is_direct(task: TaskHistory) -> bool:
    return any(each.delivery is None for each in task.executions)


def executions_of_all(trace: Trace, settings: Settings, case: Case, last: int | None) -> Iterator[Question]:
    count, tasks = len(trace.executions), len(called(trace))
    attempts = sum(each.outcome.attempt_count for each in trace.tasks if each.outcome)
    unusual = [each for each in called(trace) if len(each.executions) != 1]
    if tasks < 2 or tasks == count or not unusual:
        return
    odd = unusual[0]
    most = f"Of {counted(tasks, 'task')}, {code(odd.label)} is executed {times(len(odd.executions))}."
    why = f"{most} {why_of(odd, settings)}" + (" Each other task is executed once." if len(unusual) == 1 else "")
    limit = settings.get("max_attempts") or 0
    wrong = [
        Option(str(tasks), f"That is the number of tasks: {tasks}. {most}", "exactly-once"),
        Option(
            str(attempts),
            "That is the sum of `attempt_count` in the Task rows, which only counts what is stored.",
            "attempts-are-executions",
        ),
        Option(
            str(limit * tasks),
            "There would be that many if each task were executed `max_attempts` times.",
            "max-attempts-stops-crashes",
        ),
    ]
    yield from of_all(count, why, case, last).cell((each for each in wrong if each.text != "0"), "Executions")


def each_once(trace: Trace, settings: Settings, case: Case, last: int | None) -> Iterator[Question]:
    """Ask for all executions where each task has one, in a case that differs in the number of workers only."""
    tasks, workers = called(trace), settings["workers"]
    if (
        len(tasks) > 1
        and workers > 1
        and all(len(each.executions) == 1 and is_in_time(each, settings) for each in tasks)
    ):
        why = f"Each task is acknowledged before {lock(settings)} is over, so each is delivered once."
        wrong = [Option(str(len(tasks) * workers), "A delivery goes to one worker, however many there are.")]
        yield from of_all(len(tasks), why, case, last).cell(wrong, "Executions")


def of_all(count: int, why: str, case: Case, last: int | None) -> Fact:
    return Fact(
        id=id_of("executions", "all"),
        text="How many executions are there in the whole run, of all tasks together?",
        key=str(count),
        why=why,
        hint=HINT,
        look="Count the steps at which a task begins.",
        step=last,
        claim=claim_of(case, "executions"),
    )
