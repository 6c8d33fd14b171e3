"""A fact of a run, in the words in which it is asked for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tutor.lessons.format.cases import Case
from tutor.quizzes.kinds.cell import Cell
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.kinds.point import Point
from tutor.quizzes.kinds.question import Option, Question
from tutor.quizzes.words import simplified

LONGEST_ID = 60
"""The maximum length of an id, in characters."""
MOST_OPTIONS = 4
Shown = Literal["lines", "lanes"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that a run shows, and how it is asked for."""

    id: str
    text: str
    key: str
    """What the run shows, as an option says it."""
    why: str
    hint: str
    look: str
    step: int | None
    claim: str

    def choice(self, wrong: Iterable[Option]) -> Iterator[Question]:
        """Yield the question as a choice among the key and the first of `wrong` that differ; nothing without any."""
        if others := different(self.key, wrong)[: MOST_OPTIONS - 1]:
            yield Choice(options=(Option(self.key), *others), right=0, **self.common)

    def cell(self, wrong: Iterable[Option], heading: str) -> Iterator[Question]:
        """Yield the question as a value to write; nothing if there is no wrong value to speak of."""
        if others := different(self.key, wrong):
            yield Cell(accepted=(self.key,), known=tuple(others), heading=heading, **self.common)

    def point(self, targets: Sequence[Option], shown: Shown) -> Iterator[Question]:
        """Yield the question as one of `targets`, in their order, to point at; the key's text names the right one."""
        rights = tuple(index for index, each in enumerate(targets) if each.text == self.key)
        if rights and len(targets) > len(rights):
            yield Point(targets=tuple(targets), rights=rights, shown=shown, **self.common)

    @property
    def common(self) -> dict[str, Any]:
        """The fields that all kinds of questions have."""
        names = ("id", "text", "why", "hint", "look", "step", "claim")
        return {name: getattr(self, name) for name in names}


def different(key: str, wrong: Iterable[Option]) -> list[Option]:
    """Return those of `wrong` that differ from the key and from each other, the ones with a misconception first."""
    found: dict[str, Option] = {}
    for each in sorted(wrong, key=lambda option: not option.misconception):
        if simplified(each.text) != simplified(key):
            found.setdefault(simplified(each.text), each)
    return list(found.values())


def id_of(*parts: object) -> str:
    """Return an id made of some words; a long one ends with a hash of all of them."""
    text = "-".join(("gen", *map(str, parts)))
    id = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if len(id) <= LONGEST_ID:
        return id
    return f"{id[: LONGEST_ID - 9].rstrip('-')}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def claim_of(case: Case, kind: str, rules: str = "", argument: str = "") -> str:
    """Return the target of a claim about a run of the case."""
    return f"{case.name}/{kind}{'@' if rules else ''}{rules}{':' if argument else ''}{argument}"
