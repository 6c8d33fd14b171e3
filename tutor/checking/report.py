"""A run as JSON and as tables for a terminal: the same steps, variables and rows as on its page."""

from __future__ import annotations

from typing import Any, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tutor.lessons.lesson import Lesson
from tutor.runs.models import Run
from tutor.trace.model import Step, Trace

STYLES = {"Pending": "yellow", "Running": "blue", "Success": "green", "Failed": "red"}


def as_json(lesson: Lesson, run: Run, trace: Trace) -> dict[str, Any]:
    """Return the run as plain data. `at_ms` is in milliseconds since its lab was requested."""
    return {
        "lesson": lesson.slug,
        "run": run.public_id,
        "outcome": trace.ended.outcome if trace.ended else None,
        "reason": trace.ended.reason if trace.ended else "",
        "steps": [step_as_json(step) for step in trace.steps],
        "variables": {
            each.name: [{"after_step": number, "value": value} for number, value in enumerate(each.values)]
            for each in trace.variables
        },
        "rows": {name: table.count for name, table in trace.state.tables.items()},
        "executions": [
            {"task": each.name, "delivery": each.delivery, "pid": each.pid, "success": each.success}
            for each in trace.executions
        ],
        "notices": [notice.text for notice in trace.state.notices],
        "printed": trace.state.printed,
    }


def step_as_json(step: Step) -> dict[str, Any]:
    return {
        "step": step.number,
        "action": step.action,
        "status": step.status,
        "result": step.result,
        "note": step.note,
        "event": step.event,
        "process": step.process,
        "pid": step.pid,
        "at_ms": step.at_ms,
    }


def as_table(lesson: Lesson, run: Run, trace: Trace, file: TextIO) -> None:
    """Print the execution table, the tracker and how the run ended; in colour where `file` is a terminal."""
    console = Console(file=file, width=None if file.isatty() else 100, highlight=False)
    console.print(Text(lesson.content.title, style="bold"), Text(f"  run {run.public_id}", style="dim"))
    console.print(steps_table(trace))
    console.print(variables_table(trace))
    for notice in trace.state.notices:
        console.print(f"• {notice.text}", style="dim", markup=False)
    if trace.state.printed:
        console.print(f"printed: {trace.state.printed.rstrip()}", markup=False)
    if trace.ended:
        closing = trace.steps[-1].closing if trace.steps else ""
        ending = (f"{trace.ended.outcome.capitalize()}.", trace.ended.reason, closing)
        console.print(" ".join(filter(None, ending)), markup=False)
    console.print(f"Walk through it at /runs/{run.public_id}/ of the site.", style="dim")


def steps_table(trace: Trace) -> Table:
    """Return the execution table, a row for each step."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), expand=True)
    for name, ratio in (("Step", None), ("Action", 3), ("Task status", None), ("Result stored", 2), ("Notes", 4)):
        table.add_column(name, ratio=ratio, min_width=len(name), justify="right" if name == "Step" else "left")
    for step in trace.steps:
        note = Text(step.note)
        note.append(f"\n+{step.at_ms:.0f} ms · {step.process} {step.pid}", style="dim")
        status = Text(step.status, style=STYLES.get(step.status, "dim"))
        table.add_row(str(step.number), Text(step.action), status, Text(step.result), note)
    return table


def variables_table(trace: Trace) -> Table:
    """Return the variables' values at the start and after each step that changes one."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    table.add_column("After step")
    for each in trace.variables:
        table.add_column(Text(each.label), min_width=len(each.label))
    previous: tuple[str, ...] = ()
    for number, values in enumerate(zip(*(each.values for each in trace.variables), strict=True)):
        if values != previous:
            table.add_row(str(number) if number else "start", *map(Text, values))
        previous = values
    return table
