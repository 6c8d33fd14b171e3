"""The catalogue page: all lessons by subject, numbered in their order, with the ones that this browser has run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.lessons.prose import plain
from tutor.lessons.reading.prose_texts import prose_of, step_texts
from tutor.runs.service import known_key, lessons_run
from tutor.styles.symptoms import symptoms_of

from .without_store import shown_without_store

LONGEST_QUERY = 100
"""The maximum length of a query; further characters are ignored."""
MOST_WORDS = 8
"""The maximum number of words of a query; further words are ignored."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A lesson in the catalogue."""

    lesson: Lesson
    number: int
    """Its place in the order of all lessons, from 1."""
    has_run: bool
    """Whether this browser has run it."""
    is_next: bool
    """Whether it is the first lesson that this browser has not run."""
    picture: SafeString | None = None
    """Its symptom, drawn from a run; None while the site has no run of it."""


@dataclass(frozen=True, slots=True)
class CatalogueSection:
    """The lessons of one subject, in order."""

    name: str
    entries: tuple[CatalogueEntry, ...]


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """The lessons as a page lists them."""

    path: tuple[CatalogueEntry, ...]
    """All lessons in order, whatever the query."""
    sections: tuple[CatalogueSection, ...]
    """The lessons that match the query; all without one."""
    query: str = ""

    @property
    def found(self) -> int:
        """The number of lessons that match the query."""
        return sum(len(section.entries) for section in self.sections)

    @property
    def runs(self) -> int:
        """The number of lessons that this browser has run."""
        return sum(entry.has_run for entry in self.path)

    @property
    def next(self) -> CatalogueEntry | None:
        """The first lesson that this browser has not run."""
        return next((entry for entry in self.path if entry.is_next), None)


@require_safe
@shown_without_store
def lessons(request: HttpRequest) -> HttpResponse:
    """Show the catalogue; with `?q=WORDS`, the lessons that contain all of these words."""
    return render(request, "pages/catalogue.html", catalogue_context(request, request.GET.get("q", "")))


def catalogue_context(request: HttpRequest, query: str = "") -> dict[str, Any]:
    """Return the context of the templates that list lessons; `problems` has the lessons with mistakes."""
    run = lessons_run(known_key(request.session))
    lessons = catalogue.lessons().values()
    page = catalogue_page(lessons, run, query, symptoms_of(lessons))
    return {"catalogue": page, "problems": catalogue.problems()}


def catalogue_page(
    lessons: Iterable[Lesson],
    run: Collection[str] = (),
    query: str = "",
    pictures: Mapping[str, SafeString] = MappingProxyType({}),
) -> CataloguePage:
    """Return the page of `lessons`, in the catalogue's order.

    `run` has the slugs of those that the browser has run, `pictures` slug → the picture of its symptom.
    """
    known = tuple(lessons)
    following = next((lesson.slug for lesson in known if lesson.slug not in run), None)
    path = tuple(
        CatalogueEntry(lesson, number, lesson.slug in run, lesson.slug == following, pictures.get(lesson.slug))
        for number, lesson in enumerate(known, 1)
    )
    query = " ".join(query[:LONGEST_QUERY].split())
    found = found_by(query.casefold(), path)
    subjects = dict.fromkeys(entry.lesson.content.catalogue_subject for entry in found)
    sections = (
        CatalogueSection(name, tuple(entry for entry in found if entry.lesson.content.catalogue_subject == name))
        for name in subjects
    )
    return CataloguePage(path, tuple(sections), query)


def found_by(query: str, entries: Sequence[CatalogueEntry]) -> list[CatalogueEntry]:
    """Return the entries whose lessons contain the query as it stands; if there are none, those with all its words."""
    if as_it_stands := [entry for entry in entries if query in searched_text(entry.lesson)]:
        return as_it_stands
    words = tuple(islice(query.split(), MOST_WORDS))
    return [entry for entry in entries if all(word in searched_text(entry.lesson) for word in words)]


@lru_cache(maxsize=256)
def searched_text(lesson: Lesson) -> str:
    """Return the text of a lesson that queries search, in lower case: its own text, and its keywords."""
    content = lesson.content
    prose = [lesson.why, lesson.inside, *(text for path, text in prose_of(content) if path[0] != "notes")]
    steps = [text for _, _, text in step_texts(content)]
    names = [content.title, content.category, content.catalogue_subject, *content.keywords]
    names += [each.title for each in content.cases] + [each.label for each in content.knobs]
    names += [option.text for question in content.questions for option in question.options]
    code = [lesson.program_text(), *lesson.files.values()]
    return " ".join("\n".join((*names, *map(plain, prose), *map(plain, steps), *code)).casefold().split())
