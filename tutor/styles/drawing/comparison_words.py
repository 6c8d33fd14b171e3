"""What is said of two runs beside each other: the first difference as a sentence, and each row's. Pure."""

from __future__ import annotations

from tutor.trace.comparison import Comparison, Pair
from tutor.trace.facts import Difference

MOST_FACTS = 3
"""The maximum facts that a sentence names."""


def sentence(comparison: Comparison, first: str, second: str) -> str:
    """Return what differs first, in the words of the lesson; `first` and `second` are what the runs are called."""
    said = told(comparison, first, second)
    return said[0].upper() + said[1:]


def told(comparison: Comparison, first: str, second: str) -> str:
    pair = comparison.first
    if pair is None:
        return without_difference(comparison, first, second)
    if pair.first and pair.second:
        other = "; ".join(values(each, first, second) for each in pair.differences)
        if pair.first.action == pair.second.action:
            return f"{where(pair)}: {other}."
        return f"In {first}: {where(pair)}. In {second}: “{pair.second.action}”. {other}."
    here, there = (first, second) if pair.first else (second, first)
    if comparison.instead:
        return f"Only in {here}: {where(pair)}. In {there} instead: {where(comparison.instead)}."
    return f"Only in {here}: {where(pair)}. In {there} this doesn’t happen."


def without_difference(comparison: Comparison, first: str, second: str) -> str:
    different = [each for each in comparison.facts if each.first != each.second]
    if not different:
        return f"{first} and {second} are the same, step by step."
    other = "; ".join(values(each, first, second) for each in different[:MOST_FACTS])
    return f"Step by step, {first} and {second} are the same. In the end they differ. {other}."


def values(difference: Difference, first: str, second: str) -> str:
    """Return a value of both runs, such as “Task status: Success in X, Failed in Y”."""
    return f"{difference.name}: {difference.first} in {first}, {difference.second} in {second}"


def where(pair: Pair) -> str:
    """Return what happens at a step, to which delivery of which task."""
    return " ".join(filter(None, (f"“{pair.step.action}”", subject(pair) and f"({subject(pair)})")))


def subject(pair: Pair) -> str:
    """Return the task of a step, and from the second one on its delivery."""
    if not pair.key.task:
        return ""
    return f"{pair.key.task}, delivery {pair.key.delivery}" if (pair.key.delivery or 1) > 1 else pair.key.task


def verdict(pair: Pair, first: str, second: str) -> str:
    """Return what the last column of the table says of a row."""
    if pair.is_same:
        return "same"
    if pair.first and pair.second:
        return " and ".join(each.name.lower() for each in pair.differences)
    return f"only in {first if pair.first else second}"
