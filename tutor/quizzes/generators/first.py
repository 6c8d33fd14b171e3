"""Which of several tasks is begun, or stored, first or last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import Point, TaskHistory
from tutor.trace.model import Trace

from .causes import Causes
from .fact import MOST_OPTIONS, Fact, claim_of, id_of
from .moments import StepMoment, named
from .wording import code

APART_MS = 100.0
"""Milliseconds between two events from which their order is no accident, if nothing else decides it."""


def stored(task: TaskHistory) -> Point | None:
    return task.outcomes[0].saved if task.outcomes else None


def begun(task: TaskHistory) -> Point | None:
    return task.executions[0].started if task.executions else None


def ended(task: TaskHistory) -> Point | None:
    return task.executions[0].returned if task.executions else None


ASKED: Sequence[tuple[str, str, Callable[[TaskHistory], Point | None], bool]] = (
    ("stored-first", "Whose outcome is stored first?", stored, False),
    ("stored-last", "Whose first outcome is stored last?", stored, True),
    ("begun-last", "Which of these tasks is begun last?", begun, True),
)
"""(name, question, event of a task, whether the last one is asked for)."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask which task is first or last, where the order in which they were queued isn't that of their ends."""
    tasks = trace.tasks
    if not trace.ended or not 2 <= len(tasks) <= MOST_OPTIONS or any("#" in each.label for each in tasks):
        return
    moments = {each.step.event_number: each for each in named(lesson, case, trace)}
    causes = Causes(trace)
    for name, text, event, is_last in ASKED:
        points = [(point, each) for each in tasks if (point := event(each))]
        points.sort(key=lambda pair: pair[0].number, reverse=is_last)
        if len(points) == len(tasks) and surely(points[0][0], points[1][0], causes):
            moment = moments.get(points[0][0].number)
            if moment:
                yield from first_of(name, text, points[0][1], moment, case, trace, is_last=is_last)


def surely(one: Point, other: Point, causes: Causes) -> bool:
    """Return whether something decides the order of two events."""
    caused = causes.comes_before(one, other) or causes.comes_before(other, one)
    return caused or abs(one.at_ms - other.at_ms) >= APART_MS


def first_of(
    name: str, text: str, key: TaskHistory, moment: StepMoment, case: Case, trace: Trace, *, is_last: bool
) -> Iterator[Question]:
    in_queue = trace.tasks[-1 if is_last else 0]
    if key is in_queue:
        return
    place = "last" if is_last else "first"
    fact = Fact(
        id=id_of("first", name),
        text=text,
        key=code(key.label),
        why="What decides is when a worker gets it and how long it takes, not its place in the queue.",
        hint="Who works on which task, and how long does each take?",
        look=f"Look at {moment.look}, and at the steps of the same kind.",
        step=moment.step.number,
        claim=claim_of(case, "task", moment.rule),
    )
    wrong = [
        Option(
            code(each.label),
            f"It was queued {place}. That doesn't decide it."
            if each is in_queue
            else "Another one is there before it."
            if not is_last
            else "Another one comes after it.",
            "first-in-first-out" if each is in_queue else "",
        )
        for each in trace.tasks
        if each is not key
    ]
    yield from fact.choice(wrong)
