"""The style Concept flow, as HTML."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.styles.long_run import long_trace
from tests.trace import life
from tests.trace.events import MadeUpEvent, asked, lesson, trace_of
from tutor.runs.models import Run
from tutor.styles.moment import Moment, without_run
from tutor.styles.rendering import stage
from tutor.trace.model import Trace

RUN = Run(pk=1, public_id="abcdefghjk", lesson=lesson().slug, knobs=lesson().defaults)
KB = 1000


def html(trace: Trace, step: int) -> str:
    return stage(Moment(lesson(), RUN, trace, trace.number, step, style="flow"))


def made_up(*events: MadeUpEvent) -> Trace:
    return trace_of([asked(), *events])


def text(shown: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", shown).split()))


@pytest.mark.parametrize("step", [1, 100, 1500, 3000])
def test_a_step_of_a_long_run_is_bounded(step: int) -> None:
    assert len(html(long_trace(), step).encode()) < 50 * KB


def test_nothing_of_later_steps_is_shown() -> None:
    assert "t1001" not in html(long_trace(), 3000)
    trace = made_up(life.queued(), life.started(), life.returned(error="ValueError"), life.finished(success=False))
    after = made_up(life.queued(), life.started())
    assert html(trace, 2) == html(after, 2)


def test_without_a_run_all_edges_are_listed_and_none_is_taken() -> None:
    shown = stage(without_run(lesson(), style="flow"))
    assert "Press Run" in text(shown)
    assert 'data-step="0"' in shown
    assert len(re.findall('<li [^>]*class="edge"', shown)) == len(lesson().content.flow.edges)
    assert "data-token=" not in shown
    assert "Not taken" not in text(shown)


def test_the_question_to_the_class_is_there_until_it_is_answered() -> None:
    trace = made_up(life.queued(), life.started())
    assert "data-question-open" in html(trace, 1)
