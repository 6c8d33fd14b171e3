"""What happens between two steps, in a few words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tutor.styles.templatetags.times import ms
from tutor.trace.bars import Bar, Place
from tutor.trace.processes import label_among
from tutor.trace.timeline import Timeline

Key = tuple[str, Place, str, float | None]
"""The kind, the place and the task of a bar, and when it begins or ends."""
LABEL = 24
"""The maximum length of a task's label in a fact, in characters."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened at a moment."""

    at_ms: float
    text: str
    weight: int
    """How much it matters: the facts with the highest weight are told."""
    many: str = ""
    """What several facts of its sort say after their number, such as "tasks return"."""
    table: str = ""
    """The table that it changes; empty if it changes none."""
    rows: int = 0
    """By how much it changes the number of rows."""
    lock: str = ""
    """How it locks a row: "locked" or "locked again"."""


def facts_of(timeline: Timeline) -> Iterator[Fact]:
    """Yield what begins and ends in a timeline up to its step, apart from the pauses of its program, and each kill."""
    begun = {key_at(bar, bar.begin.at_ms): bar for bar in timeline.bars}
    ended = {key_at(bar, bar.end_ms): bar for bar in timeline.bars}
    for bar in timeline.bars:
        yield from beginning(bar, timeline, ended)
        if bar.end_ms is not None and bar.end_ms <= timeline.now_ms:
            yield from ending(bar, begun)
    for process in timeline.processes:
        if process.killed:
            yield Fact(process.killed.at_ms, f"{process.label} is killed", 6, "processes are killed")


def told(facts: Iterable[Fact], zero_ms: float, count: int = 2) -> str:
    """Return the facts that matter most, each with its time since `zero_ms`, in the order in which they happened.

    Several of one sort are counted.
    """
    sorts: dict[str, list[Fact]] = {}
    for fact in sorted(facts, key=lambda fact: fact.at_ms):
        sorts.setdefault(fact.many or fact.text, []).append(fact)
    heaviest = sorted(sorts.items(), key=lambda item: -item[1][0].weight)[:count]
    in_order = sorted(heaviest, key=lambda item: item[1][0].at_ms)
    return ", ".join(told_of(many, found, zero_ms) for many, found in in_order)


def told_of(many: str, facts: Sequence[Fact], zero_ms: float) -> str:
    """Return one fact, or several of one sort, with the time."""
    at = f"at +{ms(facts[0].at_ms - zero_ms)}"
    return f"{facts[0].text} {at}" if len(facts) == 1 else f"{len(facts)} {many}, the first {at}"


def beginning(bar: Bar, timeline: Timeline, ended: Mapping[Key, Bar]) -> Iterator[Fact]:
    """Yield the fact that a bar begins; `ended` has the bars by their ends."""
    at, name, table = bar.begin.at_ms, named(bar), bar.place.name
    before = ended.get(key_at(bar, at))
    match bar.kind:
        case "waiting" if bar.delivery is None:
            yield Fact(at, f"{name} is queued", 2, "tasks are queued", table, 1)
        case "locked" if before:
            text = f"{name}’s lock is over, and it is locked again"
            yield Fact(at, text, 5, "rows are locked again", table, lock="locked again")
        case "locked":
            lock = "locked again" if (bar.delivery or 1) > 1 else "locked"
            yield Fact(at, f"{name} is {lock}", 3, "rows are locked", table, lock=lock)
        case "execution":
            process = label_among(timeline.processes, bar.place.name, bar.place.pid)
            yield Fact(at, f"{process} starts {name}", 4, "tasks start")
        case "paused" if bar.at_gate:
            process = label_among(timeline.processes, bar.place.name, bar.place.pid)
            yield Fact(at, f"{process} waits at a gate", 2, "processes wait at gates")
        case "stored":
            yield Fact(at, f"{name} is stored", 2, "tasks are stored", table, 0 if before else 1)
        case "rows":
            text = f"{table} has {bar.count} row{'' if bar.count == 1 else 's'}"
            yield Fact(at, text, 2, f"changes of {table}", table, bar.count - (before.count if before else 0))


def ending(bar: Bar, begun: Mapping[Key, Bar]) -> Iterator[Fact]:
    """Yield the fact that a bar ends; `begun` has the bars by their beginnings."""
    assert bar.end_ms is not None
    at, name, table = bar.end_ms, named(bar), bar.place.name
    match bar.kind:
        case "locked" if ("waiting", bar.place, bar.task, at) in begun:
            yield Fact(at, f"{name}’s lock is over", 5, "locks are over")
        case "locked" | "waiting" if ("locked", bar.place, bar.task, at) not in begun:
            yield Fact(at, f"{name}’s row goes", 3, "rows go", table, -1)
        case "execution":
            verb = "die" if bar.died else "return" if bar.success else "raise"
            returned = at if bar.died or bar.returned_ms is None else bar.returned_ms
            yield Fact(returned, f"{name} {verb}s", 4, f"tasks {verb}")
        case "storing" if bar.dropped:
            yield Fact(at, f"{name}’s result is dropped", 3, "results are dropped")
        case "program" if ("paused", bar.place, "", at) not in begun:
            yield Fact(at, "the program ends", 3, "programs end")
        case "stored" if key_at(bar, at) not in begun:
            yield Fact(at, f"{name}’s result goes", 3, "results go", table, -1)
        case "rows" if key_at(bar, at) not in begun:
            yield Fact(at, f"{table} has no row", 2, f"changes of {table}", table, -bar.count)


def key_at(bar: Bar, at_ms: float | None) -> Key:
    return bar.kind, bar.place, bar.task, at_ms


def named(bar: Bar) -> str:
    """Return the label of a bar's task, shortened."""
    label = bar.task_label
    return label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"
