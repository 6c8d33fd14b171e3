"""Questions in GIFT, a text format that Moodle and others import.

See https://docs.moodle.org/en/GIFT_format. The escapes are those that Moodle reads: a backslash before ~ = # { } : and
before itself, and \\n for a line break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tutor.quizzes.kinds.order import ORDINALS

from .answers import Answer, CantTravel
from .exported import Export, Exported
from .markup import fit
from .moodle import categories, losses, wildcards_escaped
from .portable import Portable, held, those

SPECIAL = re.compile(r"[~=#{}:\\]")
PAIR = "->"
"""What separates the two sides of a pair. No escape keeps Moodle from reading it in a value or an item."""
FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
"""What Moodle reads as the format of a text at its beginning."""


def gift(title: str, questions: Sequence[Exported]) -> Export:
    """Return questions in GIFT, in a category with that title."""
    found, left_out = held(questions, can_hold)
    blocks = [f"$CATEGORY: {categories(title)}", *map(block, found)]
    return Export("\n\n".join(blocks) + "\n", (*left_out, *losses(found), *lost(found)))


def can_hold(question: Portable) -> None:
    """Raise CantTravel if GIFT can't hold a question."""
    if question.kind == "multichoice":
        return
    texts = [each.text for each in question.answers]
    if any(PAIR in each or FORMAT.match(each) for each in texts):
        raise CantTravel("GIFT reads signs in its answers, such as ->, in another way")
    right = {each.text.casefold() for each in question.answers if each.is_right}
    if any(each.text.casefold() in right for each in question.answers if not each.is_right):
        raise CantTravel("GIFT can't say that capital and small letters differ, and the key depends on it")


def lost(found: Sequence[Portable]) -> Iterator[str]:
    """Yield a sentence for each thing that only GIFT loses."""
    if hints := those(each for each in found if each.hint):
        yield f"GIFT has no hints: those of {hints} were left out."
    if ordered := those(each for each in found if each.kind == "ordering"):
        yield f"GIFT can't ask for an order: {ordered} became a match of each place with what happens there."
    if cased := those(each for each in found if each.has_case):
        yield f"GIFT can't say that capital and small letters differ: Moodle accepts both in {cased}."
    if pointed := those(each for each in found if each.keeps_order):
        yield f"GIFT can't keep the order of options: Moodle may shuffle those of {pointed}."


def block(question: Portable) -> str:
    """Return one question."""
    lines = "".join(f"\t{each}\n" for each in answer_lines(question))
    why = f"\t####{escaped(question.why)}\n" if question.why else ""
    return f"::{escaped(question.name)}::[html]{escaped(question.text)} {{\n{lines}{why}}}"


def answer_lines(question: Portable) -> Iterator[str]:
    match question.kind:
        case "multichoice":
            yield from (f"{'=' if each.is_right else '~'}{escaped(each.html)}{told(each)}" for each in question.answers)
        case "shortanswer":
            for each in question.answers:
                yield f"=%{100 if each.is_right else 0}%{escaped(wildcards_escaped(each.text))}{told(each)}"
        case "ordering":
            for place, each in zip(ORDINALS, question.answers, strict=False):
                yield f"={place} {PAIR} {escaped(each.text)}"


def told(answer: Answer) -> str:
    return f"#{escaped(answer.feedback)}" if answer.feedback else ""


def escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\g<0>", fit(text)).replace("\n", r"\n")
