"""The variable tracker: the texts of a lesson's variables as a run goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tutor.lessons.format.steps import TrackedVariable
from tutor.lessons.templating import fill

from .model import NOT_YET, Step, Variable

BRIEF = 72
"""The maximum length of a value in a cell; the event has the whole value."""


class Tracker:
    """The current text of each variable of a lesson."""

    def __init__(self, tracked: Sequence[TrackedVariable]) -> None:
        self.tracked = tracked
        self.start = {each.name: each.start if each.kind == "derived" else NOT_YET for each in tracked}
        self.values = dict(self.start)

    def read_program(self, names: Mapping[str, str]) -> None:
        """Set the variables of the kind `program` from `names`, the program's own."""
        for each in self.tracked:
            if each.kind == "program" and each.name in names:
                self.values[each.name] = brief(names[each.name])

    def fill(self, templates: Mapping[str, str], names: Mapping[str, Any]) -> None:
        """Set variables to their templates, filled with `names`."""
        for variable, template in templates.items():
            self.values[variable] = brief(fill(template, names))

    def variables(self, steps: Sequence[Step]) -> tuple[Variable, ...]:
        """Return each variable with its texts at the start and after each of `steps`."""
        return tuple(
            Variable(
                name=each.name,
                label=each.label or each.name,
                kind=each.kind,
                values=(self.start[each.name], *(step.state.variables[each.name] for step in steps)),
            )
            for each in self.tracked
        )


def brief(value: str) -> str:
    """Return the first line of `value`, shortened to fit a cell."""
    first = value.split("\n", 1)[0]
    return first if first == value and len(first) <= BRIEF else f"{first[:BRIEF].rstrip()}…"
