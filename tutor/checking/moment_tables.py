"""A moment of a run for a terminal: what had been seen after one of its steps, and nothing later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from tutor.lessons.lesson import Lesson
from tutor.trace.bars import Bar, BarKind
from tutor.trace.histories import Process
from tutor.trace.model import Trace
from tutor.trace.processes import label_among
from tutor.trace.state import Frame, Table, TraceState
from tutor.trace.timeline import timeline_at
from tutor.trace.tokens import Token

LASTS: Mapping[BarKind, str] = {
    "waiting": "{task} waits in the queue, queued by {process}",
    "locked": "{task} is locked, taken by {process}",
    "execution": "{task} is executed by {process}",
    "storing": "the result of {task} is with {process}",
    "stored": "{task} has a Task row, saved by {process}",
    "program": "{process} runs the program",
    "paused": "{process} stays in one line",
    "rows": "{place}: {count} row{s}",
}
"""Kind of a bar → what lasts."""
AT_GATE = "{process} waits at a gate"


def print_moment(lesson: Lesson, trace: Trace, position: int, console: Console) -> None:
    """Print the moment after step `position`; 0 is the start, before any event."""
    step = trace.steps[position - 1] if position else None
    state, timeline = trace.state_at(position), timeline_at(trace, position)
    title = f"After step {step.number}: {step.headline} (+{step.at_ms:.0f} ms)" if step else "At the start"
    nodes = {node.id: node.label for node in lesson.content.flow.nodes}
    parts = {
        "Lines": [frame_text(frame, state) for frame in state.frames],
        "Tokens": [token_text(token, nodes) for token in state.tokens],
        "Rows": [line for table in state.tables.values() for line in table_lines(table, state)],
        "Processes": [process_text(process) for process in timeline.processes],
        "Bars": [bar_text(bar, state) for bar in timeline.bars],
    }
    console.print(Text(title, style="bold"))
    grid = Grid.grid(padding=(0, 2))
    for name, lines in parts.items():
        grid.add_row(Text(name, style="dim"), Text("\n".join(lines) or "none yet"))
    console.print(grid)
    console.print()


def frame_text(frame: Frame, state: TraceState) -> str:
    """Return where a process is in the lesson's files, and its local variables there."""
    lines = [f"line {frame.line} is next" if frame.line else "", f"line {frame.ran} has run" if frame.ran else ""]
    names = "".join(f"; {name} = {value}" for name, value in frame.locals.items())
    return f"{who(frame.lane, frame.pid, state)}, {frame.file}: {', '.join(filter(None, lines))}{names}"


def token_text(token: Token, nodes: dict[str, str]) -> str:
    return f"{token.label}: {' → '.join(nodes[node] for node in token.nodes)}"


def table_lines(table: Table, state: TraceState) -> Iterator[str]:
    """Yield a line about a table, one for each of its rows, and those of the table as other processes see it."""
    about = [f"{table.count} row{'' if table.count == 1 else 's'}", f"seen by {who(table.process, table.pid, state)}"]
    about += ["inside its transaction"] if table.in_transaction else []
    about += ["as it was before: it couldn't be read at this step"] if table.unread else []
    yield f"{table.name}: {', '.join(about)}"
    for row in table.rows:
        changed = "changed: " if row["id"] in table.changed_rows else ""
        yield f"  {changed}{', '.join(f'{name} {shown(value)}' for name, value in row.items())}"
    if table.cut:
        yield f"  and {table.cut} more"
    for other in table.others:
        yield from table_lines(other, state)


def shown(value: Any) -> str:
    """Return the first line of a cell's text."""
    text = str(value)
    first = text.split("\n", 1)[0]
    return first if first == text else f"{first}…"


def process_text(process: Process) -> str:
    died = f", died: {process.died}" if process.died else ""
    return f"{process.label} {process.pid}: +{process.first_ms:.1f} to +{process.last_ms:.1f} ms{died}"


def bar_text(bar: Bar, state: TraceState) -> str:
    end = "…" if bar.end_ms is None else f"+{bar.end_ms:.1f} ms"
    names = {
        "task": f"{bar.task_label}, delivery {bar.delivery}" if bar.delivery else bar.task_label,
        "process": who(bar.begin.lane, bar.begin.pid, state),
        "place": bar.place.name,
        "count": bar.count,
        "s": "" if bar.count == 1 else "s",
    }
    lasts = AT_GATE if bar.at_gate else LASTS[bar.kind]
    return f"{lasts.format(**names)}: +{bar.begin.at_ms:.1f} ms to {end}"


def who(role: str, pid: int, state: TraceState) -> str:
    return f"{label_among(state.processes, role, pid)} {pid}"
