"""Why a task is executed again, and why it isn't any more, in the words in which questions give reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from tutor.protocol.lanes import Lane
from tutor.trace.histories import Execution, TaskHistory
from tutor.trace.model import Trace

from .again import DEAD, DONE, FAILED, RUNNING, state_at
from .wording import capital, ordinal

Settings = Mapping[str, Any]
CLOSE_MS = 300.0
"""Milliseconds up to which chance decides which of two events is the first, if nothing else does."""


def has_no_totals(trace: Trace) -> bool:
    """Return whether the totals of a run are no fact: it ends while something still waits, or chance decided them."""
    queue = trace.state.tables.get("OrmQ")
    is_cut_off = not trace.ended or trace.ended.outcome in ("stopped", "lost") or bool(queue and queue.count)
    return is_cut_off or any(map(is_close, trace.tasks))


def is_close(task: TaskHistory) -> bool:
    """Return whether it is chance that a task is delivered again, or isn't: it succeeds when a lock of it expires."""
    done = [(each.delivery, each.finished) for each in task.executions if each.success and each.finished]
    if not done:
        return False
    delivery, finished = min(done, key=lambda each: each[1].number)
    locks = [
        each.picked.at_ms + 1000 * each.lock_s
        for each in task.deliveries
        if each.lock_s and each.number >= (delivery or 0)
    ]
    return any(abs(finished.at_ms - each) < CLOSE_MS for each in locks)


def called(trace: Trace) -> list[TaskHistory]:
    """Return the tasks of a run that somebody has queued or executed; the row of a combined result is none of them."""
    return [each for each in trace.tasks if each.queued or each.uncommitted or each.executions or not each.outcomes]


def lock(settings: Settings) -> str:
    """Return how a sentence names the time after which a row is delivered again."""
    return f"`retry = {settings['retry']}`" if settings.get("retry") else "`retry`"


def cause(task: TaskHistory, earlier: Execution, later: Execution, settings: Settings) -> str:
    """Return why a task was delivered for a later execution, as a sentence that names it "it"."""
    picked = next((each.picked.number for each in task.deliveries if each.number == later.delivery), None)
    number, after = picked or later.started.number, lock(settings)
    state = state_at(task, earlier, number)
    if earlier.started.number > number:
        return f"{capital(after)} was over before a worker had come to it, so it was delivered once more."
    if state == DEAD:
        return f"A worker died while executing it, so nobody acknowledged it, and it was delivered again after {after}."
    if state == FAILED:
        return f"A stored failure leaves its row in the queue, so it was delivered again after {after}."
    if state == RUNNING:
        return f"{capital(after)} was over while it was still being executed, so it was delivered once more."
    if state == DONE:
        return f"Its success wasn't acknowledged before {after} was over, so it was delivered again."
    if earlier.success is False:
        return f"It failed without an acknowledgement, so it was delivered again after {after}."
    return f"No outcome of it was stored before {after} was over, so it was delivered again."


def causes_of(task: TaskHistory, settings: Settings) -> Iterator[str]:
    """Yield why a task was delivered again, each reason once."""
    found = [cause(task, one, other, settings) for one, other in pairwise(task.executions)]
    yield from dict.fromkeys(found)


def end_of(task: TaskHistory, settings: Settings) -> str:
    """Return why a task isn't delivered any more."""
    outcome, limit = task.outcomes[-1] if task.outcomes else None, settings.get("max_attempts") or 0
    if not task.executions:
        return "Its row was rolled back, so no worker has seen it." if task.rolled_back else "No worker ever begins it."
    if any(each.started.lane == Lane.CALLER for each in task.executions):
        return "With `sync=True` it is executed at once, and nothing is left in a queue."
    if any(each.success for each in task.executions):
        before = f" before {lock(settings)} is over" if is_in_time(task, settings) else ""
        return f"Its success is acknowledged{before}: its row is deleted, and nothing is left to deliver."
    if outcome and task.acknowledged and limit and outcome.attempt_count >= limit:
        which = "first stored failure" if limit == 1 else f"{ordinal(limit)} stored failure"
        return f"With `max_attempts = {limit}` the {which} is acknowledged, and its row leaves the queue."
    if task.acknowledged and settings.get("ack_failures"):
        return "With `ack_failures` failures are acknowledged as successes are, and the row leaves the queue."
    return "Its row has left the queue, so nothing is left to deliver." if task.acknowledged else "It came once only."


def is_in_time(task: TaskHistory, settings: Settings) -> bool:
    """Return whether a task was acknowledged before the lock of its only delivery was over."""
    if len(task.deliveries) != 1 or not task.acknowledged or not settings.get("retry"):
        return False
    return task.acknowledged.at_ms - task.deliveries[0].picked.at_ms < 1000 * settings["retry"]


def deaths(task: TaskHistory) -> str:
    """Return that some executions ended by a death, and stored nothing; "" if none did."""
    count = sum(bool(each.ended and not each.finished and not each.returned) for each in task.executions)
    which = "The death of a worker" if count == 1 else f"{count} deaths of workers"
    return f"{which} stored nothing." if count else ""
