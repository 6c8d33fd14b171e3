"""The registry of benchmarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from . import (
    answers,
    assignment,
    attacked,
    browser,
    crowd,
    engine,
    followers,
    guessing,
    labs,
    learners,
    press,
    questions,
    room,
    scale,
    storing,
    styles,
    two_webs,
    visits,
    walk,
)
from .figures import Benchmark

BENCHMARKS: dict[str, Benchmark] = {
    "fork": labs.fork_to_ready,
    "lesson": labs.whole_lesson,
    "memory": labs.memory,
    "gate": labs.gate,
    "browser": browser.transition_to_browser,
    "page": browser.page_weight,
    "press": press.press,
    "walk": walk.walk,
    "class": learners.class_presses_run,
    "throughput": learners.throughput,
    "answers": answers.answers,
    "assignment": assignment.assignment,
    "questions": questions.questions,
    "followers": followers.followers,
    "room": room.room,
    "attacked": attacked.attacked,
    "guessing": guessing.guessing,
    "crowd": crowd.crowd,
    "scale": scale.scale,
    "styles": styles.styles,
    "engine-rate": engine.rates,
    "engine-overhead": engine.overhead,
    "engine-store": storing.storing,
    "engine-room": two_webs.two_webs,
    "visits": visits.visits,
}
"""Name → benchmark, in the order in which they are measured and printed."""
GROUPS: Mapping[str, Sequence[str]] = {"engine": [name for name in BENCHMARKS if name.startswith("engine-")]}
"""Name of a group → the names of its benchmarks."""


def with_groups(names: Iterable[str]) -> list[str]:
    """Return `names` with the names of its benchmarks in place of a group's."""
    return [each for name in names for each in GROUPS.get(name, [name])]
