"""Three to five items to put in order. An answer is their indexes in its order, such as "2,0,1". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Any, ClassVar

from .option_order import order_of
from .question import Mark, Option, Question, Unreadable

ORDINALS = ("1st", "2nd", "3rd", "4th", "5th")
FEWEST, MOST = 3, len(ORDINALS)
MARKUP = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Row:
    """An item in a list that is being put in order."""

    field: str
    """The name of the field that has its place."""
    text: str
    place: int
    """Its place in the last answer, from 1; 0 if there is none."""
    mark: Mark


@dataclass(frozen=True, kw_only=True)
class Order(Question):
    """A question whose items have an order. Every order that `before` allows is right.

    An item's misconception is that of somebody who puts it too early.
    """

    kind: ClassVar[str] = "order"

    items: tuple[Option, ...]
    before: frozenset[tuple[int, int]]
    """The pairs of indexes of which the first item comes before the second."""
    reasons: tuple[tuple[int, int, str], ...] = ()
    """(i, j, why item i comes before item j, as a sentence of Markdown with claims), the most telling first."""

    def __post_init__(self) -> None:
        if not FEWEST <= len(self.items) <= MOST:
            raise ValueError(f"An order has {FEWEST} to {MOST} items, not {len(self.items)}.")
        if not self.right_orders:
            raise ValueError("No order of these items is right.")

    def order(self, seed: str) -> tuple[int, ...]:
        """Return the indexes of the items in the order in which they are shown first, a wrong one if there is any."""
        mixed = order_of(seed, self.id, len(self.items))
        return next((each for each in permutations(mixed) if not self.allows(each)), mixed)

    def read(self, sent: Mapping[str, str], seed: str) -> str:
        order = self.order(seed)
        places = {index: sent.get(field_of(shown), "") for shown, index in enumerate(order)}
        if sorted(places.values()) != [str(place) for place in range(1, len(order) + 1)]:
            raise Unreadable("Give each item a place of its own, and check again.")
        return ",".join(map(str, sorted(order, key=lambda index: places[index])))

    def is_right(self, answer: str) -> bool:
        return self.allows(indexes_in(answer))

    def allows(self, order: Sequence[int]) -> bool:
        """Return whether an order is right."""
        return next(self.wrong_pairs(order), None) is None

    def wrong_pairs(self, order: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield the pairs that stand the wrong way round, those with a reason first."""
        told = [(i, j) for i, j, _ in self.reasons if (i, j) in self.before]
        pairs = [*told, *sorted(self.before.difference(told))]
        return ((i, j) for i, j in pairs if order.index(i) > order.index(j))

    def option(self, answer: str) -> Option:
        order = indexes_in(answer)
        text = "”, then “".join(self.items[index].text for index in order)  # Verdicts quote it.
        if (pair := next(self.wrong_pairs(order), None)) is None:
            return Option(text)
        return Option(text, self.reason(*pair), self.items[pair[1]].misconception)

    def reason(self, first: int, second: int) -> str:
        """Return why an item comes before another, as Markdown."""
        earlier, later = (MARKUP.sub(r"\\\1", self.items[index].text) for index in (first, second))
        told = (why for i, j, why in self.reasons if (i, j) == (first, second))
        return next(told, f"“{earlier}” comes before “{later}”.")

    @property
    def key(self) -> str:
        return ",".join(map(str, self.right_orders[0]))

    @property
    def has_several(self) -> bool:
        return len(self.right_orders) > 1

    @cached_property
    def right_orders(self) -> tuple[tuple[int, ...], ...]:
        return tuple(each for each in permutations(range(len(self.items))) if self.allows(each))

    def fields(self, seed: str, tried: Sequence[str], key: str | None) -> dict[str, Any]:
        shown = self.order(seed)
        answer = key or (tried[-1] if tried else "")
        order = indexes_in(answer) if answer else shown
        wrong = next(self.wrong_pairs(order), ()) if answer else ()
        mark: Mark = "right" if key else ""
        rows = [
            Row(
                field_of(shown.index(index)),
                self.items[index].text,
                place if answer else 0,
                "wrong" if index in wrong else mark,
            )
            for place, index in enumerate(order, 1)
        ]
        return {"rows": rows, "places": list(enumerate(ORDINALS[: len(rows)], 1))}


def field_of(shown: int) -> str:
    """Return the name of the field of the item that is shown at that place first, from 0."""
    return f"item{shown}"


def indexes_in(answer: str) -> tuple[int, ...]:
    return tuple(map(int, answer.split(",")))
