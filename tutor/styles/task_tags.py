"""The short tags of tasks: a letter or two, or a number, by which drawings name them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

NUMBERED = re.compile(r"(?P<base>.*\S) (?P<mark>#?)(?P<number>\d{1,4})")
"""A label that ends in a number: "mail 37", or "charge #2" for the second task that is called charge."""


@lru_cache(maxsize=32)
def task_tags(labels: tuple[str, ...]) -> Mapping[str, str]:
    """Return label → tag for the labels of a run's tasks, in the order in which the tasks appeared.

    A tag depends only on the labels up to its own, so that it stays the same as a run goes on: C for "charge", C2 for
    "charge #2", 37 for "mail 37".
    """
    tags: dict[str, str] = {}
    taken: set[str] = set()
    for label in labels:
        tags[label] = next(each for each in candidates(label, tags) if each not in taken)
        taken.add(tags[label])
    return tags


def candidates(label: str, tags: dict[str, str]) -> Iterator[str]:
    """Yield possible tags for `label` without end, the best first."""
    initial = (re.search(r"\w", label) or ["T"])[0].upper()
    if numbered := NUMBERED.fullmatch(label):
        base, number = numbered["base"], numbered["number"]
        yield f"{tags.get(base, initial)}{number}" if numbered["mark"] else number
    else:
        yield initial
        letters = re.sub(r"\W", "", label)
        yield from (initial + letters[1:length].lower() for length in (2, 3))
    count = 2
    while True:
        yield f"{initial}{count}"
        count += 1
