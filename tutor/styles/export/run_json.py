"""A run as plain data: the same steps, variables, tasks and rows as on its page.

Times are in milliseconds since the run's lab was requested. What isn't there, or isn't known yet, is None.
"""

from __future__ import annotations

from typing import Any

from tutor.lessons.lesson import Lesson
from tutor.runs.models import Run
from tutor.trace.histories import Execution, Message, Point, Process, TaskHistory
from tutor.trace.model import Step, Trace

from .run_format import FORMAT


def run_as_json(lesson: Lesson, run: Run, trace: Trace) -> dict[str, Any]:
    """Return the run, in the format of `run_format.py` once it has ended."""
    return {
        "format": FORMAT,
        "lesson": lesson.slug,
        "title": lesson.content.title,
        "version": run.version_id,
        "run": run.public_id,
        "asked_at": run.asked_at.isoformat(),
        "knobs": run.knobs,
        "interventions": run.interventions,
        "outcome": trace.ended.outcome if trace.ended else None,
        "reason": trace.ended.reason if trace.ended else "",
        "steps": [step_as_json(step, trace) for step in trace.steps],
        "variables": {
            each.name: [{"after_step": number, "value": value} for number, value in enumerate(each.values)]
            for each in trace.variables
        },
        "rows": {name: table.count for name, table in trace.state.tables.items()},
        "tasks": [task_as_json(task) for task in trace.tasks],
        "executions": [{"task": each.name, **execution_as_json(each)} for each in trace.executions],
        "processes": [process_as_json(each) for each in trace.processes],
        "messages": [message_as_json(each, trace) for each in trace.histories.messages],
        "notices": [notice.text for notice in trace.state.notices],
        "printed": trace.state.printed,
    }


def step_as_json(step: Step, trace: Trace) -> dict[str, Any]:
    about = trace.histories.tasks.get(step.task)
    return {
        "step": step.number,
        "action": step.action,
        "headline": step.headline,
        "sentence": step.sentence,
        "task": about.name if about else None,
        "task_label": step.task_label or None,
        "status": step.status,
        "result": step.result,
        "note": step.note,
        "more": step.more,
        "event": step.event,
        "event_number": step.event_number,
        "process": step.process,
        "process_label": step.process_label,
        "pid": step.pid,
        "at_ms": step.at_ms,
    }


def task_as_json(task: TaskHistory) -> dict[str, Any]:
    """Return a task as it is at last. `result` is the text in its Task row, and None without one."""
    described = task.description
    return {
        "name": task.name,
        "label": task.label,
        "id": task.id,
        "func": described.get("func"),
        "args": described.get("args"),
        "kwargs": described.get("kwargs"),
        "options": described.get("options") or {},
        "queued": point_as_json(task.queued),
        "deliveries": [
            {
                "delivery": each.number,
                "picked": point_as_json(each.picked),
                "lock_s": each.lock_s,
                "not_started": point_as_json(each.not_started),
            }
            for each in task.deliveries
        ],
        "executions": [execution_as_json(each) for each in task.executions],
        "acknowledged": point_as_json(task.acknowledged),
        "status": task.status,
        "success": task.outcome.success if task.outcome else None,
        "result": task.outcome.result if task.outcome else None,
    }


def execution_as_json(execution: Execution) -> dict[str, Any]:
    return {
        "delivery": execution.delivery,
        "pid": execution.started.pid,
        "success": execution.success,
        "begin_ms": execution.started.at_ms,
        "end_ms": execution.ended.at_ms if execution.ended else None,
    }


def process_as_json(process: Process) -> dict[str, Any]:
    """Return a process. `last_ms` is when the last event so far came from it."""
    return {
        "role": process.role,
        "letter": process.letter,
        "label": process.label,
        "pid": process.pid,
        "first_ms": process.first_ms,
        "last_ms": process.last_ms,
        "died_ms": process.died_ms,
        "died": process.died or None,
    }


def message_as_json(message: Message, trace: Trace) -> dict[str, Any]:
    task = trace.histories.tasks[message.task]
    return {
        "kind": message.kind,
        "task": task.name,
        "task_label": task.label,
        "delivery": message.delivery,
        "sent": point_as_json(message.sent),
        "received": point_as_json(message.received),
    }


def point_as_json(point: Point | None) -> dict[str, Any] | None:
    if point is None:
        return None
    return {"event_number": point.number, "process": point.lane, "pid": point.pid, "at_ms": point.at_ms}
