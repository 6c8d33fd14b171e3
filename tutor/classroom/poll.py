"""How a class has answered a question."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from .asking import Advice, advice
from .models import Question


@dataclass(frozen=True, slots=True)
class Share:
    """An option, and how many chose it."""

    text: str
    count: int
    percent: int
    before: int | None
    """The percentage in the round before."""
    is_right: bool


@dataclass(frozen=True, slots=True)
class Poll:
    """A question, and how the class has answered it."""

    question: Question
    shares: tuple[Share, ...]
    answered: int
    """How many answers this round has."""
    advice: Advice | None


def poll_of(question: Question) -> Poll:
    """Return how a class has answered a question so far."""
    *_, before, counts = [[0] * len(question.options), *counts_of(question)]
    right = question.right
    shares = tuple(
        Share(text, count, percent(count, counts), percent(old, before) if sum(before) else None, index == right)
        for index, (text, count, old) in enumerate(zip(question.options, counts, before, strict=True))
    )
    is_open = question.state == Question.State.OPEN
    return Poll(question, shares, sum(counts), None if is_open else advice(counts, right))


def counts_of(question: Question) -> list[list[int]]:
    """Return how many chose each option of a question, round by round."""
    options, rounds = range(len(question.options)), range(1, question.round + 1)
    answers = question.answers.order_by().values_list("round", "option").annotate(Count("pk"))
    counts = Counter({(round, option): count for round, option, count in answers})
    more = {round: question.tally.get(str(round), [0] * len(options)) for round in rounds}
    return [[counts[round, index] + more[round][index] for index in options] for round in rounds]


def percent(count: int, counts: list[int]) -> int:
    return round(100 * count / sum(counts)) if sum(counts) else 0
