"""The style Timeline, as HTML."""

from __future__ import annotations

import re
from html import unescape

from tests.trace import life
from tests.trace.events import MadeUpEvent, asked, event, lesson, trace_of
from tutor.runs.models import Run
from tutor.styles.moment import Moment
from tutor.styles.rendering import stage

RUN = Run(pk=1, public_id="abcdefghjk", lesson=lesson().slug, knobs=lesson().defaults)


def legend(*events: MadeUpEvent) -> str:
    """Return the text below the drawing at the last step."""
    trace = trace_of([asked(), *events])
    html = stage(Moment(lesson(), RUN, trace, trace.number, len(trace.steps), style="timeline"))
    [foot] = re.findall(r'<div id="timeline-legend".*?</div>', html, re.DOTALL)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", foot).split()))


def test_each_lane_is_explained_from_its_first_step_on() -> None:
    first, later = legend(life.queued()), legend(life.queued(), life.picked(), life.started(), life.stored())
    assert "caller runs the program" in first
    assert "OrmQ the queue, a table of the database" in first
    assert "worker" not in first
    assert "worker executes tasks monitor stores the results Task the results" in later


def test_a_gate_is_explained_where_there_is_one() -> None:
    gate = event("gate", "worker", name="together", waited_ns=9)
    said = "a gate: the lab made it wait until here"
    assert said not in legend(life.queued(), life.started())
    assert said in legend(life.queued(), life.started(), gate, life.stored())


def test_a_result_of_which_nothing_is_stored_looks_different_from_one_that_is() -> None:
    stored = [life.queued(), life.picked(), life.started(), life.finished(), life.stored()]
    again = [life.picked(delivery=2), life.started(delivery=2), life.finished(delivery=2)]
    said = "a result that is dropped"
    assert said not in legend(*stored)
    assert said in legend(*stored, *again, life.acknowledged(delivery=2), life.idle())
