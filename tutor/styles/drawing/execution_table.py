"""The execution table: its rows and gaps, each with its lanes as SVG and with what it changed in the tables. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from tutor.trace.model import Step, Trace
from tutor.trace.timeline import Timeline

from .gap_facts import told
from .lane_places import Lane
from .lane_rows import LaneRows, Row, draw_lane_rows
from .lane_svg import cell_svg, head_svg
from .table_lines import row_changes
from .time_axis import length_label


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the table: a step, or the gap before a step."""

    step: Step
    """The step, or the one after the gap."""
    svg: SafeString
    """What it has in its lanes."""
    is_now: bool = False
    changes: tuple[str, ...] = ()
    """What the step changed in the tables, such as "OrmQ 1 → 2"."""
    length: str = ""
    """The length of the gap; empty in the row of a step."""
    told: str = ""
    """What happened in the gap."""
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class ExecutionTable:
    """The table of some steps, the last of which is the current one."""

    lanes: tuple[Lane, ...]
    head: SafeString
    """The names of the lanes."""
    rows: tuple[TableRow, ...]

    @property
    def changes(self) -> tuple[str, ...]:
        """What the current step changed in the tables."""
        return self.rows[-1].changes if self.rows else ()


def draw_execution_table(
    trace: Trace, timeline: Timeline, steps: Sequence[Step], tags: Mapping[str, str]
) -> ExecutionTable:
    """Return the table of `steps`; `tags` has the letter of each task's label."""
    drawn: LaneRows = draw_lane_rows(timeline, [(step,) for step in steps], tags)
    rows = tuple(gap_row(row) if row.gap_ms is not None else step_row(trace, row, steps) for row in drawn.rows)
    return ExecutionTable(drawn.lanes, head_svg(drawn.places), rows)


def step_row(trace: Trace, row: Row, steps: Sequence[Step]) -> TableRow:
    return TableRow(row.step, cell_svg(row.cell), row.step is steps[-1], row_changes(trace, row.step.number))


def gap_row(row: Row) -> TableRow:
    length = length_label(row.gap_ms or 0.0)
    return TableRow(row.step, cell_svg(row.cell), length=length, told=told(row.facts), is_long=row.is_long)
