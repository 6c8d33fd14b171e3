"""Step by step: the moment in one screen, with what belongs to it below.

The screen has the sentence of the step, the execution table with lanes in it, the lines at which processes stand, the
output, what changed in the database, and all lanes on one clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tutor.styles.templatetags.times import ms
from tutor.trace.histories import ABSENT
from tutor.trace.model import Step
from tutor.trace.timeline import Timeline, timeline_at

from .drawing.execution_table import draw_execution_table
from .drawing.flow import draw_flow
from .drawing.flow_tokens import tokens_at
from .drawing.gutter import at_end, marked, moved
from .drawing.output import output_at
from .drawing.source import Listing, listings
from .drawing.strip import draw_strip
from .drawing.strip_svg import strip_svg
from .drawing.table_lines import lined_tables
from .drawing.tracker import lines_of, tracker_rows
from .headline import headline
from .moment import Moment
from .registry import Style
from .row_groups import row_groups
from .task_tags import task_tags
from .texts import texts
from .window import Window, changed_up_to


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that the parts of this style use. They contain nothing from later steps."""
    trace, position = moment.trace, moment.position
    state, steps = trace.state_at(position), moment.steps
    rows = row_groups(trace.steps, position, moment.lesson.content.folds)
    timeline = timeline_at(trace, position, since(rows))
    files = listings(moment.lesson, moment.knobs, state)
    return {
        **execution(moment, rows, timeline, files),
        **texts(moment),
        **strip(moment, rows, timeline),
        **tracker(moment),
        "listings": marked(files, state, bounded=moment.run is not None),
        "flow": draw_flow(moment.lesson.content.flow, state, tokens_at(trace, position)),
        "output": output_at(trace, position),
        "tables": lined_tables(trace, position, timeline, tags_of(moment), rows_of_a_table(moment)),
        "tables_changed": sum(table.changed for table in state.tables.values()),
        "result_changed": len(steps) > 1 and steps[-1].result not in (steps[-2].result, ABSENT),
        "class_question": moment.open_question,
        "presenter_note": "" if moment.page else presenter_note(moment),
    }


def since(rows: Sequence[Sequence[Step]]) -> int:
    """Return the number of the event from which on the bars are drawn; 0 if that is the beginning."""
    first = rows[0][0] if rows else None
    return first.event_number if first and first.number > 1 else 0


def execution(
    moment: Moment, rows: Sequence[Sequence[Step]], timeline: Timeline, files: Sequence[Listing]
) -> dict[str, Any]:
    """Return the names that `parts/moment.html` uses: the sentence of the step, and the table with these rows."""
    steps, trace = steps_in(rows), moment.trace
    return {
        **headline(moment),
        "row_window": Window(steps[0].number if steps else 1, moment.position),
        "execution": draw_execution_table(trace, timeline, rows, tags_of(moment), moment.lesson.content.folds),
        "since": ms(steps[-1].at_ms - timeline.zero_ms) if steps else "",
        "moved": moved(files, trace, moment.position),
    }


def strip(moment: Moment, rows: Sequence[Sequence[Step]], timeline: Timeline) -> dict[str, Any]:
    """Return the strip of all lanes."""
    at_their_end = at_end(moment.trace.state_at(moment.position))
    drawn = draw_strip(timeline, steps_in(rows), tags_of(moment), at_their_end)
    return {"strip": drawn, "strip_svg": strip_svg(drawn)}


def steps_in(rows: Sequence[Sequence[Step]]) -> list[Step]:
    return [step for row in rows for step in row]


def tags_of(moment: Moment) -> Mapping[str, str]:
    return task_tags(tuple(task.label for task in moment.trace.tasks))


def rows_of_a_table(moment: Moment) -> int:
    """Return how many rows of each table there is room for, so that those that changed are in the screen."""
    many = len(moment.trace.state_at(moment.position).tables) > 2
    return 4 >> (many + (moment.open_question is not None))


def tracker(moment: Moment) -> dict[str, Any]:
    """Return the columns of the variable tracker, and its rows."""
    columns, earlier_columns = changed_up_to(moment.steps)
    rows = tracker_rows(moment.trace.variables, [step.number for step in columns])
    return {
        "tracker": rows,
        "tracker_lines": lines_of(rows, columns),
        "columns": columns,
        "earlier_columns": earlier_columns,
    }


def presenter_note(moment: Moment) -> str:
    """Return what a presenter may say at the step, as Markdown."""
    made_by = moment.steps[-1].id if moment.steps else None
    return next((rule.present for rule in moment.lesson.content.steps if rule.id == made_by), "")


STYLE = Style("Step by step", 1, context)
