"""Faults of English that a generated text can have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.quizzes.answers import options_of
from tutor.quizzes.kinds.question import Question

QUOTED = re.compile(r"``.+?``|`[^`]+`|“[^”]+”| · .*")
"""What a lesson says, not a generator: code, quotations, and lines of source."""
FAULTS = {
    "a doubled word": re.compile(r"\b(\w+) \1\b", re.I),
    "a before a vowel": re.compile(r"\ba (?=[aeio]|un(?!i))", re.I),
    "an before a consonant": re.compile(r"\ban (?=[bcdfgjklmnpqrstvwxyz])", re.I),
    "a plural after 1": re.compile(r"\b1 (rows|tasks|times|executions|failures|deliveries|lines)\b"),
    "a singular after a number": re.compile(r"\b(?:[02-9]|\d\d+) (row|task|time|execution|failure|delivery|line)\b"),
    "two spaces": re.compile(r"  "),
    "a space before a sign": re.compile(r" [,.;:?!]"),
    "two signs": re.compile(r"[.?!,;:]{2}"),
    "a straight quote": re.compile(r"\"|(?<!\w)'|(?<!s)'(?!\w)"),
    "an empty slot": re.compile(r"\{\w*\}|“”|``(?!.*``)"),
}


def faults_of(question: Question) -> Iterator[str]:
    """Yield the faults in all texts of a question."""
    options = options_of(question)
    if not question.text.endswith("?"):
        yield f"no question mark: {question.text}"
    texts = [question.text, question.hint, question.look, question.why]
    for text in (*texts, *(each.text for each in options), *(each.why for each in options)):
        yield from (f"{fault}: {text}" for fault in faults_in(text))
    if not all((question.text, question.why, question.hint, question.look)):
        yield f"a text is missing: {question.id}"


def faults_in(text: str) -> Iterator[str]:
    own = QUOTED.sub("code", text)
    if text != text.strip():
        yield "a space around it"
    for fault, pattern in FAULTS.items():
        if pattern.search(own):
            yield fault
