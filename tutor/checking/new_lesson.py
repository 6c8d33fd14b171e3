"""A new lesson: a folder that runs and passes its check as it stands, to be changed step by step."""

from __future__ import annotations

import shutil
from pathlib import Path

from tutor.lessons.reading.loading import LESSON, SLUG
from tutor.lessons.schema import SHIPPED

SKELETON = Path(__file__).parent / "skeleton"


def make_lesson(slug: str, folder: Path) -> Path:
    """Write the lesson `slug` below `folder`, with the schema beside it; returns its folder.

    Raises ValueError where that can't be: no slug, or something is there already.
    """
    if not SLUG.fullmatch(slug):
        raise ValueError(f"“{slug}” is no slug: small letters, digits and hyphens, such as my-first-lesson.")
    lesson = folder / slug
    if lesson.exists():
        raise ValueError(f"{lesson} is there already.")
    shutil.copytree(SKELETON, lesson, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(SHIPPED, folder / SHIPPED.name)
    written = (lesson / LESSON).read_text(encoding="utf-8")
    title = slug.replace("-", " ").capitalize()
    filled = written.replace("SCHEMA", f"../{SHIPPED.name}", 1).replace("TITLE", title, 1)
    (lesson / LESSON).write_text(filled, encoding="utf-8")
    return lesson
