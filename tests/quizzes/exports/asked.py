"""Questions to export, and what has to come back of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import escape

from tests.quizzes.exports.reading import ReadQuestion, fed, words
from tests.trace.events import events_of_first_lesson, lesson
from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.lessons.misconceptions import MISCONCEPTIONS
from tutor.lessons.prose import render, render_line, with_code
from tutor.quizzes.answers import options_of, rights_of
from tutor.quizzes.authored import authored
from tutor.quizzes.exports.exported import Exported
from tutor.quizzes.generators.registry import all_questions
from tutor.quizzes.kinds.cell import Cell
from tutor.quizzes.kinds.choice import Choice
from tutor.quizzes.kinds.order import Order
from tutor.quizzes.kinds.point import APART, Point
from tutor.quizzes.kinds.question import Option, Question
from tutor.quizzes.kinds.written import tidy
from tutor.trace.projector import project

KINDS = {"choice": "multichoice", "point": "multichoice", "cell": "shortanswer", "order": "ordering"}
ASKED: dict[str, Any] = {"id": "1", "text": "How `so`?", "why": "So it [is](status@queued).", "hint": "Think."}


def exported(questions: Sequence[Question], of: Lesson | None = None) -> list[Exported]:
    """Return questions about a lesson, the first one if none is given, as those of a quiz."""
    about = of or lesson()
    titles = ["" if (case := about.case(each.case)).name == "default" else case.title for each in questions]
    return [
        Exported(number, about, each, title)
        for number, (each, title) in enumerate(zip(questions, titles, strict=True), 1)
    ]


def of_lessons() -> list[Exported]:
    """Return all questions that stand in lessons."""
    found = [each for one in catalogue.lessons().values() for each in exported([*authored(one, None).values()], one)]
    return [Exported(number, each.lesson, each.question, each.case_title) for number, each in enumerate(found, 1)]


def of_recorded_run() -> list[Exported]:
    """Return the questions that are made of the first lesson's recorded run."""
    case = lesson().case("default")
    return exported(all_questions(lesson(), case, project(lesson(), events_of_first_lesson())))


def choice(*wrong: str, right: str = "Yes", why: str = "No.", **fields: Any) -> Choice:
    options = (Option(right), *(Option(each, why, "exactly-once") for each in wrong))
    return Choice(**ASKED | {"options": options, "right": 0} | fields)


def cell(*accepted: str, known: Sequence[str] = (), **fields: Any) -> Cell:
    options = tuple(Option(each, f"Not `{each}`.", "exactly-once") for each in known)
    return Cell(**ASKED | {"accepted": accepted, "known": options} | fields)


def order(*items: str, **fields: Any) -> Order:
    """Return an order of items that stand in the right one."""
    indexes = range(len(items))
    before = frozenset((i, j) for i in indexes for j in indexes if i < j)
    return Order(**ASKED | {"items": tuple(map(Option, items)), "before": before} | fields)


def point(*targets: str, rights: Sequence[int] = (0,), **fields: Any) -> Point:
    options = tuple(Option(each, "" if index in rights else "No.") for index, each in enumerate(targets))
    return Point(**ASKED | {"targets": options, "rights": tuple(rights), "shown": "lanes"} | fields)


def assert_same(each: Exported, read: ReadQuestion) -> None:
    """Check that a question came back: what it asks, its key, its feedback, its program, and no address of the site."""
    question = each.question
    assert read.kind == KINDS[question.kind]
    assert read.name.startswith(f"{each.number:02}")
    shown = words(read.text)
    assert shown.endswith(words(render_line(question.text)))
    assert words(read.why).startswith(words(render(question.why)))
    assert words(escape(each.lesson.neutral_title)) in shown
    assert words(escape(each.case_title)) in shown
    for line in each.lesson.program_text(each.lesson.case_knobs(each.lesson.case(question.case))).splitlines():
        assert "".join(line.split()) in shown
    for html in (read.text, read.why, *read.hints, *(answer.feedback for answer in read.answers)):
        assert all(address.startswith("http") for address in fed(html).addresses)
        assert not {"span", "script", "style", "img"} & set(fed(html).tags)
    if isinstance(question, Cell):
        assert_same_values(question, read)
    else:
        assert_same_options(question, read)


def assert_same_options(question: Question, read: ReadQuestion) -> None:
    is_order = isinstance(question, Order)
    given = rights_of(question) if is_order else options_of(question)
    assert len(given) == len(read.answers)
    for place, (option, answer) in enumerate(zip(given, read.answers, strict=True), 1):
        assert words(answer.text) == words(shown(option, question))
        is_right = option in rights_of(question)
        if is_order:
            assert answer.percent in (place, 100)  # Moodle XML has the place there.
            continue
        assert answer.percent == (100 if is_right else 0)
        if not is_right:
            assert_told(option, answer.feedback)


def shown(option: Option, question: Question) -> str:
    """Return what a page shows of an option: a line of code as it stands, whatever signs are in it."""
    is_line = isinstance(question, Point) and question.shown == "lines"
    return escape(option.text.replace(APART, " ", 1)) if is_line else with_code(option.text)


def assert_same_values(question: Cell, read: ReadQuestion) -> None:
    for value in question.accepted:
        assert read.percent_of(tidy(value)) == 100
    for option in question.known:
        assert read.percent_of(tidy(option.text)) == 0
        told = {answer.text.replace(r"\*", "*"): answer.feedback for answer in read.answers}
        assert_told(option, told[tidy(option.text)])
    for answer in read.answers:
        written = answer.text.replace(r"\*", "*")
        assert question.is_right(written) == (answer.percent == 100), written


def assert_told(option: Option, feedback: str) -> None:
    assert words(feedback).startswith(words(render(option.why)))
    if option.misconception:
        known = MISCONCEPTIONS[option.misconception]
        assert "".join(known.name.split()) in words(feedback)
        assert words(feedback).find(words(render_line(known.belief))) > 0
