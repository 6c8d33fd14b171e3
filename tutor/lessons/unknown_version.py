"""The lesson that stands in for an unknown version: the program that a run recorded, and the steps of all lessons."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from .format.lesson_file import LessonFile
from .lesson import Lesson
from .program import Program
from .reading.common_steps import common_steps

FILE = Path(__file__).with_suffix(".toml")


@lru_cache(maxsize=32)
def lesson_of_unknown_version(slug: str, program: str) -> Lesson:
    """Return a lesson with the text of this program, without knobs, other files and questions."""
    written = tomllib.loads(FILE.read_text(encoding="utf-8"))
    content = LessonFile.model_validate({**written, "title": slug, "steps": list(common_steps().values())})
    return Lesson(slug, content, Program(program), files={}, settings={})
