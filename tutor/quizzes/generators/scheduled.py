"""How many tasks a schedule queues."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .wording import times

LOOK_AT = "half-minute"
"""The action that has the sentinel look for schedules that are due."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the number of tasks that the sentinel has queued, in runs in which it looks for schedules."""
    looks = sum(each.payload.get("action") == LOOK_AT for each in trace.steps)
    queued = [each for each in trace.tasks if each.queued and each.queued.lane == Lane.SENTINEL]
    if not trace.ended or not looks:
        return
    count = len(queued)
    rule = next((each.id for each in trace.steps if each.event == "queued"), "")
    fact = Fact(
        id=id_of("scheduled", "tasks"),
        text=f"The sentinel looks for due schedules {times(looks)}. How many tasks does it queue in all?",
        key=str(count),
        why="A look at which the schedule is due queues one task, and moves its date on by its rule. It is due at"
        f" {count} of the {looks} looks."
        if count
        else "It isn't due at any of the looks.",
        hint="What does one look do with a schedule that is due, and when is that due again?",
        look="Count the steps at which the sentinel queues a task.",
        step=trace.steps[-1].number,
        claim=claim_of(case, "times", rule) if rule else claim_of(case, "executions"),
    )
    wrong = [
        Option(str(looks), "The schedule isn't due at every look."),
        Option("1", "That would be one task for all times that were missed.", "schedules-are-punctual"),
        Option("0", "A schedule that is late is due at the next look.", "schedules-are-punctual"),
        Option(str(count + 1), "Each look queues one task at most, and only of a schedule that is due."),
    ]
    yield from fact.choice(wrong)
