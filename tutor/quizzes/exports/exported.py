"""What is exported, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Question


@dataclass(frozen=True, slots=True)
class Exported:
    """One question of a quiz."""

    number: int
    """Its number in the quiz, from 1."""
    lesson: Lesson
    question: Question
    case_title: str
    """The title of the case that it is about; "" for the lesson's own run."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file of questions."""

    text: str
    left_out: tuple[str, ...]
    """What the format can't hold, in sentences for a teacher."""
