"""A value that one writes: a status, a count, a stored result, a printed text. An answer is what was written. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from tutor.quizzes.words import simplified

from .question import Option, Question, Unreadable
from .written import is_number, means, tidy

TIMES = ("time", "times")
LONGEST = 100
"""The maximum length of a written value, in characters."""


@dataclass(frozen=True, kw_only=True)
class Cell(Question):
    """A question whose answer is written. It is right if it means one of the accepted values."""

    kind: ClassVar[str] = "cell"

    accepted: tuple[str, ...]
    """The right values, as a page shows them: a text without quotes around it."""
    known: tuple[Option, ...] = ()
    """Wrong values of which there is something to say."""
    heading: str = "Value"
    """The heading of the cell."""

    def __post_init__(self) -> None:
        if not self.accepted or not all(map(tidy, self.accepted)):
            raise ValueError("A cell accepts at least one value, and no empty one.")

    def read(self, sent: Mapping[str, str], seed: str) -> str:
        written = tidy(sent.get("value", ""))
        if not written:
            raise Unreadable("Write a value, and check again.")
        if len(written) > LONGEST or not written.isprintable():
            raise Unreadable(f"Write a value of up to {LONGEST} characters in one line, and check again.")
        return written

    def is_right(self, answer: str) -> bool:
        if answer in map(tidy, self.accepted):
            return True
        return answer not in (tidy(each.text) for each in self.known) and any(
            means(self.counted(answer), value) for value in self.accepted
        )

    def counted(self, answer: str) -> str:
        """Return what was written, without the noun behind a number that is asked for: "1" for "1 row"."""
        number, _, noun = answer.rpartition(" ")
        nouns = {*simplified(f"{self.text} {self.heading}").split(), *TIMES}
        asked_for = {noun.casefold(), f"{noun.casefold()}s"} & nouns
        return number if asked_for and is_number(number) else answer

    def option(self, answer: str) -> Option:
        if self.is_right(answer):
            return Option(answer)
        same = (each for each in self.known if answer == tidy(each.text))
        alike = (each for each in self.known if means(self.counted(answer), each.text))
        return replace(next(same, next(alike, Option(answer))), text=answer)

    @property
    def key(self) -> str:
        return tidy(self.accepted[0])

    def fields(self, seed: str, tried: Sequence[str], key: str | None) -> dict[str, Any]:
        value = key or (tried[-1] if tried else "")
        mark = "right" if key else "wrong" if value else ""
        return {"heading": self.heading, "value": value, "mark": mark, "longest": LONGEST}
