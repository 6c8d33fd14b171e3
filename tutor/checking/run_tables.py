"""A run as tables for a terminal: the same steps, variables and notices as on its page."""

from __future__ import annotations

from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tutor.lessons.lesson import Lesson
from tutor.runs.models import Run
from tutor.trace.model import Step, Trace

WIDTH = 100
"""The width of what isn't printed to a terminal, in characters."""
STYLES = {"Pending": "yellow", "Running": "blue", "Success": "green", "Failed": "red"}


def terminal(file: TextIO) -> Console:
    """Return a console that prints to `file`; in colour and as wide as it is, if that is a terminal."""
    return Console(file=file, width=None if file.isatty() else WIDTH, highlight=False)


def print_run(lesson: Lesson, run: Run, trace: Trace, console: Console) -> None:
    """Print the execution table, the tracker and how the run ended."""
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
    """Return the execution table, a row for each step. The notes begin with the headline."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), expand=True)
    table.add_column("Step", justify="right", min_width=4)
    table.add_column("Action", ratio=3)
    table.add_column("Task", max_width=16, overflow="fold")
    table.add_column("Task status", min_width=11)
    table.add_column("Result stored", width=14, overflow="fold")
    table.add_column("Notes", ratio=5)
    for step in trace.steps:
        status = Text(step.status, style=STYLES.get(step.status, "dim"))
        cells = Text(step.action), Text(step.task_label), status, Text(step.result)
        table.add_row(str(step.number), *cells, notes(step))
    return table


def notes(step: Step) -> Text:
    """Return the notes of a row: the headline where it says more than the action, the note, and who made the row."""
    origin = f"+{step.at_ms:.0f} ms · {step.process_label} {step.pid}"
    headline = step.headline if step.headline != step.action else ""
    lines = Text(headline, style="bold"), Text(step.note), Text(origin, style="dim")
    return Text("\n").join(line for line in lines if line.plain)


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
