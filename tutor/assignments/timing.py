"""When an assignment takes answers, by the server's clock. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest

from .models import Assignment, Student

KEPT = timedelta(days=90)
"""How long after its closing time an assignment is kept, with everything that its students have sent."""


def received_at(request: HttpRequest) -> datetime:
    """Return when the server had received a request, which may have waited for its turn since then."""
    seconds: float | None = getattr(request, "scope", {}).get("received_at")
    return datetime.fromtimestamp(seconds, UTC) if seconds else datetime.now(UTC)


def deadline(assignment: Assignment, student: Student | None = None) -> datetime:
    """Return until when a student's answers count."""
    if assignment.minutes is None or student is None or student.begun_at is None:
        return assignment.closes_at
    return min(assignment.closes_at, student.begun_at + timedelta(minutes=assignment.minutes))


def refusal(assignment: Assignment, student: Student, now: datetime) -> str:
    """Return why nothing that is sent at a time counts; "" if it counts."""
    if now < assignment.opens_at and not student.is_preview:
        return "The quiz hasn’t opened yet."
    if now >= assignment.closes_at:
        return "The quiz has closed. This answer came too late and doesn’t count."
    if now >= deadline(assignment, student):
        return "Your time is over. This answer came too late and doesn’t count."
    return ""


def has_closed(assignment: Assignment, now: datetime) -> bool:
    return now >= assignment.closes_at
