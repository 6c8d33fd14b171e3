"""The variable tracker: the texts of a lesson's variables as a run goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tutor.lessons.format.steps import TrackedVariable
from tutor.lessons.program import PROGRAM
from tutor.lessons.templating import fill
from tutor.protocol.lanes import Lane
from tutor.protocol.texts import shortened

from .histories import ABSENT, NOTHING
from .model import NOT_YET, RecordedEvent, Variable
from .tasks import Tasks

BRIEF = 72
"""The maximum length of a value in a cell; the event has the whole value."""
MODULE = "<module>"
"""Python's name for the function that the top-level lines of a program are in."""
START = {"program": NOT_YET, "status": ABSENT, "result": NOTHING}
"""Kind of a variable → its text at the start; a derived variable has its own."""


class Tracker:
    """The current text of each variable of a lesson."""

    def __init__(self, tracked: Sequence[TrackedVariable], tasks: Tasks) -> None:
        self.tracked = tracked
        self.tasks = tasks
        self.start = {each.name: START.get(each.kind, each.start) for each in tracked}
        self.values = dict(self.start)
        self.columns: dict[str, list[str]] = {name: [text] for name, text in self.start.items()}
        """Variable → its texts at the start and after each step so far."""

    def apply(self, event: RecordedEvent) -> None:
        """Apply what `event` shows of the program's variables, and of its task."""
        payload = event.payload
        names, task = payload.get("locals"), payload.get("task")
        own_line = (payload.get("file"), payload.get("function")) == (PROGRAM, MODULE)
        of_program = event.lane == Lane.CALLER and (own_line or event.kind == "program_ended")
        for each in self.tracked:
            if each.kind == "program" and isinstance(names, Mapping) and each.name in names:
                if self.belongs(each, task) if each.task else of_program:
                    self.values[each.name] = brief(names[each.name])
            elif each.kind in ("status", "result") and (found := self.tasks.find(each.task or "")):
                text = found.status if each.kind == "status" else found.result
                self.values[each.name] = brief(text)

    def belongs(self, variable: TrackedVariable, task: str | None) -> bool:
        """Return whether `variable` is one of the task with the id `task`."""
        found = self.tasks.find(variable.task or "")
        return found is not None and found.id == task

    def fill(self, templates: Mapping[str, str], names: Mapping[str, Any]) -> None:
        """Set variables to their templates, filled with `names`."""
        for variable, template in templates.items():
            self.values[variable] = brief(fill(template, names))

    def end_step(self) -> None:
        """Keep the current texts as those after the next step."""
        for name, column in self.columns.items():
            column.append(self.values[name])

    def variables(self) -> tuple[Variable, ...]:
        """Return each variable with its texts at the start and after each step so far."""
        return tuple(
            Variable(
                name=each.name,
                label=each.label or each.name,
                kind=each.kind,
                values=tuple(self.columns[each.name]),
            )
            for each in self.tracked
        )


def brief(value: str) -> str:
    """Return the first line of `value`, shortened to fit a cell."""
    first, end, _ = value.partition("\n")
    text = shortened(first, BRIEF)
    return f"{text}…" if end and text == first else text
