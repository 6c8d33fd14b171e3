"""Versions of lessons: a lesson as one document of bytes, and a document as the lesson that it was made from.

`Lesson.document` makes a document. What a person sees of the lesson in it is the same, byte for byte, as of a lesson
that was read from files. It has no claims, which only checks need.
"""

from __future__ import annotations

import json

from .format.lesson_file import LessonFile
from .format.unchecked import table_of
from .lesson import Lesson
from .program import Program
from .upgrades import upgraded


def lesson_of(document: bytes) -> Lesson:
    """Return the lesson in `document`, which may have an older schema. Raise ValueError if it isn't a lesson's."""
    values = upgraded(json.loads(document))
    program = values["program"]
    return Lesson(
        slug=values["slug"],
        content=table_of(LessonFile, values["content"]),
        program=Program(program["text"], tuple((name, start, end) for name, start, end in program["holes"])),
        files=values["files"],
        settings=values["settings"],
        why=values["why"],
        inside=values["inside"],
    )
