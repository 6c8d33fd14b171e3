"""New lessons: a folder with a small lesson that runs and passes its check, for its author to change."""

from __future__ import annotations

import shutil
from pathlib import Path

from tutor.lessons.reading.folder import LESSON, SLUG
from tutor.lessons.schema import SHIPPED

SKELETON = Path(__file__).parent / "skeleton"


def make_lesson(slug: str, folder: Path) -> Path:
    """Write the lesson `slug` to a folder in `folder`, with the schema beside it; return the lesson's folder.

    Raise ValueError if `slug` isn't a slug or the folder exists.
    """
    if not SLUG.fullmatch(slug):
        raise ValueError(f"“{slug}” isn't a slug: use lowercase letters, digits and hyphens, such as my-first-lesson.")
    lesson = folder / slug
    if lesson.exists():
        raise ValueError(f"{lesson} already exists.")
    shutil.copytree(SKELETON, lesson, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(SHIPPED, folder / SHIPPED.name)
    skeleton = (lesson / LESSON).read_text(encoding="utf-8")
    title = slug.replace("-", " ").capitalize()
    filled = skeleton.replace("SCHEMA", f"../{SHIPPED.name}", 1).replace("TITLE", title, 1)
    (lesson / LESSON).write_text(filled, encoding="utf-8")
    return lesson
