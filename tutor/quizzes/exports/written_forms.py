"""The ways to write a value that a program without our rules is told. All of them are right here as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutor.lessons.claim_values import CARDINALS
from tutor.quizzes.kinds.cell import Cell
from tutor.quizzes.kinds.question import Option
from tutor.quizzes.kinds.written import CONSTANTS, NUMBER_WORDS, QUOTES, STATUS_WORDS, number_in, tidy
from tutor.quizzes.words import simplified


def right_forms(cell: Cell) -> list[str]:
    """Return the ways to write the right values, those of the lesson first."""
    forms = (*map(tidy, cell.accepted), *(form for value in cell.accepted for form in ways(value, cell)))
    return [each for each in dict.fromkeys(forms) if cell.is_right(each)]


def wrong_forms(cell: Cell) -> list[tuple[str, Option]]:
    """Return the ways to write wrong values of which there is something to say, each with its option."""
    forms = (
        *(tidy(each.text) for each in cell.known),
        *(form for each in cell.known for form in ways(each.text, cell)),
    )
    told = ((each, cell.option(each)) for each in dict.fromkeys(forms) if not cell.is_right(each))
    return [(form, option) for form, option in told if option.why or option.misconception]


def uses_case(cell: Cell) -> bool:
    """Return whether capital and small letters differ in what is accepted."""
    folded = {each.casefold() for each in right_forms(cell)}
    return not all(map(is_word, cell.accepted)) or any(each.casefold() in folded for each, _ in wrong_forms(cell))


def is_word(value: str) -> bool:
    """Return whether a value is a number, a status or a constant, which may be written in capital or small letters."""
    return number_in(tidy(value)) is not None or tidy(value).casefold() in (*CONSTANTS, *STATUS_WORDS)


def ways(value: str, cell: Cell) -> Iterator[str]:
    """Yield ways in which people may write a value. The cell's rules decide which of them are right."""
    value = tidy(value)
    number = number_in(value)
    if number is None:
        yield from (f"{quote}{value}{quote}" for quote in QUOTES)
        yield from (value.replace("'", '"'), value.replace(", ", ","), value.replace("'", '"').replace(", ", ","))
        return
    numerals = [value, *(word for word, meant in NUMBER_WORDS.items() if meant == number)]
    if number < 0:
        numerals.append(value.replace("-", "\N{MINUS SIGN}"))
    if number >= 1000 and value.isdecimal():
        numerals.append(f"{int(value):,}")
    yield from numerals
    yield from (f"{value} {noun}" for noun in nouns(cell, is_one=number == 1))


def nouns(cell: Cell, *, is_one: bool) -> Iterable[str]:
    """Return the words of the cell's heading, as people add one to a number: "2 times", "1 time"."""
    words = [each for each in simplified(cell.heading).split() if each.isalpha() and each not in CARDINALS]
    return dict.fromkeys(each.removesuffix("s") if is_one else each for each in words)
