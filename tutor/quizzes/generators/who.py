"""Which process does what: begins a task, stores its outcome, queues it, runs its hook."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.model import Step, Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, named
from .wording import capital, code, who

JOBS = {
    Lane.CALLER.value: "It queues tasks, and reads what is stored.",
    Lane.WORKER.value: "It executes functions, and hands their outcomes on.",
    Lane.MONITOR.value: "It stores outcomes and acknowledges tasks.",
    Lane.PUSHER.value: "It takes tasks from the queue, and hands them to workers.",
    Lane.SENTINEL.value: "It watches the cluster's other processes, and runs the scheduler.",
}
"""Role → what its process does in a cluster."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask once for the process of each kind of thing that happens."""
    seen: set[tuple[str, str]] = set()
    for moment in named(lesson, case, trace):
        kind = moment.step.event, moment.step.process
        if (
            moment.step.task_label
            and kind[0] in ASKED
            and kind[1] in JOBS
            and kind not in (*seen, ("queued", Lane.CALLER))
        ):
            seen.add(kind)
            yield from who_did(moment, trace, case)


ASKED = {
    "queued": "Which process puts {task} into the queue?",
    "started": "Which process executes the function of {task}?",
    "stored": "Which process writes the Task row of {task}?",
    "acknowledged": "Which process deletes the row of {task} from the queue?",
    "printed": "Which process prints “{text}”?",
}
"""Kind of event → the question."""


def who_did(moment: StepMoment, trace: Trace, case: Case) -> Iterator[Question]:
    step = moment.step
    text = str(step.payload.get("text", "")).strip()
    if "\n" in text:
        return
    fact = Fact(
        id=id_of("who", moment.rule, step.task_label),
        text=ASKED[step.event].format(task=code(step.task_label), text=text),
        key=capital(who(step.process)),
        why=f"{JOBS[step.process]} {moment.reason}".rstrip()
        if usual(step)
        else f"Here it is {who(step.process)} that does it. {moment.reason}".rstrip(),
        hint="Each process of a cluster has one job. Whose job is this?",
        look=f"Look at {moment.look}, and from which process it comes.",
        step=step.number,
        claim=claim_of(case, "role", moment.rule),
    )
    wrong = list(other_processes(step, trace))
    if step.event in ("stored", "printed"):
        roles = [role for role in JOBS if role in (step.process, *(each for each, _ in wrong))]
        options = dict(wrong)
        yield from fact.point([options.get(role) or Option(fact.key) for role in roles], "lanes")
    else:
        yield from fact.choice(option for _, option in wrong)


def usual(step: Step) -> bool:
    """Return whether a cluster has this job done by this process."""
    return (step.event, step.process) in USUAL


USUAL = {
    ("queued", "caller"),
    ("started", "worker"),
    ("printed", "worker"),
    ("stored", "monitor"),
    ("acknowledged", "monitor"),
}


def other_processes(step: Step, trace: Trace) -> Iterator[tuple[str, Option]]:
    """Yield the other roles of the run, each with what somebody believes who names it."""
    present = {each.role for each in trace.processes} | {Lane.PUSHER.value}
    for role, job in JOBS.items():
        if role != step.process and role in present:
            yield role, Option(capital(who(role)), job, belief(step, role))


def belief(step: Step, role: str) -> str:
    """Return the misconception of somebody who names `role`; "" if there is none."""
    match step.event, role:
        case "started", "caller":
            return "sync-is-real"
        case "started", "worker":
            return "sync-is-real"
        case "stored", "caller":
            return "returns-the-result"
        case "printed", "caller" if step.process == Lane.MONITOR:
            return "hooks-run-once"
        case "printed", "caller":
            return "sync-is-real"
        case "queued", "caller" | "worker" if step.process == Lane.MONITOR:
            return "chains-depend"
    return ""
