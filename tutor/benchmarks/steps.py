"""Benchmark of the last step of long runs: the CPU time that a site needs for it, and its size."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tutor.compression import compressed
from tutor.lessons.format.steps import StepRule
from tutor.lessons.lesson import Lesson
from tutor.lessons.unknown_version import lesson_of_unknown_version
from tutor.live.browser_state import BrowserState
from tutor.live.message import message
from tutor.live.page_feed import Lack
from tutor.runs.models import Event, Run
from tutor.styles import rendering
from tutor.styles.moment import Moment
from tutor.trace.projector import project

from .figures import Figure, below, plain

MS, KB, CHANGES_KB = 30, 20, 15
"""The goals: milliseconds of CPU for a step (p95), the compressed kB of it, and the kB of its message."""
LEAST_ROUNDS = 20
LINE = StepRule.model_validate(
    {
        "id": "line",
        "on": {"event": "line", "file": "mails/tasks.py"},
        "short": "line",
        "action": "Line {event.ran} of {event.function} has run",
        "say": "In {who}, line {event.ran} has run.",
        "node": "run",
    }
)
"""A step for each line of a task, so that a run has nearly as many steps as events."""


@dataclass(frozen=True, slots=True)
class LastStep:
    """The fragments of a run's last step, and the CPU time that it took to render and compress them."""

    steps: int
    """The number of steps of the run."""
    raw: int
    """Bytes."""
    compressed: int
    """Bytes."""
    changes: int
    """The bytes of the message to a page that follows the run and shows the step before."""
    times_ms: Sequence[float]

    def figures(self) -> Iterator[Figure]:
        name = f"last of {self.steps:,} steps"
        yield below(f"{name}: CPU to render and compress it", "ms", self.times_ms, MS, of="p95")
        yield plain(f"{name}: size", "kB", [self.raw / 1000])
        yield below(f"{name}: compressed", "kB", [self.compressed / 1000], KB)
        yield below(f"{name}: socket message from the step before", "kB", [self.changes / 1000], CHANGES_KB)


def last_step(program: str, events: Sequence[Event], rounds: int) -> LastStep:
    """Render the last step of a run of `program` with these events, at least `LEAST_ROUNDS` times."""
    lesson = with_line_steps(lesson_of_unknown_version("scale", program))
    trace = project(lesson, events)
    run = Run(pk=0, public_id="benchmark", lesson=lesson.slug)
    moment = Moment(lesson, run, trace, trace.number, len(trace.steps))
    rendered(moment)  # Templates are compiled once in the life of a site.
    times = times_ms([moment] * max(rounds, LEAST_ROUNDS))
    html, compressed = rendered(moment)
    return LastStep(len(trace.steps), len(html), len(compressed), len(step_message(moment)), times)


def times_ms(moments: Iterable[Moment]) -> list[float]:
    """Return the milliseconds of CPU to render and compress each of `moments`."""
    times = []
    for moment in moments:
        start = time.thread_time()
        rendered(moment)
        times.append((time.thread_time() - start) * 1000)
    return times


def step_message(moment: Moment) -> bytes:
    """Return the message of the last step, to a page that shows the step before."""
    live = replace(moment, trace=replace(moment.trace, ended=None))
    made = live.made - 1
    shown = BrowserState(made, follow=True, made=made, ended=False, edition=live.edition)
    return message(live, Lack(live.style, shown, live.made)).encode()


def rendered(moment: Moment) -> tuple[bytes, bytes]:
    """Return the fragments of `moment`, not from a cache, and compressed as a site sends them."""
    rendering.clear()
    html = rendering.fragments(moment).encode()
    return html, compressed(html)


def with_line_steps(lesson: Lesson) -> Lesson:
    return replace(lesson, content=lesson.content.model_copy(update={"steps": (LINE, *lesson.content.steps)}))
