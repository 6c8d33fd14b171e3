"""What the links of a chain are called with."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import TaskHistory
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .moments import StepMoment, moments
from .wording import code


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the arguments of each task that the monitor queued, and what became of the task before."""
    starts = {
        each.step.task: each for each in moments(lesson, case, trace) if each.step.event == "started" and each.rule
    }
    for before, task in pairwise(trace.tasks):
        moment = starts.get(task.id)
        if task.queued and task.queued.lane == Lane.MONITOR and "#" not in task.label and moment:
            yield from arguments_of(task, before, moment, case)


def arguments_of(task: TaskHistory, before: TaskHistory, moment: StepMoment, case: Case) -> Iterator[Question]:
    own, others = str(task.description.get("args", "")), str(before.description.get("args", ""))
    outcome = before.outcomes[0] if before.outcomes else None
    if not own.startswith("(") or "..." in own:
        return
    fact = Fact(
        id=id_of("arguments", task.label),
        text=f"{code(before.label)} comes before {code(task.label)} in the chain. With which arguments is"
        f" {code(task.label)} called?",
        key=code(own),
        why="The program writes the arguments of all links when it queues the chain. A link gets nothing else.",
        hint="When were the arguments of this link written down?",
        look=f"Look at {moment.look}, and at the call in the program.",
        step=moment.step.number,
        claim=claim_of(case, "event", moment.rule, "args"),
    )
    wrong = []
    if outcome and outcome.success:
        with_result = f"{own.rstrip(',)')}, {outcome.result})"
        wrong.append(Option(code(with_result), "Nobody hands it the result of the link before.", "chains-depend"))
        wrong.append(
            Option(code(f"({outcome.result},)"), "Nobody hands it the result of the link before.", "chains-depend")
        )
    wrong.append(Option(code(others), f"Those are the arguments of {code(before.label)}."))
    wrong.append(Option(code("()"), "It has arguments of its own."))
    yield from fact.choice(wrong)
