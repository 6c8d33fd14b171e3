"""What people type. Pure."""

from __future__ import annotations


def one_line(text: str, most: int) -> str:
    """Return a text with single spaces in the place of white space, cut off after `most` characters."""
    return " ".join(text.split())[:most]
