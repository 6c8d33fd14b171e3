"""The style Read: its parts, and what is closed until the walk has ended."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.styles.long_run import long_trace
from tests.trace.events import events_of_first_lesson, lesson, trace_of
from tutor.lessons import catalogue
from tutor.runs.models import Run
from tutor.styles.moment import Moment, without_run
from tutor.styles.rendering import clear, stage
from tutor.trace.model import RunEnd, Trace

RUN = Run(pk=1, public_id="abcdefghjk", lesson=lesson().slug, knobs=lesson().defaults)
END = RunEnd("finished", "", 20.0)
FIRST = replace(trace_of(events_of_first_lesson()), ended=END)
LAST = len(FIRST.steps)
ANSWERS = ("key-moments", "snapshot")


def shown(step: int, trace: Trace = FIRST, style: str = "read") -> str:
    clear()
    return stage(Moment(lesson(), RUN, trace, trace.number, step, style=style))


def opened(html: str) -> set[str]:
    """Return the ids of the parts that are open."""
    return set(re.findall(r'<details class="[^"]*" id="([\w-]+)" data-keep-open open>', html))


@pytest.mark.parametrize("style", ["read", "step_by_step"])
def test_what_answers_the_quiz_is_closed_until_the_last_step_of_a_run_that_has_ended(style: str) -> None:
    for step in range(1, LAST):
        assert opened(shown(step, style=style)).isdisjoint(ANSWERS)
    assert opened(shown(LAST, style=style)) >= set(ANSWERS)
    assert opened(shown(LAST, replace(FIRST, ended=None), style)).isdisjoint(ANSWERS)


@pytest.mark.parametrize("slug", catalogue.lessons())
def test_every_lesson_has_all_parts_without_a_run(slug: str) -> None:
    html = stage(without_run(catalogue.get(slug), "read"))
    for part in (
        "Why it matters",
        "How it works inside",
        "What it costs",
        "Concept snapshot",
        "Key moments",
        "Transcript",
    ):
        assert f">{part}<" in html
    assert opened(html) == {"why", "inside"}


def test_each_sentence_of_the_transcript_and_each_time_leads_to_its_step_in_this_style() -> None:
    html = shown(3)
    address = f"/runs/{RUN.public_id}/\\?style=read&amp;step="
    assert re.findall(rf'<li id="say-\d" data-of-step="(\d)"><a href="{address}\1" data-walk', html) == ["1", "2", "3"]
    assert re.findall(rf'<td data-phase="(\w+)"><a href="{address}(\d)"', html) == [
        ("waiting", "2"),
        ("handed", "2"),
        ("running", "3"),
        ("storing", "3"),
        ("locked", "2"),
    ]


def test_the_costs_say_that_times_are_rounded_and_of_several_tasks_that_the_exact_ones_were_summed() -> None:
    assert "Each time is rounded by itself; Locked lasts" in shown(LAST)
    assert "Each time is rounded by itself; the last row has the rounded sums" in shown(100, long_trace())


def test_nothing_of_later_steps_is_shown() -> None:
    events = events_of_first_lesson()
    for step in FIRST.steps[:-1]:
        so_far = replace(trace_of(events[: step.event_number]), ended=END, steps=FIRST.steps)
        assert shown(step.number, so_far) == shown(step.number)


def test_a_step_does_not_grow_with_the_run() -> None:
    early, late = len(shown(100, long_trace())), len(shown(3000, long_trace()))
    assert late < 1.2 * early
    assert late < 50_000
