"""Old questions: those of other lessons that a browser got wrong, asked again before it begins a lesson."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from tutor.lessons.lesson import Lesson

from .authored import authored
from .generated import questions_of
from .kinds.question import Question
from .models import Response
from .practice import VERSION, id_of, made_id, on_page
from .quiz import Item, Quiz

MOST = 2
"""The maximum number of old questions before a lesson."""
LOOKED_AT = 1000
"""The number of answers of a browser among which they are looked for: its last ones."""
Given = tuple[str, str | None, str, bool | None]
"""Of an answer: the name of the quiz, the version of the lesson of its run, the id of the question, whether right."""


def again(lesson: Lesson, browser: str, known: Iterable[Lesson]) -> Quiz:
    """Return the old questions before `lesson`, the oldest first, as they stand in the lessons of `known`.

    Those that were answered here already stay.
    """
    name = f"again/{lesson.version}"
    given = given_by(browser) if browser else ()
    here = [id for quiz, _, id, _ in given if quiz == name]
    wrong = got_wrong(each for each in given if each[0] != name)
    others = {each.version[:VERSION]: each for each in known if each.slug != lesson.slug}
    found = (item_of(id, others) for id in dict.fromkeys([*here, *wrong]))
    items = {item.question.id: item for item in islice(filter(None, found), MOST)}
    return Quiz(name, None, items)


def given_by(browser: str) -> Sequence[Given]:
    """Return the last answers of a browser that were judged, the oldest first."""
    answers = Response.objects.filter(attempt__browser=browser, kind=Response.Kind.ANSWER, is_right__isnull=False)
    values = answers.order_by("-pk").values_list("attempt__quiz", "attempt__run__version", "question", "is_right")
    return list(values[:LOOKED_AT])[::-1]


def got_wrong(given: Iterable[Given]) -> list[str]:
    """Return the ids, with the version of the lesson, of the questions whose last answer was wrong. Pure."""
    last: dict[str, bool | None] = {}
    for quiz, version, question, is_right in given:
        if id := id_in_any(quiz, version, question):
            last.pop(id, None)  # So that it moves to the end.
            last[id] = is_right
    return [id for id, is_right in last.items() if not is_right]


def id_in_any(quiz: str, version: str | None, question: str) -> str:
    """Return the id of a question that names the version of its lesson; "" if that isn't known."""
    kind, _, rest = quiz.partition("/")
    if kind in ("practice", "again"):
        return question
    of_lesson = version if kind == "run" else rest if kind == "version" else None
    return f"{of_lesson[:VERSION]}-{question}" if of_lesson else ""


def item_of(id: str, lessons: Mapping[str, Lesson]) -> Item | None:
    """Return the question with that id; None if it doesn't stand in a lesson any more, and isn't made of its runs."""
    version, _, own = id.partition("-")
    lesson = lessons.get(version)
    question = question_of(lesson, own) if lesson else None
    return Item(lesson, on_page(question, id_of(lesson, own))) if lesson and question else None


def question_of(lesson: Lesson, id: str) -> Question | None:
    """Return a question of the lesson's quiz, or one that is made of its runs."""
    if id.isdecimal():
        return authored(lesson, None).get(id)
    made = ((case, each) for case in lesson.cases for each in questions_of(lesson, case))
    return next((each for case, each in made if made_id(case, each) == id), None) if id.startswith("made-") else None
