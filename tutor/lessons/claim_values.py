"""The values of claims: how prose writes them, and how they compare with the values of a run."""

from __future__ import annotations

from collections.abc import Mapping

from .claims import ClaimSubject

CARDINALS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
NUMBERS: Mapping[str, int] = {
    **{word: number for number, word in enumerate(CARDINALS)},
    **dict.fromkeys(("no", "none", "nothing", "never", "nobody"), 0),
    **{"a": 1, "an": 1, "once": 1, "only once": 1, "twice": 2, "both": 2},
    **{word: number for number, word in enumerate(ORDINALS, 1)},
}
"""The words that a claim may use for a number."""
WORDS: Mapping[str, frozenset[str]] = {
    str(number): frozenset(word for word, other in NUMBERS.items() if other == number and word != "none")
    for number in NUMBERS.values()
}
"""Digits → the words for them. "None" is a value of its own."""


def check_value(subject: ClaimSubject, value: str) -> None:
    """Raise ValueError if no run could ever have `value` for `subject`."""
    kind = subject.definition
    if kind.comparison == "number" and number_of(value) is None:
        raise ValueError(f'"{value}" isn\'t a number; give one as the link\'s title, such as ({subject} "2")')
    if kind.values and normalized(value) not in map(normalized, kind.values):
        raise ValueError(f"\"{value}\" isn't one of {', '.join(kind.values)}; give the value as the link's title")


def number_of(text: str) -> int | None:
    """Return `text`, which is digits or a word, as a number; None if it isn't one."""
    word = normalized(text)
    return int(word) if word.isdecimal() else NUMBERS.get(word)


def agrees(subject: ClaimSubject, value: str, observed: str) -> bool:
    """Return whether the claimed `value` agrees with the `observed` one, by the comparison of the claim's kind."""
    match subject.definition.comparison:
        case "number":
            return number_of(value) == number_of(observed)
        case "contains":
            return normalized(value) in normalized(observed)
    claimed = normalized(value)
    return claimed == normalized(observed) or claimed in WORDS.get(observed, ())


def normalized(text: str) -> str:
    """Return `text` without the differences that claims ignore: case, surrounding spaces, repeated spaces."""
    return " ".join(text.replace("\N{MINUS SIGN}", "-").split()).casefold()
