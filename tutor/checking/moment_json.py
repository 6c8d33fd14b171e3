"""A moment of a run as plain data: what had been seen after one of its steps, and nothing later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.styles.export.run_json import process_as_json
from tutor.trace.bars import Bar, Place
from tutor.trace.costs import Costs, costs_at
from tutor.trace.histories import TaskHistory
from tutor.trace.model import Trace
from tutor.trace.phases import Phase, Time
from tutor.trace.processes import label_among
from tutor.trace.state import Frame, Table, TraceState
from tutor.trace.timeline import Arrow, timeline_at
from tutor.trace.tokens import Token


def moment_as_json(trace: Trace, position: int) -> dict[str, Any]:
    """Return the moment after step `position`; 0 is the start, before any event."""
    step = trace.steps[position - 1] if position else None
    state, timeline = trace.state_at(position), timeline_at(trace, position)
    number = step.event_number if step else 0
    return {
        "step": position,
        "event_number": number,
        "at_ms": step.at_ms if step else 0.0,
        "variables": dict(state.variables),
        "lines": [line_as_json(frame, state) for frame in state.frames],
        "locals": [{**frame_as_json(frame, state), "names": dict(frame.locals)} for frame in state.frames],
        "tasks": [task_as_json(task, number) for task in trace.tasks if task.changes[0].number <= number],
        "tokens": [token_as_json(token) for token in state.tokens],
        "rows": {name: table_as_json(table, state) for name, table in state.tables.items()},
        "processes": [process_as_json(each) for each in timeline.processes],
        "lanes": [lane_of(place, state) for place in timeline.lanes],
        "bars": [bar_as_json(bar, trace, state) for bar in timeline.bars],
        "arrows": [arrow_as_json(arrow, trace, state) for arrow in timeline.arrows],
        "costs": costs_as_json(costs_at(trace, position)),
    }


def frame_as_json(frame: Frame, state: TraceState) -> dict[str, Any]:
    return {**who(frame.lane, frame.pid, state), "file": frame.file}


def line_as_json(frame: Frame, state: TraceState) -> dict[str, Any]:
    """Return a frame without its local variables. `line` is about to run, `ran` has just run.

    `stack` contains the lesson's frames that wait for it, the nearest first; `depth` says how many there are.
    """
    stack = [{"file": each.file, "function": each.function, "line": each.line} for each in frame.callers]
    where = {"function": frame.function, "line": frame.line, "ran": frame.ran}
    return {**frame_as_json(frame, state), **where, "stack": stack, "depth": frame.depth}


def task_as_json(task: TaskHistory, number: int) -> dict[str, Any]:
    """Return the status and the stored result of a task after the event with that number."""
    status, result = task.status_at(number), task.result_at(number)
    return {"name": task.name, "label": task.label, "status": status, "result": result}


def token_as_json(token: Token) -> dict[str, Any]:
    return {
        "label": token.label,
        "subject": token.subject.kind,
        "id": token.subject.id or None,
        "delivery": token.subject.delivery or None,
        "entry": token.entry,
        "node": token.node,
        "path": list(token.nodes),
        "inherited": token.inherited,
    }


def table_as_json(table: Table, state: TraceState) -> dict[str, Any]:
    """Return a table as its last reader saw it; in `others`, as it is inside the transactions of other processes."""
    return {
        "table": table.table,
        "database": table.database or None,
        "count": table.count,
        "cut": table.cut,
        "rows": [dict(row) for row in table.rows],
        "changed": [row["id"] for row in table.rows if row["id"] in table.changed_rows],
        "seen_by": who(table.process, table.pid, state),
        "in_transaction": table.in_transaction,
        "unread": table.unread,
        "others": [table_as_json(other, state) for other in table.others],
    }


def bar_as_json(bar: Bar, trace: Trace, state: TraceState) -> dict[str, Any]:
    return {
        "kind": bar.kind,
        "lane": lane_of(bar.place, state),
        "task": trace.histories.tasks[bar.task].name if bar.task else None,
        "task_label": bar.task_label or None,
        "delivery": bar.delivery,
        **who(bar.begin.lane, bar.begin.pid, state),
        "begin_ms": bar.begin.at_ms,
        "end_ms": bar.end_ms,
        "success": bar.success,
        "returned_ms": bar.returned_ms,
        "dropped": bar.dropped,
        "died": bar.died,
        "at_gate": bar.at_gate,
        "count": bar.count or None,
    }


def arrow_as_json(arrow: Arrow, trace: Trace, state: TraceState) -> dict[str, Any]:
    return {
        "kind": arrow.kind,
        "task": trace.histories.tasks[arrow.task].name if arrow.task else None,
        "task_label": arrow.task_label or None,
        "delivery": arrow.delivery,
        "from": lane_of(arrow.source, state),
        "sent_ms": arrow.sent.at_ms,
        "to": lane_of(arrow.target, state),
        "received_ms": arrow.received.at_ms,
    }


def lane_of(place: Place, state: TraceState) -> str:
    """Return the name of a lane: that of a table, or the label of a process with its pid."""
    return f"{label_among(state.processes, place.name, place.pid)} {place.pid}" if place.pid else place.name


def costs_as_json(costs: Costs) -> dict[str, Any]:
    """Return where the time of each task went, and that of all tasks, by phase; and the most rows of each table."""
    return {
        "tasks": [{"label": each.label, "times": times_as_json(each.times)} for each in costs.tasks],
        "total": times_as_json(costs.total),
        "statuses": dict(costs.statuses),
        "most_rows": {each.table.name: {"count": each.most, "step": each.most_at} for each in costs.rows},
    }


def times_as_json(times: Mapping[Phase, Time]) -> dict[str, Any]:
    """Return phase → time. `ms` is None where none of its spans was observed."""
    return {phase: {**time._asdict(), "ms": time.ms if time.spans else None} for phase, time in times.items()}


def who(role: str, pid: int, state: TraceState) -> dict[str, Any]:
    """Return a process by its role and pid, and by the label that it has on pages."""
    return {"process": role, "process_label": label_among(state.processes, role, pid), "pid": pid}
