"""The execution table: its rows and gaps, each with its lanes as SVG and with what it changed in the tables. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from tutor.lessons.format.steps import FoldRule
from tutor.lessons.templating import fill
from tutor.styles.templatetags.times import ms
from tutor.trace.model import Step, Trace
from tutor.trace.timeline import Timeline

from .gap_facts import Fact, told
from .lane_places import Lane
from .lane_rows import LaneRows, Row, draw_lane_rows
from .lane_svg import cell_svg, head_svg
from .table_changes import count_changes, gap_changes, step_changes


@dataclass(frozen=True, slots=True)
class Folded:
    """Several steps that share a row."""

    first: Step
    count: int
    text: str
    """What happens in all of them."""
    same_status: bool
    """Whether their tasks have the same status."""
    tasks: str
    """The labels of their tasks, a line each."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the table: a step, several that share it, or the gap before a step."""

    step: Step
    """The step, the last of several, or the one after the gap."""
    svg: SafeString
    """What it has in its lanes."""
    is_now: bool = False
    changes: tuple[str, ...] = ()
    """What the steps of the row, or what happened in its gap, changed in the tables, such as "OrmQ 1 → 2"."""
    folded: Folded | None = None
    """None unless several steps share the row."""
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
    trace: Trace,
    timeline: Timeline,
    groups: Sequence[Sequence[Step]],
    tags: Mapping[str, str],
    folds: Sequence[FoldRule] = (),
) -> ExecutionTable:
    """Return the table of groups of steps, each of which has a row; `tags` has the letter of each task's label."""
    drawn: LaneRows = draw_lane_rows(timeline, groups, tags)
    texts = {rule: fold.text for fold in folds for rule in fold.steps}
    last = groups[-1][-1] if groups else None
    rows: list[TableRow] = []
    gap: Sequence[Fact] = ()
    for row in drawn.rows:
        rows.append(step_row(trace, row, gap, last, texts) if row.gap_ms is None else gap_row(trace, row))
        gap = () if row.gap_ms is None else row.facts
    return ExecutionTable(drawn.lanes, head_svg(drawn.places), tuple(rows))


def step_row(trace: Trace, row: Row, gap: Sequence[Fact], last: Step | None, texts: Mapping[str, str]) -> TableRow:
    """Return the row of a step, or of several; `gap` is what happened between it and the row before."""
    first, svg = row.steps[0], cell_svg(row.cell)
    if len(row.steps) == 1:
        return TableRow(row.step, svg, row.step is last, step_changes(trace, first.number, gap, row.facts))
    changes = count_changes(trace, first.number, row.step.number, gap)
    return TableRow(row.step, svg, changes=changes, folded=folded(row.steps, texts[first.id]))


def folded(steps: Sequence[Step], text: str) -> Folded:
    tasks = "\n".join(dict.fromkeys(step.task_label for step in steps if step.task_label))
    same_status = len({step.status for step in steps}) == 1
    return Folded(steps[0], len(steps), fill(text, {"count": len(steps)}), same_status, tasks)


def gap_row(trace: Trace, row: Row) -> TableRow:
    following, length = row.steps[0], ms(row.gap_ms or 0.0)
    changes = gap_changes(trace, following.number, row.facts)
    svg = cell_svg(row.cell)
    return TableRow(
        following, svg, changes=changes, length=length, told=told(row.facts, trace.zero_ms), is_long=row.is_long
    )
