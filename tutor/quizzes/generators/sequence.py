"""The order of what happens to a task, as far as something causes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.order import MOST, Order
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import Point, TaskHistory
from tutor.trace.model import Trace

from .causes import Causes
from .fact import claim_of, id_of
from .wording import capital, code, who

FEWEST = 4
"""The least number of items in a generated order."""


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
    ("next", "stored"): "The monitor queues the next link before it stores how this one ended.",
}


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the order of what happens to each task of which enough is known."""
    causes = Causes(trace)
    for task in trace.tasks:
        items = chosen(list(items_of(task, trace)))
        if len(items) >= FEWEST:
            yield from order_of_items(task, items, causes, case, trace)


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


def chosen(items: Sequence[Item]) -> list[Item]:
    """Return at most as many items as an order may have; what everybody knows is left out first."""
    found = list(items)
    for kind in ("queued", "acknowledged", "read"):
        if len(found) > MOST:
            found = [each for each in found if each.kind != kind]
    return found[:MOST]


def order_of_items(
    task: TaskHistory, items: Sequence[Item], causes: Causes, case: Case, trace: Trace
) -> Iterator[Question]:
    places = {each.kind: index for index, each in enumerate(items)}
    before = causes.pairs([each.point for each in items])
    if {"started", "again"} <= places.keys():
        before |= {(places["started"], places["again"])}
    last = max(each.point.number for each in items)
    steps = [each for each in trace.steps if each.task == task.id and each.event_number <= last]
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
        id=id_of("order", task.label),
        text=f"In which order does this happen to {code(task.label)}?",
        why="Each process does one thing after another, and can only go on with what another one has handed to it."
        + (" Where nothing of that kind decides, either order is right." if free else ""),
        hint="For each pair: has one to be there for the other to be possible?",
        look=f"Look at the steps of {code(task.label)}, and at which process each comes from.",
        step=steps[-1].number,
        claim=claim_of(case, "step", steps[-1].id if nth == 1 else f"{steps[-1].id}#{nth}"),
        items=tuple(Option(each.text, misconception=each.misconception) for each in items),
        before=before,
        reasons=reasons,
    )
