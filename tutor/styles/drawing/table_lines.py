"""The tables of a run's databases, a line for each row, those that matter at a step first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.protocol.texts import shortened
from tutor.styles.templatetags.times import ms
from tutor.trace.bars import QUEUE, RESULTS, Bar
from tutor.trace.model import Trace
from tutor.trace.state import Table
from tutor.trace.timeline import Timeline

RESULT, GROUP = 20, 12
"""The maximum characters of a result, and of the name of a group that is shown: a chain's is a hash."""


@dataclass(frozen=True, slots=True)
class TableLine:
    """A row of a table."""

    tag: str
    """The letter of the row's task; empty in a table of the lesson."""
    task: str
    """The label of that task."""
    look: str
    """`waiting`, `locked`, `stored`, `failed` or empty."""
    cells: tuple[str, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class LinedTable:
    """A table with the rows that are shown of it."""

    table: Table
    before: int
    """The number of its rows at the step before."""
    lines: tuple[TableLine, ...]
    others: tuple[LinedTable, ...] = ()
    """The same table as it is inside the transactions of other processes."""

    @property
    def more(self) -> int:
        """The number of its rows that aren't shown."""
        return self.table.count - len(self.lines)

    @property
    def count_changed(self) -> bool:
        return self.table.count != self.before


def lined_tables(
    trace: Trace, position: int, timeline: Timeline, tags: Mapping[str, str], rows: int
) -> tuple[LinedTable, ...]:
    """Return the tables after step `position`, at most `rows` rows of each."""
    if not position:
        return ()
    before = trace.state_at(position - 1).tables
    drawing = TableLines(trace, trace.steps[position - 1].task, timeline, tags, rows)
    return tuple(
        drawing.lined(table, before[name].count if name in before else 0)
        for name, table in trace.state_at(position).tables.items()
    )


@dataclass(frozen=True, slots=True)
class TableLines:
    """Makes lines of rows."""

    trace: Trace
    own: str
    """The id of the task of the step."""
    timeline: Timeline
    tags: Mapping[str, str]
    most: int
    """The maximum rows of a table."""

    def lined(self, table: Table, before: int) -> LinedTable:
        others = tuple(self.lined(other, other.count) for other in table.others)
        return LinedTable(table, before, tuple(self.lines(table)), others)

    def lines(self, table: Table) -> Iterator[TableLine]:
        """Yield the rows in their order; of many, those that changed and that of the step's task."""
        rows: Sequence[Mapping[str, Any]] = table.rows
        if len(rows) > self.most:
            first = sorted(
                rows, key=lambda row: (row["id"] not in table.changed_rows, self.task_of(table, row) != self.own)
            )
            kept = [row["id"] for row in first[: self.most]]
            rows = [row for row in rows if row["id"] in kept]
        for row in rows:
            yield self.line(table, row)

    def task_of(self, table: Table, row: Mapping[str, Any]) -> str:
        return str(row.get("task") or row["id"]) if table.name in (QUEUE, RESULTS) else ""

    def line(self, table: Table, row: Mapping[str, Any]) -> TableLine:
        changed = row["id"] in table.changed_rows
        if table.name not in (QUEUE, RESULTS):
            return TableLine("", "", "", tuple(f"{name} {value}" for name, value in row.items()), changed)
        task = self.task_of(table, row)
        known = self.trace.histories.tasks.get(task)
        label = known.label if known else str(row["name"])
        look, *texts = self.result(row) if table.name == RESULTS else self.waiting(task, row)
        return TableLine(self.tags.get(label, ""), label, look, (label, f"{task[:6]}…", *texts), changed)

    def result(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the look of a Task row, and what it says."""
        attempts = row.get("attempt_count") or 1
        again = f"attempt {attempts}" if attempts > 1 else ""
        group = f"group {row['group']}" if 0 < len(str(row.get("group") or "")) <= GROUP else ""
        status = f"{'Success' if row['success'] else 'Failed'} {shortened(str(row['result']), RESULT)}"
        return "stored" if row["success"] else "failed", *filter(None, (group, again)), status

    def waiting(self, task: str, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the look of a row of the queue, its cluster if that is told, and until when it is locked."""
        whose = [f"for cluster {row['for_cluster']}"] if row.get("for_cluster") else []
        if not row["delivered"]:
            return "waiting", *whose, "waiting"
        lock = next((bar for bar in reversed(self.timeline.bars) if (bar.kind, bar.task) == ("locked", task)), None)
        return "locked", *whose, self.until(lock) if lock else "locked"

    def until(self, lock: Bar) -> str:
        end = (lock.end_ms or 0.0) - self.timeline.zero_ms
        return f"locked until {ms(end)}" if end > self.timeline.now_ms - self.timeline.zero_ms else "locked"
