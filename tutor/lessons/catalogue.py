"""The catalogue of lessons: finds them in folders, and reads them again when their files change."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .errors import LessonError, Problem, UnknownLesson, unknown
from .lesson import Lesson
from .reading.folder import LESSON
from .reading.loading import load

CONTENT = Path(__file__).parent / "content"
"""The lessons that come with the site."""

VARIABLE = "TUTOR_LESSONS"
"""Environment variable: additional folders, separated as in PATH. Each is a lesson's folder or contains some."""


def lessons() -> Mapping[str, Lesson]:
    """Return slug → lesson, in the catalogue's order. Lessons with mistakes are left out; see `problems`."""
    return current().read().lessons


def get(slug: str) -> Lesson:
    """Return the lesson with that slug. Raise UnknownLesson if there is none."""
    return current().get(slug)


def home_of(lessons: Mapping[str, Lesson]) -> Lesson | None:
    """Return the lesson among `lessons` whose run the home page plays; None if there is none."""
    return next((lesson for lesson in lessons.values() if lesson.content.home), None)


def beside(lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """Return the lessons before and after `lesson` in the catalogue's order."""
    known = list(lessons().values())
    place = next((index for index, each in enumerate(known) if each.slug == lesson.slug), None)
    if place is None:
        return None, None
    return known[place - 1] if place else None, known[place + 1] if place + 1 < len(known) else None


def problems() -> Mapping[str, tuple[Problem, ...]]:
    """Return name of a folder → the mistakes in its lesson, for each lesson that has mistakes."""
    return current().read().problems


def current() -> Catalogue:
    """Return the catalogue of this process: the site's lessons and those in `own_folders`."""
    return catalogue_of((CONTENT, *own_folders()))


def own_folders() -> tuple[Path, ...]:
    """Return the folders that the environment variable names."""
    return tuple(Path(each) for each in os.environ.get(VARIABLE, "").split(os.pathsep) if each)


@lru_cache(maxsize=16)
def catalogue_of(folders: tuple[Path, ...]) -> Catalogue:
    return Catalogue(folders)


@dataclass(frozen=True, slots=True)
class Contents:
    """The lessons in some folders at one moment."""

    lessons: Mapping[str, Lesson]
    """Slug → lesson, in the catalogue's order."""
    problems: Mapping[str, tuple[Problem, ...]]
    """Name of a folder → the mistakes in its lesson."""


Stamp = tuple[tuple[str, int, int], ...]
"""(name, modification time in ns, size in bytes) of each file in a lesson's folder."""


class Catalogue:
    """The lessons in `folders`. Thread-safe: an entry of the cache is replaced as a whole."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self.cache: dict[Path, tuple[Stamp, Lesson | LessonError]] = {}

    def get(self, slug: str) -> Lesson:
        """Return the lesson with that slug. Raise UnknownLesson, with the problems if the lesson has mistakes."""
        found = self.read()
        if slug not in found.lessons:
            raise UnknownLesson(slug, found.problems.get(slug, ()))
        return found.lessons[slug]

    def read(self) -> Contents:
        """Return all lessons and all mistakes in the current files."""
        lessons: dict[str, Lesson] = {}
        problems: dict[str, list[Problem]] = {}
        for folder in self.lesson_folders():
            found = self.load(folder)
            if folder.name in lessons:
                clash = Problem(LESSON, 1, f'another lesson has the slug "{folder.name}"; {folder} is left out')
                problems.setdefault(folder.name, []).append(clash)
            elif isinstance(found, LessonError):
                problems.setdefault(folder.name, []).extend(found.problems)
            elif found.content.home and (other := home_of(lessons)):
                clash = Problem(LESSON, found.lines["home"], f'the home page plays the lesson "{other.slug}" already')
                problems.setdefault(folder.name, []).append(clash)
            else:
                lessons[folder.name] = found
        for name, unknown_one in without_healing(lessons, {*lessons, *problems}):
            problems[name] = [unknown_one]
            del lessons[name]
        return Contents(in_order(lessons), {name: tuple(found) for name, found in problems.items()})

    def load(self, folder: Path) -> Lesson | LessonError:
        """Return the lesson in `folder`, or its mistakes; read them again only if a file there has changed."""
        now = stamp(folder)
        if (cached := self.cache.get(folder)) is None or cached[0] != now:
            read: Lesson | LessonError
            try:
                read = load(folder)
            except LessonError as error:
                read = error
            cached = self.cache[folder] = (now, read)
        return cached[1]

    def stamps(self) -> tuple[tuple[Path, Stamp], ...]:
        """Return every lesson's folder with the stamp of its files, to detect changes."""
        return tuple((folder, stamp(folder)) for folder in self.lesson_folders())

    def lesson_folders(self) -> Iterator[Path]:
        """Yield the lessons' folders: each of `folders` that is one, and the subfolders of the others."""
        for folder in self.folders:
            if not folder.is_dir() or (folder / LESSON).exists():
                yield folder
                continue
            with os.scandir(folder) as entries:
                yield from sorted(Path(each) for each in entries if each.is_dir() and each.name[0] not in "._")


def without_healing(lessons: Mapping[str, Lesson], known: Collection[str]) -> list[tuple[str, Problem]]:
    """Return (slug, mistake) of each lesson that names a lesson which heals it and isn't known."""
    known = {*known, *(each.name for each in CONTENT.iterdir())}
    named = [(slug, lesson, lesson.content.healed_by) for slug, lesson in lessons.items()]
    return [
        (slug, Problem(LESSON, lesson.lines["healed_by"], unknown("lesson", healing.lesson, sorted(known))))
        for slug, lesson, healing in named
        if healing and healing.lesson not in known
    ]


def in_order(lessons: Mapping[str, Lesson]) -> dict[str, Lesson]:
    """Return `lessons` by their `order`, and all of a subject together, where the first of them is."""
    ordered = sorted(lessons.items(), key=lambda item: (item[1].content.order, item[0]))
    subjects = list(dict.fromkeys(lesson.content.catalogue_subject for _, lesson in ordered))
    return dict(sorted(ordered, key=lambda item: subjects.index(item[1].content.catalogue_subject)))


def stamp(folder: Path) -> Stamp:
    try:
        with os.scandir(folder) as entries:
            stats = [(each.name, each.stat()) for each in entries if each.is_file()]
    except OSError:
        return ()
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))
