"""Benchmark of generated questions: how many there are, of what, how fast they are made, and what the gate drops."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.quizzes import gate
from tutor.quizzes.alike import subject_in
from tutor.quizzes.generated import Generated, events_of, generate, runs_of
from tutor.runs.own_host import own_host
from tutor.runs.reference_batch import make_missing

from .figures import Figure, rate

MOST_ROUNDS = 3
"""The number of rounds after which more tell nothing new."""


def questions(rounds: int) -> Iterator[Figure]:
    """The questions of all lessons, from five reference runs of each case; those that are missing are made and kept."""
    lessons = list(catalogue.lessons().values())
    with own_host() as host:
        make_missing(lessons, gate.FEWEST_RUNS, host)
    seconds: list[float] = []
    made: Mapping[str, Generated] = {}
    for _ in range(min(rounds, MOST_ROUNDS)):
        made, spent = all_generated(lessons)
        seconds.append(spent)
    kept = {slug: [each for case in found.questions.values() for each in case] for slug, found in made.items()}
    asked = [each for own in kept.values() for each in own]
    named = sum(map(gate.has_misconception, asked))
    yield rate("questions made", "a second", [len(asked) / each for each in seconds])
    yield count("questions of all lessons", "questions", len(asked))
    yield at_least("with a named misconception", "%", 100 * named / max(1, len(asked)), gate.NAMED_PERCENT)
    for kind, number in Counter(each.kind for each in asked).most_common():
        yield count(f"kind {kind}", "questions", number)
    for subject, number in Counter(subject_in(each.id) for each in asked).most_common():
        yield count(f"subject {subject}", "questions", number)
    for slug, own in kept.items():
        yield at_most(f"lesson {slug}", "questions", len(own), gate.MOST)
    reasons = Counter(each.why for found in made.values() for each in found.dropped)
    for why, number in reasons.most_common():
        yield count(f"dropped: {why}", "questions", number)


def all_generated(lessons: Sequence[Lesson]) -> tuple[Mapping[str, Generated], float]:
    """Return slug → what is generated for each lesson, and the seconds without those for reading the runs."""
    made: dict[str, Generated] = {}
    seconds = 0.0
    for lesson in lessons:
        events = {case: [events_of(run) for run in runs] for case, runs in runs_of(lesson).items()}
        began = time.perf_counter()
        made[lesson.slug] = generate(lesson, events)
        seconds += time.perf_counter() - began
    return made, seconds


def count(name: str, unit: str, number: float) -> Figure:
    """Return a figure that was counted once."""
    return Figure(name, unit, number, number)


def at_least(name: str, unit: str, number: float, bound: float) -> Figure:
    return Figure(name, unit, number, number, goal=f"≥ {bound:g}", met=number >= bound)


def at_most(name: str, unit: str, number: float, bound: float) -> Figure:
    return Figure(name, unit, number, number, goal=f"≤ {bound:g}", met=number <= bound)
