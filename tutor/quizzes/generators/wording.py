"""Words of generated questions: numbers, names and moments of a run, as a sentence has them."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM
from tutor.protocol.lanes import Lane
from tutor.trace.model import Step

ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
LONGEST_SOURCE = 60
"""The maximum length of a line of code in a question, in characters."""


def code(text: str) -> str:
    """Return `text` as code in Markdown."""
    fence = "``" if "`" in text else "`"
    pad = " " if fence == "``" else ""
    return f"{fence}{pad}{' '.join(text.split())}{pad}{fence}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 row", "2 rows"."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


def times(count: int) -> str:
    """Return "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def again(nth: int) -> str:
    """Return " for the second time" for 2, and nothing for 1."""
    if nth <= 1:
        return ""
    return f" for the {ordinal(nth)} time"


def ordinal(number: int) -> str:
    """Return "first", "second"… "11th", "12th"…"""
    if number < len(ORDINALS):
        return ORDINALS[number]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"


def listed(parts: Sequence[str]) -> str:
    """Return "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def who(role: str) -> str:
    """Return how a sentence names a process of that role, without telling which one."""
    return {Lane.CALLER.value: "the program", Lane.WORKER.value: "a worker"}.get(role, f"the {role}")


def capital(text: str) -> str:
    """Return `text` with a capital letter at its start."""
    return f"{text[:1].upper()}{text[1:]}"


def named(step: Step) -> str:
    """Return the step as a hint names it."""
    return f"the step “{step.action}”"


def source_of(step: Step, lesson: Lesson, case: Case) -> str:
    """Return the line of code that a step's event is about; empty if there is none, or if it is long."""
    file, number = step.payload.get("file"), step.payload.get("ran") or step.payload.get("line")
    text = lesson.program_text(lesson.case_knobs(case)) if file == PROGRAM else lesson.files.get(str(file), "")
    lines = text.splitlines()
    line = lines[number - 1].strip() if isinstance(number, int) and 1 <= number <= len(lines) else ""
    return line if len(line) <= LONGEST_SOURCE else ""
