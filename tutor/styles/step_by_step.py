"""Step by step: the program, the concept flow, the execution table, the tracker and the processes after each step."""

from __future__ import annotations

from typing import Any

from tutor.lessons.format.questions import ClassQuestion

from .drawing.flow import draw_flow
from .drawing.flow_tokens import tokens_at
from .drawing.lanes import draw_lanes
from .drawing.source import listings
from .drawing.tracker import tracker_rows
from .headline import headline
from .moment import Moment
from .registry import Style
from .texts import texts
from .window import changed_up_to, last_notices, last_printed, lines_of, steps_before, up_to


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that the parts of this style use. They contain nothing from later steps."""
    lesson, trace, steps = moment.lesson, moment.trace, moment.steps
    state = trace.state_at(moment.position)
    window = up_to(moment.position)
    rows = window.of(trace.steps)
    columns, earlier_columns = changed_up_to(steps)
    printed = last_printed(steps)
    return {
        **texts(moment),
        **headline(moment),
        "rows": rows,
        "listings": listings(lesson, moment.knobs, state),
        "flow": draw_flow(lesson.content.flow, state, tokens_at(trace, moment.position)),
        "tracker": tracker_rows(trace.variables, [step.number for step in columns]),
        "columns": columns,
        "earlier_columns": earlier_columns,
        "lanes": draw_lanes(rows, steps_before(window, trace.steps)),
        "result_changed": len(steps) > 1 and steps[-1].result != steps[-2].result,
        "class_question": class_question(moment),
        "presenter_note": presenter_note(moment),
        "notices": last_notices(steps),
        "printed": printed,
        "printed_lines": lines_of(printed),
    }


def class_question(moment: Moment) -> ClassQuestion | None:
    """Return the question to the class, from the first step until the step that answers it; None otherwise."""
    question, steps = moment.lesson.content.ask, moment.steps
    if question is None or not steps or steps[-1].event == "idle":
        return None
    return question if all(step.id not in question.before for step in steps) else None


def presenter_note(moment: Moment) -> str:
    """Return what a presenter may say at the step, as Markdown."""
    made_by = moment.steps[-1].id if moment.steps else None
    return next((rule.present for rule in moment.lesson.content.steps if rule.id == made_by), "")


STYLE = Style("Step by step", 1, context)
