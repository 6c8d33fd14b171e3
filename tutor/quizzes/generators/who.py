"""Which process does what, where it isn't the one that somebody would name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.model import Step, Trace

from .fact import Fact, claim_of, id_of
from .moments import MOST_NAMED
from .wording import capital, code, who

JOBS = {
    Lane.CALLER.value: "It queues tasks, and reads what is stored.",
    Lane.WORKER.value: "It executes functions, and hands their outcomes on.",
    Lane.MONITOR.value: "It stores outcomes and acknowledges tasks.",
    Lane.PUSHER.value: "It reads tasks from the queue, and hands them to workers.",
    Lane.SENTINEL.value: "It watches the cluster's other processes, and runs the scheduler.",
}
"""Role → what its process does in a cluster."""
ASKED = {
    "queued": "Which process puts {task} into the queue?",
    "started": "Which process executes the function of {task}?",
    "stored": "Which process writes the Task row of {task}?",
    "printed": "Which process prints “{text}”?",
}
"""Kind of event → the question."""
USUAL = ("stored", Lane.MONITOR.value)
"""What every cluster does; it is asked in one lesson only."""
WHYS = {
    USUAL: "The worker puts the outcome on the result queue. The monitor takes it from there, and writes the row.",
    (
        "queued",
        Lane.MONITOR.value,
    ): "The links that are left travel inside a task's package. The worker puts its"
    " outcome on the result queue; the monitor takes it from there, and queues the next link.",
    ("queued", Lane.SENTINEL.value): "The sentinel looks for schedules that are due, and writes a row into OrmQ for"
    " each. From that queue the pusher reads it, like any other task.",
    ("queued", Lane.WORKER.value): "The function of another task queues it, so the row in OrmQ is written by that"
    " task's worker.",
    ("started", Lane.CALLER.value): "With `sync=True` there is no queue between the processes: `async_task` calls the"
    " function itself.",
    ("stored", Lane.CALLER.value): "With `sync=True` nothing goes through a result queue to a monitor: `async_task`"
    " writes the row itself before it returns.",
    ("printed", Lane.MONITOR.value): "The worker puts the outcome on the result queue. The monitor takes it from there,"
    " and its save of the row calls the hook.",
    (
        "printed",
        Lane.CALLER.value,
    ): "With `sync=True` there is no queue between the processes: what the function prints, the program prints.",
}
"""(kind of event, role) → how it came to that process, for what is asked for."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask once for the process of each kind of thing that is unusual, and of a stored outcome in one lesson."""
    seen: set[tuple[str, str]] = set()
    made: Counter[str] = Counter()
    for step in trace.steps:
        made[step.id] += 1
        kind = step.event, step.process
        if kind in seen or kind not in WHYS or (kind == USUAL and not lesson.content.home):
            continue
        if not (step.task_label or step.event == "printed") or made[step.id] > MOST_NAMED:
            continue
        if step.process == Lane.CALLER and not is_direct(step, trace):
            continue
        seen.add(kind)
        rule = step.id if made[step.id] == 1 else f"{step.id}#{made[step.id]}"
        yield from who_did(step, rule, trace, case)


def is_direct(step: Step, trace: Trace) -> bool:
    """Return whether the program executes a step's task itself."""
    task = trace.histories.tasks.get(step.task)
    return bool(task and any(each.started.lane == Lane.CALLER for each in task.executions))


def who_did(step: Step, rule: str, trace: Trace, case: Case) -> Iterator[Question]:
    text = str(step.payload.get("text", "")).strip()
    if "\n" in text or (step.event == "printed" and not text):
        return
    fact = Fact(
        id=id_of("who", rule, step.task_label),
        text=ASKED[step.event].format(task=code(step.task_label), text=text),
        key=capital(who(step.process)),
        why=WHYS[step.event, step.process],
        hint="Through which queues has it come, and which process stands at the end of each?",
        look=f"Look at the step “{step.action}”, and from which process it comes.",
        step=step.number,
        claim=claim_of(case, "role", rule),
    )
    wrong = dict(other_processes(step, trace))
    roles = [role for role in JOBS if role in (step.process, *wrong)]
    yield from fact.point([wrong.get(role) or Option(fact.key) for role in roles], "lanes")


def other_processes(step: Step, trace: Trace) -> Iterator[tuple[str, Option]]:
    """Yield the other roles of the run, each with what somebody believes who names it."""
    present = {each.role for each in trace.processes} | {Lane.PUSHER.value}
    for role, job in JOBS.items():
        if role != step.process and role in present:
            yield role, Option(capital(who(role)), job, belief(step, role))


def belief(step: Step, role: str) -> str:
    """Return the misconception of somebody who names `role`; "" if there is none."""
    match step.event, role:
        case "started" | "stored" | "printed", "worker" | "monitor" if step.process == Lane.CALLER:
            return "sync-is-real"
        case "stored", "caller":
            return "returns-the-result"
        case "printed", "caller":
            return "hooks-run-once"
        case "queued", "caller" | "worker" if step.process == Lane.MONITOR:
            return "chains-depend"
    return ""
