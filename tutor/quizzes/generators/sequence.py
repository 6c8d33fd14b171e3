"""The order of what happens to a task, as far as something causes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.order import MOST, Order
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import Point, TaskHistory
from tutor.trace.model import Trace

from .causes import Causes
from .fact import claim_of, id_of
from .wording import capital, code, listed, who

FEWEST = 4
"""The least number of items in a generated order."""
MOST_TASKS = 6
"""The number of tasks of a run that are asked for; the others are like them."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that happens to a task."""

    kind: str
    text: str
    point: Point
    misconception: str = ""
    """What somebody believes who puts it too early."""


REASONS = {
    ("queued", "started"): "A worker can only begin what is in the queue.",
    ("started", "stored"): "There is nothing to store before the function has been executed.",
    ("stored", "acknowledged"): "The outcome is stored first. Only then is the row deleted from the queue.",
    ("stored", "read"): "The program can only read what is stored.",
    ("started", "again"): "“Once more” is after the first time.",
    ("stored", "hook"): "A hook is called by the save of the row.",
    ("begun", "ends"): "There is nothing to store before the function has been executed.",
    ("begun-other", "ends-other"): "There is nothing to store before the function has been executed.",
    ("ends-other", "ends"): "The monitor stores outcomes as they come, whatever was queued first.",
}


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the order of what happens to each task of which enough is known, and to two that wait for workers."""
    causes = Causes(trace)
    for one, other in pairwise(trace.tasks[:MOST_TASKS]):
        if items := items_of_two(one, other):
            yield from order_of_items((one, other), items, causes, case, trace)
    for task in trace.tasks[:MOST_TASKS]:
        items = chosen(list(items_of(task, trace)))
        if len(items) >= FEWEST:
            yield from order_of_items((task,), items, causes, case, trace)


def items_of(task: TaskHistory, trace: Trace) -> Iterator[Item]:
    """Yield what happens to a task."""
    label = code(task.label)
    if task.queued:
        yield Item("queued", f"{capital(who(task.queued.lane))} puts {label} into the queue", task.queued)
    for execution in task.executions[:2]:
        doer = capital(who(execution.started.lane))
        if execution is task.executions[0]:
            yield Item("started", f"{doer} begins {label}", execution.started)
        else:
            yield Item("again", f"{doer} begins {label} once more", execution.started, "retry-after-failure")
    for outcome in task.outcomes[:1]:
        which = "the outcome" if len(task.outcomes) == 1 else "the first outcome"
        yield Item("stored", f"{capital(who(outcome.saved.lane))} stores {which} of {label}", outcome.saved)
    if task.acknowledged:
        doer = capital(who(task.acknowledged.lane))
        yield Item("acknowledged", f"{doer} deletes its row from the queue", task.acknowledged, "exactly-once")
    hooks = [each for each in trace.histories.prints if each.point.lane == Lane.MONITOR]
    if hooks and len(trace.tasks) == 1:
        which = "" if len(hooks) == 1 else " for the first time"
        yield Item("hook", f"The monitor calls the hook{which}", hooks[0].point, "hooks-run-once")
    read = next(
        (each.received for each in trace.histories.messages if each.kind == "read" and each.task == task.id), None
    )
    if read and read.lane == Lane.CALLER:
        yield Item("read", "The program reads its outcome", read, "returns-the-result")


def items_of_two(one: TaskHistory, other: TaskHistory) -> list[Item]:
    """Return when two tasks are begun and stored, if each is executed once, and both are in the queue at a time."""
    tasks = (one, other)
    if any(len(each.executions) != 1 or len(each.outcomes) != 1 or not each.queued for each in tasks):
        return []
    if not other.queued or other.queued.number > one.outcomes[0].saved.number:
        return []
    is_overtaken = other.outcomes[0].saved.number < one.outcomes[0].saved.number
    return [
        Item("begun", f"A worker begins {code(one.label)}", one.executions[0].started),
        Item("begun-other", f"A worker begins {code(other.label)}", other.executions[0].started),
        Item(
            "ends",
            f"The monitor stores the outcome of {code(one.label)}",
            one.outcomes[0].saved,
            "first-in-first-out" if is_overtaken else "",
        ),
        Item(
            "ends-other",
            f"The monitor stores the outcome of {code(other.label)}",
            other.outcomes[0].saved,
        ),
    ]


def chosen(items: Sequence[Item]) -> list[Item]:
    """Return at most as many items as an order may have; what everybody knows is left out first."""
    found = list(items)
    for kind in ("queued", "acknowledged", "read"):
        if len(found) > MOST:
            found = [each for each in found if each.kind != kind]
    return found[:MOST]


def order_of_items(
    tasks: Sequence[TaskHistory], items: Sequence[Item], causes: Causes, case: Case, trace: Trace
) -> Iterator[Question]:
    names = [code(each.label) for each in tasks]
    places = {each.kind: index for index, each in enumerate(items)}
    before = causes.pairs([each.point for each in items])
    if {"started", "again"} <= places.keys():
        before |= {(places["started"], places["again"])}
    last = max(each.point.number for each in items)
    ids = {each.id for each in tasks}
    steps = [each for each in trace.steps if each.task in ids and each.event_number <= last]
    if not before or not steps:
        return
    nth = sum(each.id == steps[-1].id for each in trace.steps[: steps[-1].number])
    reasons = tuple(
        (places[one], places[other], why)
        for (one, other), why in REASONS.items()
        if one in places and other in places and (places[one], places[other]) in before
    )
    free = len(items) * (len(items) - 1) // 2 - len(before)
    yield Order(
        id=id_of("order", *(each.label for each in tasks)),
        text=f"In which order does this happen to {listed(names)}?",
        why="Each process does one thing after another, and can only go on with what another one has handed to it."
        + (" Where nothing of that kind decides, either order is right." if free else ""),
        hint="For each pair: has one to be there for the other to be possible?",
        look=f"Look at the steps of {listed(names)}, and at which process each comes from.",
        step=steps[-1].number,
        claim=claim_of(case, "step", steps[-1].id if nth == 1 else f"{steps[-1].id}#{nth}"),
        items=tuple(Option(each.text, misconception=each.misconception) for each in items),
        before=before,
        reasons=reasons,
    )
