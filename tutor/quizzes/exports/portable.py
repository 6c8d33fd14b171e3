"""A question in the form that GIFT and Moodle XML share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tutor.lessons.prose import plain
from tutor.quizzes.generators.wording import listed
from tutor.quizzes.kinds.cell import Cell
from tutor.quizzes.kinds.order import Order
from tutor.quizzes.kinds.question import Question

from .about import about
from .answers import Answer, CantTravel, MoodleKind, answers_of
from .exported import Exported
from .markup import fit, line, paragraphs
from .written_forms import uses_case

LONGEST_NAME = 100
"""The maximum length of a question's name, in characters."""


@dataclass(frozen=True, slots=True)
class Portable:
    """A question whose texts are HTML."""

    number: int
    kind: MoodleKind
    name: str
    """Its name in a question bank, without markup."""
    text: SafeString
    """What it is about, and the question."""
    why: SafeString
    hint: SafeString
    tags: tuple[str, ...]
    answers: tuple[Answer, ...]
    """Those of an order are in the right one."""
    source: Question

    @property
    def has_case(self) -> bool:
        """Whether capital and small letters differ in its answers."""
        return isinstance(self.source, Cell) and uses_case(self.source)

    @property
    def keeps_order(self) -> bool:
        """Whether the order of its options means something."""
        return self.source.kind == "point"


def held(questions: Sequence[Exported], can_hold: Callable[[Portable], None]) -> tuple[list[Portable], list[str]]:
    """Return the questions that a format can hold, and a sentence for each of the others.

    `can_hold` raises CantTravel for what only this format can't hold.
    """
    found, left_out = [], []
    for each in questions:
        try:
            question = portable(each)
            can_hold(question)
        except CantTravel as why:
            left_out.append(f"Question {each.number} was left out: {why}.")
        else:
            found.append(question)
    return found, left_out


def portable(exported: Exported) -> Portable:
    """Return a question in that form. Raise CantTravel if it has none, or if its key would be doubtful."""
    question, lesson = exported.question, exported.lesson
    try:
        case = lesson.case(question.case)
    except LookupError:
        raise CantTravel("its lesson doesn't have its case") from None
    kind, answers = answers_of(question, lesson)
    return Portable(
        number=exported.number,
        kind=kind,
        name=name_of(exported),
        text=SafeString(about(exported, case) + format_html("<p><b>{}</b></p>", line(question.text))),
        why=why_of(question),
        hint=paragraphs(question.hint),
        tags=("Task Tutor", fit(lesson.content.title), question.kind),
        answers=answers,
        source=question,
    )


def name_of(exported: Exported) -> str:
    """Return the number and the beginning of the question."""
    text = " ".join(f"{exported.number:02} {fit(plain(exported.question.text))}".split())
    short = text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1].rstrip()}…"
    return short.rstrip(": ")


def why_of(question: Question) -> SafeString:
    """Return why the right answer is right; for an order also why one item comes before another."""
    why = paragraphs(question.why)
    told = question.reasons if isinstance(question, Order) else ()
    if reasons := [line(text) for _, _, text in told if text not in question.why]:
        items = format_html_join("", "<li>{}</li>", ((each,) for each in reasons))
        return SafeString(why + format_html("<ul>{}</ul>", items))
    return why


def those(questions: Iterable[Portable]) -> str:
    """Return "question 1", "questions 1, 3 and 4"; "" for none."""
    numbers = [str(each.number) for each in questions]
    return f"question{'s' if len(numbers) > 1 else ''} {listed(numbers)}" if numbers else ""
