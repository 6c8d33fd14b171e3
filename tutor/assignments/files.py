"""The results as CSV, and the questions in the formats of other systems."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tutor.quizzes.exports.exported import Export, Exported
from tutor.quizzes.exports.gift import gift
from tutor.quizzes.exports.moodle_xml import moodle_xml
from tutor.quizzes.question_state import QuestionState
from tutor.runs.versions import stored_lesson

from .documents import question_in
from .lookup import given_or_404
from .models import AssignedQuestion, Assignment
from .pool import chosen
from .results import StudentResult, case_title, results_of
from .scoring import points

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula."""


@require_safe
@never_cache
def results_csv(request: HttpRequest, secret: str) -> HttpResponse:
    """Return a line for each student: score, times, and the points of each question."""
    found = given_or_404(secret)
    results = results_of(found)
    numbers = [each.stored.number for each in results.questions]
    header = ["name", "identity", "points", "of", "percent", "answered", "begun", "last answer", "minutes"]
    rows = [row_of(each, numbers) for each in results.students]
    return csv_of(found, "results", [*header, *(f"question {place}" for place, _ in enumerate(numbers, 1))], rows)


def row_of(result: StudentResult, numbers: Sequence[int]) -> list[object]:
    student, took = result.student, result.took
    return [
        student.name,
        student.identity,
        f"{result.score:g}",
        result.of,
        result.percent,
        result.answered,
        student.begun_at.isoformat(timespec="seconds") if student.begun_at else "",
        result.last_at.isoformat(timespec="seconds") if result.last_at else "",
        f"{took.total_seconds() / 60:.1f}" if took is not None else "",
        *(points_text(result.states.get(number)) for number in numbers),
    ]


def points_text(state: QuestionState | None) -> str:
    """Return the points of a question; "" if it isn't asked, doesn't count or has no answer."""
    return f"{points(state):g}" if state and (state.tried or state.is_closed) else ""


@require_safe
@never_cache
def grades_csv(request: HttpRequest, secret: str) -> HttpResponse:
    """Return a line for each student with a grade from 0 to 100, in columns that Moodle's grade import can assign."""
    found = given_or_404(secret)
    rows = [
        [each.student.identity, each.student.name, f"{each.exact_percent:.2f}"] for each in results_of(found).students
    ]
    return csv_of(found, "grades", ["identity", "name", found.title], rows)


@require_safe
@never_cache
def export_page(request: HttpRequest, secret: str) -> HttpResponse:
    """Show in which formats the questions travel, and what each of them can't hold."""
    found = given_or_404(secret)
    questions = exported(found)
    formats = [
        ("gift", "GIFT", gift(found.title, questions)),
        ("xml", "Moodle XML", moodle_xml(found.title, questions)),
    ]
    names = {"assignment": found, "formats": formats, "count": len(questions)}
    return render(request, "assignments/export.html", names)


@require_safe
@never_cache
def export_gift(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the questions in GIFT."""
    found = given_or_404(secret)
    return file_of(found, gift(found.title, exported(found)), "questions.gift.txt", "text/plain")


@require_safe
@never_cache
def export_xml(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the questions in Moodle XML."""
    found = given_or_404(secret)
    return file_of(found, moodle_xml(found.title, exported(found)), "questions.xml", "application/xml")


def exported(assignment: Assignment) -> list[Exported]:
    """Return the questions of an assignment that students may be asked, without those that were taken out."""
    questions = list(assignment.questions.all())
    if assignment.variants == Assignment.Variants.ONE:
        questions = chosen(questions, assignment, assignment.seed)
    return [exported_as(each, assignment) for each in questions if each.taken_out_at is None]


def exported_as(stored: AssignedQuestion, assignment: Assignment) -> Exported:
    lesson = stored_lesson(stored.version_id)
    question = replace(question_in(stored.document), tries=assignment.tries)
    return Exported(stored.number, lesson, question, case_title(lesson, stored))


def file_of(assignment: Assignment, export: Export, name: str, type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{file_name(assignment)}-{name}"'}
    return HttpResponse(export.text, content_type=f"{type}; charset=utf-8", headers=headers)


def csv_of(assignment: Assignment, what: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return a CSV file in UTF-8, whose cells no spreadsheet takes for formulas."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(assignment)}-{what}.csv"'
    writer = csv.writer(response)
    for row in (header, *rows):
        writer.writerow([plain(str(cell)) for cell in row])
    return response


def plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def file_name(assignment: Assignment) -> str:
    return slugify(assignment.title)[:40] or f"quiz-{assignment.code}"
