"""All lessons: found in folders, read when first asked for and again when a file of theirs has changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from .errors import LessonError, Problem, UnknownLesson
from .lesson import Lesson
from .reading.loading import LESSON, load

__all__ = ["CONTENT", "Catalogue", "get", "lessons", "load", "problems"]

CONTENT = Path(__file__).parent / "content"
"""The lessons that come with the site."""

VARIABLE = "TUTOR_LESSONS"
"""Environment variable: more folders, separated as in PATH. Each is a lesson's, or has lessons' folders in it."""


def lessons() -> Mapping[str, Lesson]:
    """Slug → lesson, in the catalogue's order; those with mistakes are left out (see `problems`)."""
    return current().read().lessons


def get(slug: str) -> Lesson:
    """The lesson of that slug. Raises UnknownLesson."""
    return current().get(slug)


def beside(lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """The lessons before and after `lesson` in the catalogue's order."""
    known = list(lessons().values())
    place = next((index for index, each in enumerate(known) if each.slug == lesson.slug), None)
    if place is None:
        return None, None
    return known[place - 1] if place else None, known[place + 1] if place + 1 < len(known) else None


def problems() -> Mapping[str, tuple[Problem, ...]]:
    """Folder's name → what is wrong with its lesson, for those that have mistakes."""
    return current().read().problems


def current() -> Catalogue:
    """The catalogue of this process: the site's lessons, and those that the environment adds."""
    return catalogue_of((CONTENT, *own_folders()))


def own_folders() -> tuple[Path, ...]:
    """The folders that the environment adds to the site's own."""
    return tuple(Path(each) for each in os.environ.get(VARIABLE, "").split(os.pathsep) if each)


@lru_cache(maxsize=16)
def catalogue_of(folders: tuple[Path, ...]) -> Catalogue:
    return Catalogue(folders)


@dataclass(frozen=True, slots=True)
class Read:
    """What the folders had in them."""

    lessons: Mapping[str, Lesson] = field(default_factory=dict)
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)


Stamp = tuple[tuple[str, int, int], ...]
"""(name, time of change in ns, size in bytes) of each file in a lesson's folder."""


class Catalogue:
    """The lessons in some folders. Safe to use from several threads: what is read is replaced whole."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self.known: dict[Path, tuple[Stamp, Lesson | LessonError]] = {}

    def get(self, slug: str) -> Lesson:
        """The lesson of that slug. Raises UnknownLesson, which has the problems of one with mistakes."""
        found = self.read()
        if slug not in found.lessons:
            raise UnknownLesson(slug, found.problems.get(slug, ()))
        return found.lessons[slug]

    def read(self) -> Read:
        """All lessons and all mistakes as they are now."""
        lessons: dict[str, Lesson] = {}
        wrong: dict[str, tuple[Problem, ...]] = {}
        for folder in self.lesson_folders():
            read = self.load(folder)
            if folder.name in lessons:
                clash = Problem(LESSON, 1, f"another lesson is called “{folder.name}” too; {folder} is left out")
                wrong[folder.name] = (*wrong.get(folder.name, ()), clash)
            elif isinstance(read, LessonError):
                wrong[folder.name] = (*wrong.get(folder.name, ()), *read.problems)
            else:
                lessons[folder.name] = read
        ordered = sorted(lessons.items(), key=lambda item: (item[1].content.order, item[0]))
        return Read(MappingProxyType(dict(ordered)), MappingProxyType(wrong))

    def load(self, folder: Path) -> Lesson | LessonError:
        """The lesson in `folder`, or its mistakes: read again only if a file there is another than before."""
        now = stamp(folder)
        if (known := self.known.get(folder)) is None or known[0] != now:
            read: Lesson | LessonError
            try:
                read = load(folder)
            except LessonError as error:
                read = error
            known = self.known[folder] = (now, read)
        return known[1]

    def stamps(self) -> tuple[tuple[Path, Stamp], ...]:
        """Every lesson's folder with the state of its files, for whoever wants to see that they change."""
        return tuple((folder, stamp(folder)) for folder in self.lesson_folders())

    def lesson_folders(self) -> Iterator[Path]:
        for folder in self.folders:
            if not folder.is_dir() or (folder / LESSON).exists():
                yield folder
                continue
            with os.scandir(folder) as entries:
                yield from sorted(Path(each) for each in entries if each.is_dir() and each.name[0] not in "._")


def stamp(folder: Path) -> Stamp:
    try:
        with os.scandir(folder) as entries:
            stats = [(each.name, each.stat()) for each in entries if each.is_file()]
    except OSError:
        return ()
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))
