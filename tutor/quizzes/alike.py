"""What makes two questions alike: the same key, and the same subject or nearly the same text. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher

from tutor.lessons.claims import ClaimSubject, subject_of

from .answers import rights_of
from .kinds.order import Order
from .kinds.question import Question
from .words import simplified

ALIKE = 0.92
"""The similarity from which two texts are nearly the same."""
CODE = re.compile(r"`[^`]*`")


def are_alike(one: Question, other: Question) -> bool:
    """Return whether two questions of a kind have the same key, and the same subject or nearly the same text."""
    if isinstance(one, Order) and isinstance(other, Order):
        return one.before == other.before and masked(key_text(one)) == masked(key_text(other))
    if one.kind != other.kind or key_text(one) != key_text(other):
        return False
    return about(one) == about(other) or nearly_same(one.text, other.text)


def about(question: Question) -> ClaimSubject:
    """Return the subject of a question, whichever case it is about."""
    return replace(subject_of(question.claim), case="")


def subject_in(id: str) -> str:
    """Return the subject of a generated question, such as "status", from its id."""
    return id.split("-")[1]


def key_text(question: Question) -> str:
    return " / ".join(
        each.text if isinstance(question, Order) else simplified(each.text) for each in rights_of(question)
    )


def look_of(question: Question) -> tuple[str, str]:
    """Return what two questions share that differ only in what they name as code."""
    return masked(question.text), masked(key_text(question))


def masked(text: str) -> str:
    """Return the words of a text without what is written as code, such as the names of tasks."""
    return simplified(CODE.sub("code", text))


def nearly_same(one: str, other: str) -> bool:
    """Return whether two texts differ in few words, or only in what is written as code, such as names of tasks."""
    first, second = masked(one), masked(other)
    return first == second or SequenceMatcher(None, first.split(), second.split(), autojunk=False).ratio() >= ALIKE


def as_event(subject: ClaimSubject) -> ClaimSubject:
    """Return the subject with a variable of the program named as a field of its step's event."""
    if subject.kind != "value" or len(subject.rules) != 1:
        return subject
    return replace(subject, kind="event", argument=f"locals.{subject.argument}")
