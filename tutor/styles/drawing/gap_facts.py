"""What happens between two steps, in a few words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from tutor.trace.bars import Bar
from tutor.trace.processes import label_among
from tutor.trace.timeline import Timeline

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


def facts_of(timeline: Timeline) -> Iterator[Fact]:
    """Yield what begins and ends in a timeline up to its step, apart from the pauses of its program, and each kill."""
    begun = {(bar.kind, bar.task, bar.begin.at_ms) for bar in timeline.bars}
    ended = {(bar.kind, bar.task, bar.end_ms) for bar in timeline.bars}
    for bar in timeline.bars:
        yield from beginning(bar, timeline, ended)
        if bar.end_ms is not None and bar.end_ms <= timeline.now_ms:
            yield from ending(bar, begun)
    for process in timeline.processes:
        if process.killed:
            yield Fact(process.killed.at_ms, f"{process.label} is killed", 6, "processes are killed")


def told(facts: Iterable[Fact], count: int = 2) -> str:
    """Return the facts that matter most, in the order in which they happened; several of one sort are counted."""
    sorts: dict[str, list[Fact]] = {}
    for fact in facts:
        sorts.setdefault(fact.many or fact.text, []).append(fact)
    heaviest = sorted(sorts.items(), key=lambda item: -item[1][0].weight)[:count]
    in_order = sorted(heaviest, key=lambda item: item[1][0].at_ms)
    return ", ".join(found[0].text if len(found) == 1 else f"{len(found)} {many}" for many, found in in_order)


def beginning(bar: Bar, timeline: Timeline, ended: Set[tuple[str, str, float | None]]) -> Iterator[Fact]:
    """Yield the fact that a bar begins; `ended` has (kind, task, time) of the ends of all bars."""
    at, name = bar.begin.at_ms, named(bar)
    match bar.kind:
        case "waiting" if bar.delivery is None:
            yield Fact(at, f"{name} is queued", 2, "tasks are queued")
        case "locked" if ("locked", bar.task, at) in ended:
            yield Fact(at, f"{name}’s lock is over, and it is locked again", 5, "rows are locked again")
        case "locked":
            again = " again" if (bar.delivery or 1) > 1 else ""
            yield Fact(at, f"{name} is locked{again}", 3, "rows are locked")
        case "execution":
            process = label_among(timeline.processes, bar.place.name, bar.place.pid)
            yield Fact(at, f"{process} starts {name}", 4, "tasks start")
        case "stored":
            yield Fact(at, f"{name} is stored", 2, "tasks are stored")
        case "rows":
            yield Fact(
                at,
                f"{bar.place.name} has {bar.count} row{'' if bar.count == 1 else 's'}",
                2,
                f"changes of {bar.place.name}",
            )


def ending(bar: Bar, begun: Set[tuple[str, str, float]]) -> Iterator[Fact]:
    """Yield the fact that a bar ends; `begun` has (kind, task, time) of the beginnings of all bars."""
    assert bar.end_ms is not None
    at, name = bar.end_ms, named(bar)
    match bar.kind:
        case "locked" if ("waiting", bar.task, at) in begun:
            yield Fact(at, f"{name}’s lock is over", 5, "locks are over")
        case "locked" | "waiting" if ("locked", bar.task, at) not in begun:
            yield Fact(at, f"{name}’s row goes", 3, "rows go")
        case "execution":
            verb = "die" if bar.died else "return" if bar.success else "raise"
            yield Fact(at, f"{name} {verb}s", 4, f"tasks {verb}")
        case "stored" if ("stored", bar.task, at) not in begun:
            yield Fact(at, f"{name}’s result goes", 3, "results go")


def named(bar: Bar) -> str:
    """Return the label of a bar's task, shortened."""
    label = bar.task_label
    return label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"
