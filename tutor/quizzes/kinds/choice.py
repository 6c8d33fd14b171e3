"""A choice of one of several options. An answer is the option's index, before they are put in an order. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from .option_order import order_of
from .question import Mark, Option, Question, Unreadable

PLACE = re.compile(r"\d{1,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option at its place."""

    place: int
    text: str
    mark: Mark


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """A question with options, one of them right."""

    kind: ClassVar[str] = "choice"

    options: tuple[Option, ...]
    right: int
    """The index of the right option."""

    def order(self, seed: str) -> tuple[int, ...]:
        """Return the indexes of the options in the order in which they are shown."""
        return order_of(seed, self.id, len(self.options))

    def read(self, sent: Mapping[str, str], seed: str) -> str:
        place = sent.get("option", "")
        if not PLACE.fullmatch(place) or int(place) >= len(self.options):
            raise Unreadable("Choose one of the options, and check again.")
        return str(self.order(seed)[int(place)])

    def is_right(self, answer: str) -> bool:
        return answer == self.key

    def option(self, answer: str) -> Option:
        return self.options[int(answer)]

    @property
    def key(self) -> str:
        return str(self.right)

    def fields(self, seed: str, tried: Sequence[str], key: str | None) -> dict[str, Any]:
        marks: dict[str | None, Mark] = {**dict.fromkeys(tried, "wrong"), key: "right"}
        return {
            "options": [
                ShownOption(place, self.options[index].text, marks.get(str(index), ""))
                for place, index in enumerate(self.order(seed))
            ]
        }
