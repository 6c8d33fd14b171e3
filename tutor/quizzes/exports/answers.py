"""What can be answered to a question: options, written values or items, with what there is to say of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from tutor.lessons.claims import subject_of
from tutor.lessons.lesson import Lesson
from tutor.lessons.misconceptions import MISCONCEPTIONS
from tutor.quizzes.kinds.cell import Cell
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.kinds.order import Order
from tutor.quizzes.kinds.point import APART, Point
from tutor.quizzes.kinds.question import Option, Question

from .markup import code_line, fit, line, option, paragraphs
from .written_forms import right_forms, wrong_forms

MoodleKind = Literal["multichoice", "shortanswer", "ordering"]
NOTHING = SafeString("")


class CantTravel(ValueError):
    """A question can't be exported. The message is a clause that tells a teacher why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An option, a written value, or an item of an order."""

    text: str
    """Without markup."""
    html: SafeString
    is_right: bool
    feedback: SafeString = NOTHING
    """What there is to say of it if it is wrong."""


def answers_of(question: Question, lesson: Lesson) -> tuple[MoodleKind, tuple[Answer, ...]]:
    """Return Moodle's name of the question's kind, and its answers. Raise CantTravel if the key would be doubtful."""
    match question:
        case Choice():
            return "multichoice", options_of(question, lesson)
        case Point():
            return "multichoice", targets_of(question, lesson)
        case Cell():
            return "shortanswer", values_of(question, lesson)
        case Order():
            return "ordering", items_of(question)
    raise CantTravel("only a run can tell whether an answer to it is right")


def options_of(question: Choice, lesson: Lesson) -> tuple[Answer, ...]:
    given = [(option(each.text), each, index == question.right) for index, each in enumerate(question.options)]
    return unlike([answer_of(*each, lesson) for each in given])


def targets_of(question: Point, lesson: Lesson) -> tuple[Answer, ...]:
    given = [(target(each, question), each, index in question.rights) for index, each in enumerate(question.targets)]
    return unlike([answer_of(*each, lesson) for each in given])


def target(given: Option, question: Point) -> SafeString:
    """Return something that can be pressed as an option."""
    where, apart, source = given.text.partition(APART)
    return code_line(where, source) if question.shown == "lines" and apart else option(given.text)


def answer_of(html: SafeString, given: Option, is_right: bool, lesson: Lesson) -> Answer:
    return Answer(words_of(given), html, is_right, NOTHING if is_right else feedback(given, lesson))


def words_of(given: Option) -> str:
    """Return an option as people read it."""
    return " ".join(fit(given.text).replace("`", "").split())


def unlike(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Return options of which some are right and some wrong. Raise CantTravel if two read the same."""
    if len({each.text for each in answers}) < len(answers):
        raise CantTravel("two of its options read the same")
    if len({each.is_right for each in answers}) < 2:
        raise CantTravel("it has no right option, or no wrong one")
    return tuple(answers)


def values_of(cell: Cell, lesson: Lesson) -> tuple[Answer, ...]:
    """Return the values that are right, and the wrong ones of which there is something to say."""
    right = [Answer(each, NOTHING, is_right=True) for each in right_forms(cell)]
    wrong = [Answer(form, NOTHING, False, feedback(each, lesson)) for form, each in wrong_forms(cell)]
    if any(each.text != fit(each.text) for each in right):
        raise CantTravel("its value has signs that no file for Moodle can hold")
    return (*right, *(each for each in wrong if each.text == fit(each.text)))


def items_of(question: Order) -> tuple[Answer, ...]:
    """Return the items in the right order. Raise CantTravel if several orders are right."""
    if question.has_several:
        raise CantTravel("more than one order is right, and Moodle knows only one")
    items = [question.items[index] for index in question.right_orders[0]]
    answers = [Answer(words_of(each), option(each.text), is_right=True) for each in items]
    if len({each.text for each in answers}) < len(answers):
        raise CantTravel("two of its items read the same")
    return tuple(answers)


def feedback(given: Option, lesson: Lesson) -> SafeString:
    """Return what there is to say of a wrong answer: why, the belief behind it, and the case in which it is right."""
    parts = [paragraphs(given.why)]
    if known := MISCONCEPTIONS.get(given.misconception):
        parts.append(format_html("<p>A common belief, “{}”: {}</p>", known.name, line(known.belief)))
    titles = {each.name: each.title for each in lesson.cases}
    if given.right_in and (title := titles.get(subject_of(given.right_in).case)):
        parts.append(format_html("<p>It is right in the case “{}”.</p>", fit(title)))
    return SafeString("".join(parts))
