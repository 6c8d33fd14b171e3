"""Templates of lessons: text with names in braces, such as "{knob.x}" or "{event.result}".

A name is looked up in dicts, part by part, and printed; there are no attributes, calls, formats or expressions. A brace
that is meant as one is written twice. Names are checked when a lesson loads; what an event turns out not to have is
shown as `UNSEEN`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tutor.protocol.when import MISSING, look_up

UNSEEN = "(not seen)"
PIECE = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}]*)\}|[{}]|[^{}]+")
NAME = re.compile(r"[A-Za-z_]\w*(\.\w+)*", re.ASCII)


class TemplateError(ValueError):
    """A template can't be read."""


@lru_cache(maxsize=4096)
def pieces(template: str) -> tuple[tuple[str, str], ...]:
    """`template` as (literal text, "") and ("", name) pairs, in order. Raises `TemplateError`."""
    found: list[tuple[str, str]] = []
    for match in PIECE.finditer(template):
        name, text = match["name"], match[0]
        if name is not None:
            if not NAME.fullmatch(name):
                raise TemplateError(f"“{text}” is no name in braces, such as {{knob.x}}.")
            found.append(("", name))
        elif text in "{}":
            raise TemplateError(f"A “{text}” stands alone; to show one, write it twice.")
        else:
            found.append((text[0] if text in ("{{", "}}") else text, ""))
    return tuple(found)


def placeholders(template: str) -> tuple[str, ...]:
    """The dotted names in `template`, in order, with repeats. Raises `TemplateError`."""
    return tuple(name for _, name in pieces(template) if name)


def fill(template: str, names: Mapping[str, Any]) -> str:
    """`template` with each name replaced by its value in `names`, as text."""
    return "".join(printed(look_up(names, name)) if name else text for text, name in pieces(template))


def printed(value: object) -> str:
    """A value as text; the end of a line that was printed is no part of what it says."""
    text = UNSEEN if value is MISSING else str(value)
    return text.rstrip("\n") if text.count("\n") == 1 else text
