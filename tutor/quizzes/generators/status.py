"""The status of a task after a step that is about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.lessons.claims import STATUSES
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import ABSENT
from tutor.trace.model import Step, Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .wording import code

REASONS = {
    "Pending": "It is Pending as long as its row is in the queue and nobody is inside its function.",
    "Running": "It is Running while a process is inside its function and no outcome is stored.",
    "Success": "A Task row says success True, and the status is that of the row.",
    "Failed": "A Task row says success False, and the status is that of the row.",
    ABSENT: "There is neither a row in the queue nor a Task row.",
}


@dataclass(frozen=True, slots=True)
class Belief:
    """Why somebody would give a wrong status, and what there is to say of it."""

    wrong: str
    right: tuple[str, ...]
    events: tuple[str, ...]
    """The kinds of events after which somebody would; all if there are none."""
    misconception: str
    why: str


BELIEFS = (
    Belief(
        "Running",
        ("Pending",),
        ("queued", "uncommitted"),
        "enqueued-is-started",
        "No worker has begun it. Queueing only writes a row.",
    ),
    Belief(
        "Running",
        ("Pending",),
        ("picked",),
        "enqueued-is-started",
        "The pusher hands it on. A worker has still to enter the function.",
    ),
    Belief("Running", ("Pending",), ("died",), "exactly-once", "The process that was inside the function is gone."),
    Belief(
        "Success",
        ("Pending",),
        ("queued", "uncommitted"),
        "exceptions-reach-the-caller",
        "That nothing was raised says only that the task is in the queue.",
    ),
    Belief(
        "Failed",
        ("Pending", ABSENT),
        ("died",),
        "max-attempts-stops-crashes",
        "A failure is an outcome that a worker hands on. A dead one hands on nothing.",
    ),
    Belief(
        "Success",
        ("Failed",),
        (),
        "exceptions-reach-the-caller",
        "That the program saw no error doesn't say so. The error is in the Task row.",
    ),
    Belief(
        "Pending",
        ("Failed",),
        (),
        "retry-after-failure",
        "It may be tried again. Its outcome is stored all the same, and that is its status.",
    ),
    Belief(
        "Success",
        (ABSENT,),
        (),
        "rows-last",
        "A status of Success would need a Task row, and there is none.",
    ),
    Belief(
        "Success",
        ("Running",),
        ("returned", "finished"),
        "",
        "The function has ended. Only a Task row makes that a Success, and none is stored yet.",
    ),
)
PLAIN = {
    "Pending": "It is Pending only as long as it waits in the queue, and nothing else is known of it.",
    "Running": "For that, a process would have to be inside its function, with no outcome stored.",
    "Success": "For that, a Task row would have to say success True.",
    "Failed": "For that, a Task row would have to say success False.",
    ABSENT: "For that, there would have to be no row of it, neither in the queue nor in the Task table.",
}


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the status after each step about a task whose status changes."""
    statuses = {each.id: {change.status for change in each.changes} for each in trace.tasks}
    for moment in moments(lesson, case, trace):
        if len(statuses.get(moment.step.task, ())) > 1:
            yield from question_at(moment, case)


def question_at(moment: StepMoment, case: Case) -> Iterator[Question]:
    step = moment.step
    its = "that task" if code(step.task_label) in moment.when else code(step.task_label)
    fact = Fact(
        id=id_of("status", moment.rule, step.task_label),
        text=f"{moment.when}, what is the status of {its}?",
        key=step.status,
        why=f"{REASONS[step.status]} {moment.reason}".rstrip(),
        hint="Which rows are there of this task, and is a worker inside its function?",
        look=f"Look at {moment.look}: the status in its row.",
        step=step.number,
        claim=claim_of(case, "status", moment.rule),
    )
    if step.event in ("line", "program_ended"):
        yield from fact.cell(wrong_of(step), "Status")
    else:
        yield from fact.choice(wrong_of(step))


def wrong_of(step: Step) -> Iterator[Option]:
    """Yield the other statuses, each with what somebody believes who would give it here."""
    for status in STATUSES:
        if status != step.status:
            beliefs = (each for each in BELIEFS if each.wrong == status and step.status in each.right)
            belief = next((each for each in beliefs if not each.events or step.event in each.events), None)
            if belief:
                yield Option(status, belief.why, belief.misconception)
            elif status == "Running" and step.unsettled:
                yield Option(
                    status, "An execution does go on. But once there is a Task row, the status is that of the row."
                )
            else:
                yield Option(status, PLAIN[status])
