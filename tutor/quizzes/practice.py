"""Practice: ten questions of one or more lessons, chosen by a seed. Pure.

The same seed gives the same questions in the same order, for the same versions of the lessons and the same questions
that are made of their runs. What has been answered stays, as long as there is such a question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain, islice, zip_longest
from operator import itemgetter
from typing import TypeVar

from django.utils.crypto import salted_hmac

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson

from .alike import look_of
from .answers import options_of
from .authored import CLASS_QUESTION, authored
from .kinds.question import Question
from .quiz import Item, Quiz

TEN = 10
"""The number of questions of a practice, if there are as many."""
VERSION = 8
"""The characters of a lesson's version that the id of a question begins with."""
MADE = 12
"""The characters of the id of a question that is made of runs."""
LONGEST_SUBJECT = 40
"""The characters of a subject that are in the name of a quiz."""

Asked = TypeVar("Asked")
MadeOf = Callable[[Lesson, Case], Sequence[Question]]
"""Returns the questions that are made of the runs of a case."""


def practice(what: str, seed: str, lessons: Sequence[Lesson], made_of: MadeOf, begun: Collection[str] = ()) -> Quiz:
    """Return the questions of `lessons` that the seed chooses; `what` is the subject's name in addresses.

    Questions are made of runs only for the lessons that are asked about. Those of which the ids are in `begun` stay as
    long as they are made, so that new runs don't change a quiz that somebody has begun.
    """
    chosen = sorted(lessons, key=lambda lesson: rank(seed, lesson.slug))[:TEN]
    cases = -(-TEN // len(chosen)) if chosen else 0
    seen: set[tuple[str, str]] = set()
    asked = (unlike(seen, candidates(lesson, seed, cases, made_of), itemgetter(2)) for lesson in chosen)
    found = list(in_turn(asked))
    items = {id_of(lesson, id): Item(lesson, on_page(each, id_of(lesson, id))) for lesson, id, each in found}
    stay = set(sorted(items, key=lambda id: id not in begun)[:TEN])
    return Quiz(name_of(what, seed), None, {id: item for id, item in items.items() if id in stay})


def name_of(what: str, seed: str) -> str:
    return f"practice/{what[:LONGEST_SUBJECT]}/{seed}"


def candidates(lesson: Lesson, seed: str, cases: int, made_of: MadeOf) -> Iterator[tuple[Lesson, str, Question]]:
    """Yield the questions of a lesson in the order of the seed: in turn one that stands in it, and one of its runs.

    They are made of the runs of this many cases.
    """
    written = {id: question for id, question in authored(lesson, None).items() if id != CLASS_QUESTION}
    asked_cases = sorted(lesson.cases, key=lambda case: rank(seed, lesson.slug, case.name))[:cases]
    made = {made_id(case, each): each for case in asked_cases for each in made_of(lesson, case)}
    kinds = [in_order(seed, lesson, written), in_order(seed, lesson, made)]
    if rank(seed, lesson.slug, "kinds") < rank(seed, lesson.slug, "of questions"):
        kinds.reverse()
    for id, question in islice(in_turn(kinds), 2 * TEN):
        yield lesson, id, question


def in_turn(lists: Iterable[Iterable[Asked]]) -> Iterator[Asked]:
    """Yield the first item of each list, then the second ones, and so on; of a list that is over, nothing more."""
    return filter(None, chain.from_iterable(zip_longest(*lists)))


def unlike(
    seen: set[tuple[str, str]], asked: Iterable[Asked], question_of: Callable[[Asked], Question]
) -> Iterator[Asked]:
    """Yield what has questions that differ from those seen before in more than in what they name as code."""
    for each in asked:
        look = look_of(question_of(each))
        if look not in seen:
            seen.add(look)
            yield each


def in_order(seed: str, lesson: Lesson, questions: Mapping[str, Question]) -> list[tuple[str, Question]]:
    return sorted(questions.items(), key=lambda item: rank(seed, lesson.slug, item[0]))


def rank(*words: str) -> bytes:
    """Return what to sort by. Nothing of a question's key is in it, so it may be known."""
    return sha256("/".join(words).encode()).digest()


def on_page(question: Question, id: str) -> Question:
    """Return the question as a page asks it that says which case it is about, but shows no run to look at."""
    return replace(question, id=id, other_case="", look="")


def id_of(lesson: Lesson, id: str) -> str:
    """Return the id in a quiz of several lessons, which names the version of the lesson."""
    return f"{lesson.version[:VERSION]}-{id}"


def made_id(case: Case, question: Question) -> str:
    """Return the id of a question that is made of the runs of a case, another one if its options are others.

    It doesn't tell what the case's runs do.
    """
    text = "/".join((case.name, question.id, *(option.text for option in options_of(question))))
    return f"made-{salted_hmac('tutor.quizzes.made', text, algorithm='sha256').hexdigest()[:MADE]}"
