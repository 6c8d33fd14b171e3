"""What happens to a task or to two tasks, as items to put in order, and why some come before others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.order import MOST
from tutor.trace.histories import Point, TaskHistory
from tutor.trace.model import Trace

from .repeats import Settings, cause, lock
from .wording import capital, code, who


@dataclass(frozen=True, slots=True)
class Item:
    """Something that happens to a task."""

    kind: str
    text: str
    point: Point
    misconception: str = ""
    """What somebody believes who puts it too early."""


Reasons = Mapping[tuple[str, str], str]
NOTHING_YET = "There is nothing to store before the function has been executed."
OF_ONE: Reasons = {
    ("hook", "acknowledged"): "The hook is called by the save of the outcome, so it is over before the row is"
    " acknowledged.",
    ("stored", "hook"): "A hook is called by the save of the row.",
    ("stored", "acknowledged"): "The outcome is stored first. Only then is the row deleted from the queue.",
    ("stored", "read"): "The program can only find what is stored.",
    ("started", "stored"): NOTHING_YET,
    ("queued", "started"): "A worker can only begin what is in the queue.",
    ("queued", "again"): "A worker can only begin what is in the queue.",
    ("started", "acknowledged"): "A task is acknowledged only when an outcome of it has come.",
    ("again", "read"): "By the time the program finds an outcome, the lock of its row has expired.",
    ("queued", "stored"): "Without a row in the queue, nobody would execute it.",
    ("queued", "acknowledged"): "A row has to be there before it can be deleted.",
}
"""(kind, kind) → why the first comes before the second, the most telling first."""
OBVIOUS = (
    ("queued", "started"),
    ("started", "stored"),
    ("queued", "again"),
    ("begun", "ends"),
    ("begun-other", "ends-other"),
)
"""The pairs that nobody gets wrong."""
TELLING = frozenset({"again", "hook", "read"})
"""The kinds of which one makes the order of a task worth asking; the rest is the same everywhere."""


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
        text = f"{doer} deletes the row of {label} from the queue"
        yield Item("acknowledged", text, task.acknowledged, "exactly-once")
    hooks = [each for each in trace.histories.prints if each.point.lane == Lane.MONITOR]
    if hooks and len(trace.tasks) == 1:
        which = "" if len(hooks) == 1 else " for the first time"
        yield Item("hook", f"The monitor calls the hook of {label}{which}", hooks[0].point, "hooks-run-once")
    messages = trace.histories.messages
    read = next((each.received for each in messages if each.kind == "read" and each.task == task.id), None)
    if read and read.lane == Lane.CALLER:
        yield Item("read", f"The program finds the outcome of {label}", read, "returns-the-result")


def reasons_of_one(task: TaskHistory, settings: Settings) -> Reasons:
    """Return why what happens to a task has its order, with what has it come again."""
    if len(task.executions) < 2:
        return OF_ONE
    first, second = task.executions[:2]
    came_again = cause(task, first, second, settings)
    when = f"It is delivered again only when the lock of its row has expired, after {lock(settings)}."
    at_once = f"The program finds the first outcome before {lock(settings)} is over."
    found = {("started", "again"): came_again, ("read", "again"): at_once, ("hook", "again"): when}
    if not task.outcomes:
        return found | dict(OF_ONE)
    if task.outcomes[0].saved.number < second.started.number:
        found["stored", "again"] = f"{when} The first outcome is stored before."
        failed = "A failure that may come again isn't acknowledged. Only the outcome of a later execution is."
        late = "The first outcome isn't acknowledged before it is delivered again."
        found["again", "acknowledged"] = late if task.outcomes[0].success else failed
    elif task.outcomes[0].delivery == first.delivery:
        found["again", "stored"] = f"{capital(lock(settings))} is over before its first execution is."
    else:
        found["again", "stored"] = "The first execution has left nothing to store: only a later one has an outcome."
        found["again", "acknowledged"] = "Only what has an outcome is acknowledged, and that took another execution."
    return found | dict(OF_ONE)


def items_of_two(one: TaskHistory, other: TaskHistory) -> list[Item]:
    """Return when two tasks are begun and stored, if each is executed once, and both are in the queue at a time."""
    tasks = (one, other)
    if any(len(each.executions) != 1 or len(each.outcomes) != 1 or not each.queued for each in tasks):
        return []
    if not other.queued or other.queued.number > one.outcomes[0].saved.number:
        return []
    is_overtaken = other.outcomes[0].saved.number < one.outcomes[0].saved.number
    belief = "first-in-first-out" if is_overtaken else ""
    return [
        Item("begun", f"A worker begins {code(one.label)}", one.executions[0].started),
        Item("begun-other", f"A worker begins {code(other.label)}", other.executions[0].started),
        Item("ends", f"The monitor stores the outcome of {code(one.label)}", one.outcomes[0].saved, belief),
        Item("ends-other", f"The monitor stores the outcome of {code(other.label)}", other.outcomes[0].saved),
    ]


def reasons_of_two(one: TaskHistory, other: TaskHistory, gate: str) -> Reasons:
    """Return why two tasks are begun and stored in their order; `gate` says why the second one is begun later."""
    found = {("begun", "ends"): NOTHING_YET, ("begun-other", "ends-other"): NOTHING_YET}
    if one.executions[0].pid != other.executions[0].pid:
        over_first = f"The function of {code(other.label)} is over first, and the monitor stores outcomes as they come."
        return ({("begun", "begun-other"): gate} if gate else {}) | {("ends-other", "ends"): over_first} | found
    in_turn = f"One worker does both: it begins {code(other.label)} only when it is done with {code(one.label)}."
    as_they_come = "One worker hands on both outcomes, and the monitor stores them as they come."
    return {
        ("begun", "begun-other"): in_turn,
        ("ends", "ends-other"): as_they_come,
        ("begun", "ends-other"): in_turn,
    } | found


def chosen(items: Sequence[Item]) -> list[Item]:
    """Return at most as many items as an order may have; what everybody knows is left out first."""
    found = list(items)
    for kind in ("queued", "acknowledged", "read"):
        if len(found) > MOST:
            found = [each for each in found if each.kind != kind]
    return found[:MOST]
