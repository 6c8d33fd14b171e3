"""What a timeline says of its bars: names, outcomes and lengths. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tutor.trace.bars import Bar
from tutor.trace.histories import Delivery, Process, TaskHistory
from tutor.trace.processes import label_among

from .timeline_lanes import Mark

WHAT = {
    "waiting": "waits in the queue",
    "locked": "is locked",
    "execution": "runs",
    "storing": "is being stored",
    "stored": "Task row",
    "program": "the program runs",
    "paused": "the program stays in one line",
}
SHORT = {"waiting": "waits", "locked": "locked", "storing": "stores", "program": "runs", "paused": "in one line"}
SEPARATOR = "\u202f"
"""A narrow space that doesn't break, between thousands."""


def length(milliseconds: float) -> str:
    """Return a length of time as "2 607.3 ms"."""
    return f"{milliseconds:,.1f} ms".replace(",", SEPARATOR)


def clock(milliseconds: float) -> str:
    """Return a time since the program's first event as "+2 206.8"."""
    return f"{milliseconds:+,.1f}".replace(",", SEPARATOR)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the texts of one timeline."""

    tasks: Mapping[str, TaskHistory]
    tags: Mapping[str, str]
    """Label of a task → its letters."""
    processes: tuple[Process, ...]
    zero_ms: float
    now_ms: float

    def clock(self, at_ms: float) -> str:
        return clock(at_ms - self.zero_ms)

    def name(self, lane: str, pid: int) -> str:
        """Return the name of a process or table on pages."""
        return label_among(self.processes, lane, pid) if pid else lane

    def label(self, mark: Mark, alone: bool) -> str:
        """Return the text inside a mark; `alone` tells whether no other bar can be beside it in its lane."""
        if len(mark.bars) > 1:
            return f"×{len(mark.bars)}"
        bar = mark.bars[0]
        match bar.kind:
            case "execution":
                return delivered(bar)
            case "stored":
                return bar.task_label
            case "rows":
                return rows(bar.count)
            case "paused" if bar.at_gate:
                return "at a gate"
        again = bar.kind == "locked" and (bar.delivery or 1) > 1
        text = "drops" if bar.dropped else "locked again" if again else SHORT[bar.kind]
        return text if alone or not bar.task_label else f"{bar.task_label} {text}"

    def tag(self, mark: Mark) -> str:
        """Return the letters of a mark's task, with the number of a further delivery; empty if it has no task."""
        bar = mark.bars[0]
        tag = self.tags.get(mark.task_label, "")
        return f"{tag}×{bar.delivery}" if tag and bar.kind == "execution" and (bar.delivery or 1) > 1 else tag

    def ends(self, mark: Mark) -> str:
        """Return when a mark ended, or is known to end."""
        bar = mark.bars[-1]
        if bar.end_ms is None:
            return "goes on"
        if bar.died and not any(each.killed for each in self.processes if (each.role, each.pid) == bar.place):
            return "unknown"
        return self.clock(mark.until_ms if bar.died else bar.end_ms)

    def lasts(self, mark: Mark) -> str:
        so_far = " so far" if mark.bars[-1].end_ms is None else ""
        return length(mark.until_ms - mark.begin_ms) + so_far

    def what(self, mark: Mark) -> str:
        """Return what a mark stands for, as the table of bars and its card say it."""
        if len(mark.bars) > 1:
            kinds = Counter(WHAT.get(bar.kind, "rows") for bar in mark.bars)
            return "; ".join(f"{count} × {kind}" for kind, count in kinds.items())
        bar = mark.bars[0]
        if bar.kind == "rows":
            return rows(bar.count)
        if bar.at_gate:
            return "waits at a gate"
        subject = f"{delivered(bar)}: " if bar.task_label else ""
        return f"{subject}{'is dropped, nothing is stored' if bar.dropped else WHAT[bar.kind]}"

    def facts(self, mark: Mark) -> list[str]:
        """Return what else is known of a mark."""
        if len(mark.bars) != 1:
            return ["too near each other, or too long ago, to be drawn one by one"]
        return list(self.facts_of(mark.bars[0]))

    def facts_of(self, bar: Bar) -> Iterator[str]:
        task = self.tasks.get(bar.task)
        delivery = delivery_of(task, bar.delivery)
        match bar.kind:
            case "execution":
                yield self.outcome(bar)
                yield from self.beyond_lock(bar, delivery)
            case "locked" if delivery and delivery.lock_s is not None:
                yield from self.lock(bar, delivery, delivery.lock_s)
            case "waiting":
                yield f"committed by {self.name(bar.begin.lane, bar.begin.pid)}"
            case "stored" | "storing":
                yield "success" if bar.success else "failed"

    def outcome(self, bar: Bar) -> str:
        if bar.died:
            return f"died; noticed at {self.clock(bar.end_ms or self.now_ms)}"
        if bar.end_ms is None:
            return "goes on"
        return "returned" if bar.success else "raised"

    def beyond_lock(self, bar: Bar, delivery: Delivery | None) -> Iterator[str]:
        """Yield how much longer an execution took, so far, than the lock of its delivery."""
        if delivery and delivery.lock_s is not None:
            end = self.now_ms if bar.end_ms is None else bar.end_ms
            over = end - delivery.picked.at_ms - delivery.lock_s * 1000
            if over > 0:
                yield f"{length(over)} longer than its lock"

    def lock(self, bar: Bar, delivery: Delivery, lock_s: float) -> Iterator[str]:
        over = delivery.picked.at_ms + lock_s * 1000
        yield f"set by {self.name(bar.begin.lane, bar.begin.pid)} for {length(lock_s * 1000)}"
        if bar.end_ms is not None and bar.end_ms < over - 0.01:
            yield f"deleted at {self.clock(bar.end_ms)}"
        else:
            yield f"over at {self.clock(over)}"


def delivered(bar: Bar) -> str:
    """Return the task of a bar with its delivery: "report, delivery 1"."""
    return bar.task_label if bar.delivery is None else f"{bar.task_label}, delivery {bar.delivery}"


def rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"


def delivery_of(task: TaskHistory | None, number: int | None) -> Delivery | None:
    """Return the delivery of a task with that number; None if there is none."""
    return next((each for each in task.deliveries if each.number == number), None) if task and number else None
