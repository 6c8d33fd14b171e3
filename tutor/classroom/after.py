"""What is left of a class that has ended: what was shown when, how the class answered, and where it was lost."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tutor.pages.browser import browser_of
from tutor.runs.versions import stored_lesson

from .code import spoken
from .lookup import taught_or_404
from .models import Answer, Lost, Member, Question, Room
from .poll import counts_of, percent
from .rooms import member_of
from .tickets import shares_of, ticket_of, unclear_in

HEADER = ("when", "what", "detail", "count", "percent")


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a question."""

    number: int
    shares: tuple[tuple[str, int, int, bool], ...]
    """Option, how many chose it, percent, and whether it is right."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all its rounds."""

    question: Question
    rounds: tuple[Round, ...]


def rounds_of(question: Question) -> Asked:
    """Return a question with how the class answered in each round."""
    rounds = []
    for number, counts in enumerate(counts_of(question), 1):
        shares = tuple(
            (text, count, percent(count, counts), index == question.right)
            for index, (text, count) in enumerate(zip(question.options, counts, strict=True))
        )
        rounds.append(Round(number, shares))
    return Asked(question, tuple(rounds))


def lost_steps(room: Room) -> list[dict[str, Any]]:
    """Return the steps at which members were lost, with how many, those of the first run first."""
    found = Lost.objects.filter(room=room).values("run_id", "run__public_id", "step").annotate(count=Count("pk"))
    return [dict(each) for each in found.order_by("run_id", "step")]


def own_answers(member: Member) -> list[tuple[Question, str]]:
    """Return what a member has answered: (question, the text of the option), the last rounds only."""
    found = Answer.objects.filter(member=member).select_related("question").order_by("question", "round")
    last = {each.question: each.option for each in found}
    return [(question, question.options[option]) for question, option in last.items()]


def after_page(request: HttpRequest, room: Room, *, is_presenter: bool = False) -> HttpResponse:
    """Return the page of a class that has ended."""
    member = member_of(room, browser_of(request))
    names = {
        "room": room,
        "code": spoken(room.code),
        "lesson": stored_lesson(room.version_id),
        "seen": room.seen.select_related("run"),
        "asked": [rounds_of(each) for each in room.questions.all()],
        "lost": lost_steps(room),
        "ticket": shares_of(ticket) if (ticket := ticket_of(room)) else None,
        "unclear": unclear_in(ticket) if ticket else [],
        "member": member,
        "own": own_answers(member) if member else [],
        "has_members": is_presenter and room.members.exists(),
        "is_presenter": is_presenter,
    }
    return render(request, "classroom/after.html", names)


@require_safe
@never_cache
def report(request: HttpRequest, secret: str) -> HttpResponse:
    """Return a class's record as CSV, without names."""
    room = taught_or_404(secret)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="class-{room.code}.csv"'
    writer = csv.writer(response)
    writer.writerow(HEADER)
    writer.writerows(lines(room))
    return response


def lines(room: Room) -> Iterator[tuple[object, ...]]:
    """Yield the lines of the record, in the order of its header."""
    for each in room.commands.all():
        detail = " ".join(f"{name}={value}" for name, value in sorted(each.detail.items()))
        yield each.at.isoformat(timespec="seconds"), each.kind, plain(detail), "", ""
    for asked in map(rounds_of, room.questions.all()):
        for round in asked.rounds:
            for text, count, share, is_right in round.shares:
                right = " (right)" if is_right else ""
                yield "", plain(f"{asked.question.text} round {round.number}"), plain(f"{text}{right}"), count, share
    for lost in lost_steps(room):
        yield "", "lost", f"run {lost['run__public_id']} step {lost['step']}", lost["count"], ""


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
