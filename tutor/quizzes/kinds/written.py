"""What somebody means who writes a value: `1`, `one`, `'x'`, `x`, `none`, `1,000`. Pure."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from decimal import Decimal

from tutor.lessons.claim_values import CARDINALS
from tutor.lessons.claims import STATUSES

TYPED = str.maketrans({"\N{MINUS SIGN}": "-", "‘": "'", "’": "'", "“": '"', "”": '"'})
"""Characters that phones and word processors put in the place of others."""
NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(?:[, ]\d{3})+)(\.\d+)?", re.ASCII)
NUMBER_WORDS: Mapping[str, int] = {**{word: number for number, word in enumerate(CARDINALS)}, "once": 1, "twice": 2}
CONSTANTS = ("none", "true", "false")
STATUS_WORDS = tuple(each.casefold() for each in STATUSES)
QUOTES = "'\""


def means(written: str, value: str) -> bool:
    """Return whether somebody who writes `written` means `value`.

    `value` is exact: a text has no quotes around it, unless they are a part of it. Quotes make a text of what is
    written, so that '1' isn't 1.
    """
    written, value = tidy(written), tidy(value)
    if written == value:
        return True
    if (number := number_in(value)) is not None:
        return number == NUMBER_WORDS.get(written.casefold(), number_in(written))
    if value.casefold() in CONSTANTS:
        return written.casefold() == value.casefold()
    if (container := container_in(value)) is not None:
        return container == container_in(written)
    inner = unquoted(written)
    if value.casefold() in STATUS_WORDS:
        return value.casefold() in (written.casefold(), inner.casefold())
    return inner == value


def tidy(text: str) -> str:
    """Return a text without spaces around it and repeated ones in it, with plain quotes and minus signs."""
    return " ".join(text.translate(TYPED).split())


def is_number(written: str) -> bool:
    """Return whether somebody writes a number, in digits or as a word."""
    return written.casefold() in NUMBER_WORDS or number_in(written) is not None


def number_in(text: str) -> Decimal | None:
    """Return the number that a text is in digits; None if it isn't one."""
    return Decimal(re.sub("[, ]", "", text)) if NUMBER.fullmatch(text) else None


def container_in(text: str) -> str | None:
    """Return the list, tuple, set or dict that a text writes down, in one form; None if it isn't one."""
    if text[:1] not in ("[", "(", "{"):
        return None
    try:
        return repr(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def unquoted(text: str) -> str:
    """Return a text without the quotes around it; "" if there are none, or more of them in it."""
    inner = text[1:-1]
    quoted = len(text) > 2 and text[0] == text[-1] and text[0] in QUOTES and text[0] not in inner
    return tidy(inner) if quoted else ""
