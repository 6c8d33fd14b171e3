"""The variable tracker as a table. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.trace.model import Trace, Variable


@dataclass(frozen=True, slots=True)
class TrackerCell:
    """The text of a variable at the start or after a step."""

    value: str
    changed: bool
    """Whether it differs from the cell before."""
    unset: bool
    """Whether the program has no such name yet."""


@dataclass(frozen=True, slots=True)
class TrackerRow:
    """A variable with its cells."""

    variable: Variable
    cells: tuple[TrackerCell, ...]
    """Index 0 is the start, index n is after step n."""


def tracker_rows(trace: Trace, position: int) -> tuple[TrackerRow, ...]:
    """Return the rows of the tracker, from the start to after step `position`."""
    return tuple(TrackerRow(each, cells(each, position)) for each in trace.variables)


def cells(variable: Variable, position: int) -> tuple[TrackerCell, ...]:
    values = variable.values[: position + 1]
    before = values[:1] + values
    return tuple(
        TrackerCell(value, value != old, unset=variable.kind == "program" and value == variable.values[0])
        for value, old in zip(values, before, strict=False)
    )
