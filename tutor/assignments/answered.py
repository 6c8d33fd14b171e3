"""The fragment that shows a question after an answer. What students see alike is rendered once for all of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from tutor.pages.answered_question import rendered_once

from .sheet import Sheet, SheetQuestion


def answered(request: HttpRequest, sheet: Sheet, refusal: str) -> str:
    """Return the fragment. `refusal` says why an answer wasn't stored; "" if it was."""
    now = sheet.now
    if now is None:
        return ""
    names = {"sheet": sheet, "each": now, "lesson": now.asked.lesson, "refusal": refusal}
    question = part("answered_question", names, None if refusal else decisive(sheet, now), now.asked.token)
    places = tuple((each.address, each.status) for each in sheet.questions)
    pieces = part("pieces", names, (places, now.id)) if sheet.assignment.one_by_one else ""
    return render_to_string("assignments/answered.html", {**names, "question": question, "pieces": pieces}, request)


def decisive(sheet: Sheet, each: SheetQuestion) -> Hashable:
    """Return all that decides how a question is shown to a student."""
    asked, own = each.asked, sheet.taking
    shown = asked.seed, asked.number, asked.state, each.sent, each.status, each.stored.note
    return each.stored.pk, *shown, sheet.takes_answers, own.is_over


def part(name: str, names: Mapping[str, Any], key: Hashable | None, token: str = "") -> SafeString:
    """Return a part of the fragment, which is kept by the key of what decides it, if it has one."""
    return mark_safe(rendered_once(f"assignments/{name}.html", names, key, token))  # noqa: S308  (a template's)
