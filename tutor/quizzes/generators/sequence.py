"""The order of what happens to a task, as far as something causes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.order import Order
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import TaskHistory
from tutor.trace.model import Trace

from .causes import Causes
from .fact import claim_of, id_of
from .gates import may_be_decided, ordered_by_gates
from .order_items import OBVIOUS, TELLING, Item, Reasons, chosen, items_of, items_of_two, reasons_of_one, reasons_of_two
from .wording import code, listed

FEWEST = 4
"""The least number of items in a generated order."""
MOST_TASKS = 6
"""The number of tasks of a run that are asked for; the others are like them."""
MOST_REASONS = 3
"""The maximum number of sentences that say why an order is right."""
APART_MS = 300.0
"""Milliseconds between a second execution and something else from which the clock decides: that of the lock."""
Pairs = frozenset[tuple[int, int]]


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the order of what happens to each task of which enough is known, and to two that wait for workers."""
    gates = list(ordered_by_gates(lesson, case, trace))
    causes = Causes(trace, ((one, other) for one, other, _ in gates))
    settings = lesson.lab_settings(lesson.case_knobs(case)).get("Q_CLUSTER", {})
    named = [each for each in trace.tasks if "#" not in each.label][:MOST_TASKS]
    for one, other in pairwise(named):
        if items := items_of_two(one, other):
            held = (items[0].point, other.queued)
            says = next((says for begun, queued, says in gates if (begun, queued) == held), "")
            yield from order_of_items((one, other), items, reasons_of_two(one, other, says), causes, case, trace)
    for task in named:
        items = chosen(list(items_of(task, trace)))
        if len(items) >= FEWEST and TELLING & {each.kind for each in items}:
            yield from order_of_items((task,), items, reasons_of_one(task, settings), causes, case, trace)


def order_of_items(
    tasks: Sequence[TaskHistory], items: Sequence[Item], reasons: Reasons, causes: Causes, case: Case, trace: Trace
) -> Iterator[Question]:
    names = [code(each.label) for each in tasks]
    before = pairs_of(items, causes)
    last = max(each.point.number for each in items)
    ids = {each.id for each in tasks}
    steps = [each for each in trace.steps if each.task in ids and each.event_number <= last]
    if not before or not steps or may_be_decided([each.point for each in items], before, trace):
        return
    nth = sum(each.id == steps[-1].id for each in trace.steps[: steps[-1].number])
    places = {each.kind: index for index, each in enumerate(items)}
    told = tuple(
        (places[one], places[other], why)
        for (one, other), why in reasons.items()
        if one in places and other in places and (places[one], places[other]) in before
    )
    order = Order(
        id=id_of("order", *(each.label for each in tasks)),
        text=f"In which order does this happen to {listed(names)}?",
        why="",
        hint="For each pair: does one have to happen before the other can?",
        look=f"Look at the steps of {listed(names)}, and at which process each comes from.",
        step=steps[-1].number,
        claim=claim_of(case, "step", steps[-1].id if nth == 1 else f"{steps[-1].id}#{nth}"),
        items=tuple(Option(each.text, misconception=each.misconception) for each in items),
        before=before,
        reasons=told,
    )
    if all(near in {each[:2] for each in told} or kinds_of(near, items) in OBVIOUS for near in nearest(before)):
        yield replace(order, why=why_of(order, [each.kind for each in items]))


def kinds_of(pair: tuple[int, int], items: Sequence[Item]) -> tuple[str, str]:
    return items[pair[0]].kind, items[pair[1]].kind


def nearest(before: Pairs) -> Iterator[tuple[int, int]]:
    """Yield the pairs that don't follow from others."""
    for one, other in before:
        if not any((one, each) in before and (each, other) in before for _, each in before):
            yield one, other


def pairs_of(items: Sequence[Item], causes: Causes) -> Pairs:
    """Return the pairs of items that have an order: by what causes what, by the clock of a lock, and by both."""
    places = {each.kind: index for index, each in enumerate(items)}
    found = set(causes.pairs([each.point for each in items]))
    if {"started", "again"} <= places.keys():
        found.add((places["started"], places["again"]))
    if again := places.get("again"):
        for index, each in enumerate(items):
            apart = items[again].point.at_ms - each.point.at_ms
            if abs(apart) >= APART_MS:
                found.add((index, again) if apart > 0 else (again, index))
    return closed(found, len(items))


def closed(pairs: set[tuple[int, int]], count: int) -> Pairs:
    """Return the pairs with those that follow from two of them."""
    found = set(pairs)
    for middle, one, other in product(range(count), repeat=3):
        if (one, middle) in found and (middle, other) in found:
            found.add((one, other))
    return frozenset(found)


def why_of(order: Order, kinds: Sequence[str]) -> str:
    """Return why the order is right: the reasons of items that are next to each other in it, and what is open."""
    nearest_ones = set(nearest(order.before))
    near = [
        (one, other, why)
        for one, other, why in order.reasons
        if (kinds[one], kinds[other]) == ("stored", "again") or (one, other) in nearest_ones
    ]
    telling = [each for each in near if (kinds[each[0]], kinds[each[1]]) not in OBVIOUS] or near or order.reasons
    whys = list(dict.fromkeys(why for _, _, why in telling))
    sentences = [each for each in whys if not any(each != other and each in other for other in whys)][:MOST_REASONS]
    if not sentences:
        sentences = ["Each process can only go on with what another one has handed to it."]
    return " ".join((*sentences, *open_pairs(order)))


def open_pairs(order: Order) -> Iterator[str]:
    """Yield what is said of the pairs that nothing decides."""
    indexes = range(len(order.items))
    pairs = [(i, j) for i in indexes for j in indexes if i < j and not {(i, j), (j, i)} & order.before]
    if len(pairs) == 1:
        one, other = (order.items[index].text for index in pairs[0])
        yield f"Whether “{one}” or “{other}” comes first is open: both are right."
    elif pairs:
        yield "Of each other pair, either may come first."
