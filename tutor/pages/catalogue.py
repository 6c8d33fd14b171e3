"""The lessons as a catalogue shows them: by subject, numbered from first to last, with what this browser has run."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from tutor.lessons.lesson import Lesson
from tutor.lessons.prose import plain

LONGEST_QUERY = 100
"""Characters of a search that are looked at."""
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson in the catalogue."""

    lesson: Lesson
    number: int
    """Its place on the way from the first to the last, from 1."""
    has_run: bool
    """Whether this browser has run it."""
    is_next: bool
    """Whether it is the first that this browser has not run."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The lessons of one subject, in order."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a catalogue page shows."""

    path: tuple[Entry, ...]
    """All lessons from first to last, whatever is searched for."""
    subjects: tuple[Subject, ...]
    """Those found; all without a query."""
    query: str = ""

    @property
    def found(self) -> int:
        return sum(len(subject.entries) for subject in self.subjects)

    @property
    def runs(self) -> int:
        """How many lessons this browser has run."""
        return sum(entry.has_run for entry in self.path)

    @property
    def next(self) -> Entry | None:
        return next((entry for entry in self.path if entry.is_next), None)


def shelf(lessons: Iterable[Lesson], run: Collection[str] = (), query: str = "") -> Shelf:
    """`lessons`, in the catalogue's order, where `run` are the slugs that were run; those that match `query`."""
    known = tuple(lessons)
    first = next((lesson.slug for lesson in known if lesson.slug not in run), None)
    path = tuple(
        Entry(lesson, number, lesson.slug in run, lesson.slug == first) for number, lesson in enumerate(known, 1)
    )
    query = " ".join(query[:LONGEST_QUERY].split())
    wanted = tuple(islice(query.casefold().split(), MOST_WORDS))
    found = [entry for entry in path if all(word in searched(entry.lesson) for word in wanted)]
    subjects: dict[str, list[Entry]] = {}
    for entry in found:
        subjects.setdefault(entry.lesson.content.catalogue_subject, []).append(entry)
    return Shelf(path, tuple(Subject(name, tuple(entries)) for name, entries in subjects.items()), query)


@lru_cache(maxsize=256)
def searched(lesson: Lesson) -> str:
    """The text that a search looks through."""
    content = lesson.content
    prose = (content.title, content.category, content.catalogue_subject, content.summary_text, plain(content.able))
    return "\n".join((*prose, lesson.program_text(), *lesson.files.values())).casefold()
