"""The registry of benchmarks."""

from __future__ import annotations

from . import (
    answers,
    assignment,
    attacked,
    browser,
    crowd,
    followers,
    guessing,
    labs,
    learners,
    press,
    questions,
    room,
    scale,
    styles,
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
}
"""Name → benchmark, in the order in which they are measured and printed."""
