"""The results as CSV, and the questions in the formats of other systems."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tutor.quizzes.question_state import QuestionState

from .lookup import given_or_404
from .models import Assignment
from .results import StudentResult, results_of
from .scoring import points

FORMULA = ("=", "+", "-", "@", "\t", "\r")
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
    return csv_of(found, "results", [*header, *(f"question {number}" for number in numbers)], rows)


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
