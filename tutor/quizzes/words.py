"""The words of questions and options: which of them are the same, and which stand in another text."""

from __future__ import annotations

import re

QUOTED_WORDS = 2
"""Words that a right option must have for its words elsewhere to be the answer, and not a coincidence."""


def simplified(text: str) -> str:
    """Return the words of `text` without case, repeated spaces and punctuation; `text` itself if it has none."""
    return " ".join(re.findall(r"(?:(?<!\w)-(?=\d))?\w+(?:['’]\w+)*", text.casefold())) or text


def is_within(said: str, text: str) -> bool:
    """Return whether `text` has the words of `said`, one after the other."""
    return f" {simplified(said)} " in f" {simplified(text)} "


def is_quoted(said: str, text: str) -> bool:
    """Return whether `text` has the words of `said`, if they are more than a word."""
    return simplified(said).count(" ") + 1 >= QUOTED_WORDS and is_within(said, text)
