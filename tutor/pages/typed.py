"""What people type. Pure."""

from __future__ import annotations

JOINERS = "\u200c\u200d"
"""The two characters that can't be seen and that words of some languages, and emoji, are written with."""


def one_line(text: str, most: int) -> str:
    """Return a text with single spaces in the place of white space, cut off after `most` characters.

    Control characters are left out, and those that turn the direction of writing round: they would change what is
    shown beside the text.
    """
    words = ("".join(each for each in word if each.isprintable() or each in JOINERS) for word in text.split())
    return " ".join(word for word in words if word.strip(JOINERS))[:most]
