"""The texts of `lesson.toml` that may contain claims, with their paths."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.lesson_file import LessonFile
from tutor.lessons.format.questions import QuizQuestion
from tutor.lessons.key_path import KeyPath


def prose_of(content: LessonFile) -> Iterator[tuple[KeyPath, str]]:
    """Yield all prose about the lesson's runs, as (path, text)."""
    for key in ("summary", "able", "practice", "truth", "closing"):
        yield (key,), getattr(content, key)
    for index, note in enumerate(content.notes):
        yield ("notes", index), note
    yield ("flow", "caption"), content.flow.caption
    for index, knob in enumerate(content.knobs):
        yield ("knobs", index, "help"), knob.help
    for index, moment in enumerate(content.key_moments):
        yield ("key_moments", index, "question"), moment.question
        yield ("key_moments", index, "answer"), moment.answer
    for path, question in questions_of(content):
        for key in ("question", "hint", "look", "why"):
            yield (*path, key), getattr(question, key)
        for index, option in enumerate(question.options):
            yield (*path, "options", index, "why"), option.why
    for index, repair in enumerate(content.repair):
        for key in ("question", "hint", "look", "why"):
            yield ("repair", index, key), getattr(repair, key)
        for number, miss in enumerate(repair.misses):
            yield ("repair", index, "misses", number, "why"), miss.why
    for index, point in enumerate(content.snapshot):
        yield ("snapshot", index, "text"), point.text
    for index, step in enumerate(content.steps):
        yield ("steps", index, "present"), step.present


def step_texts(content: LessonFile) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the texts of the steps that may have claims, as (path, the step's rule, text)."""
    for index, step in enumerate(content.steps):
        for key in ("headline", "note", "more", "say"):
            yield ("steps", index, key), step.id, getattr(step, key)


def questions_of(content: LessonFile) -> Iterator[tuple[KeyPath, QuizQuestion]]:
    """Yield the questions of the quiz, and the one that a presenter asks the class, as (path, question)."""
    yield from ((("quiz", index), question) for index, question in enumerate(content.quiz))
    if content.ask:
        yield ("ask",), content.ask
