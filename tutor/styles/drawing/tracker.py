"""The variable tracker as a table. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.trace.model import Step, Variable

BESIDE = 8
"""The most steps that have a column beside each other; more have a line each."""


@dataclass(frozen=True, slots=True)
class TrackerCell:
    """The text of a variable at the start or after a step."""

    step: int
    """The number of the step; 0 is the start."""
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
    """The first is that of the start. The others are those of the columns."""


@dataclass(frozen=True, slots=True)
class TrackerLine:
    """The variables at the start or after a step."""

    step: Step | None
    """None is the start."""
    cells: tuple[TrackerCell, ...]


def tracker_rows(variables: Sequence[Variable], columns: Sequence[int]) -> tuple[TrackerRow, ...]:
    """Return the rows of the tracker, with the start and the steps that have the numbers `columns`."""
    return tuple(TrackerRow(each, tuple(cell(each, number) for number in (0, *columns))) for each in variables)


def lines_of(rows: Sequence[TrackerRow], columns: Sequence[Step]) -> tuple[TrackerLine, ...]:
    """Return the rows of the tracker as lines: the start, and a line for each column, if there are many; else none."""
    if len(columns) <= BESIDE:
        return ()
    steps = [None, *columns]
    return tuple(TrackerLine(step, tuple(row.cells[index] for row in rows)) for index, step in enumerate(steps))


def cell(variable: Variable, number: int) -> TrackerCell:
    start, before, value = (variable.values[index] for index in (0, max(0, number - 1), number))
    return TrackerCell(number, value, changed=value != before, unset=variable.kind == "program" and value == start)
