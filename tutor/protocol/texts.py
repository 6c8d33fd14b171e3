"""Numbers and values as texts for people."""

from __future__ import annotations

import re
from ast import literal_eval

SIZES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))
COUNTED = re.compile(r"(?:… \(|^<\w+ of )([\d,]+)(?: (?:characters|bytes|values)\))?>?$")
"""The end of a value that is cut, or what stands for it, with its length."""


def number_text(number: float) -> str:
    """Return `number` as a person writes it, such as "0.25", "12.5" or "10,000"."""
    return f"{number:g}" if abs(number) < 1000 else f"{round(number):,}"


def amount(number: float, unit: str) -> str:
    """Return a number with its unit, such as "30 seconds". Bytes are given in a larger unit: 4,000,000 are "4 MB"."""
    if unit.startswith("bytes"):
        name, size = next((each for each in SIZES if number >= each[1]), ("bytes", 1))
        return f"{number_text(number / size)} {name}{unit.removeprefix('bytes')}"
    return f"{number_text(number)} {unit}"


def shortened(text: str, most: int) -> str:
    """Return `text`, or its beginning and “…” if it has more than `most` characters.

    It is cut between the values of a list, a tuple or a dict, otherwise between words, unless that leaves little of it.
    """
    if len(text) <= most:
        return text
    head = text[: most - 1]
    if (place := last_comma(head[:-1])) >= most // 2:
        return f"{head[: place + 1]} …"
    if (place := head.rfind(" ")) >= most // 2:
        return f"{head[:place].rstrip()}…"
    return f"{head.rstrip()}…"


def last_comma(head: str) -> int:
    """Return the place of the last comma that separates values, which isn't inside quotation marks; -1 without one."""
    found, quote, is_escaped = -1, "", False
    for place, character in enumerate(head):
        if is_escaped:
            is_escaped = False
        elif character == "\\":
            is_escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == ",":
            found = place
    return found


def length_of(text: str) -> int | None:
    """Return the length of the value that a run shows as `text`; None if it has none, or if the text doesn't tell."""
    if told := COUNTED.search(text):
        return int(told[1].replace(",", ""))
    try:
        value = literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return len(value) if isinstance(value, str | bytes | list | tuple | set | dict) else None
