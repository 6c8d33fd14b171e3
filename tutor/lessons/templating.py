"""Templates of lessons: text with names in braces, such as "{knob.x}" or "{event.result}".

A name is looked up in nested mappings and printed; there are no attributes, calls, formats or expressions. A literal
brace is written twice. Names are checked when a lesson is read; a field that an event lacks is shown as `UNSEEN`.
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
    """The syntax of a template is wrong."""


@lru_cache(maxsize=4096)
def pieces(template: str) -> tuple[tuple[str, str], ...]:
    """Return `template` as pairs (literal text, "") and ("", name), in order. Raise TemplateError for wrong syntax."""
    found: list[tuple[str, str]] = []
    for match in PIECE.finditer(template):
        name, text = match["name"], match[0]
        if name is not None:
            if not NAME.fullmatch(name):
                raise TemplateError(f'"{text}" isn\'t a name in braces, such as {{knob.x}}')
            found.append(("", name))
        elif text in "{}":
            raise TemplateError(f'a single "{text}" (to show one, write it twice)')
        else:
            found.append((text[0] if text in ("{{", "}}") else text, ""))
    return tuple(found)


def placeholders(template: str) -> tuple[str, ...]:
    """Return the dotted names in `template`, in order, with repeats. Raise TemplateError for wrong syntax."""
    return tuple(name for _, name in pieces(template) if name)


def fill(template: str, names: Mapping[str, Any]) -> str:
    """Return `template` with each name replaced by its value in `names`."""
    return "".join(printed(look_up(names, name)) if name else text for text, name in pieces(template))


def printed(value: object) -> str:
    """Return `value` as text, without the line break at the end of a single printed line."""
    text = UNSEEN if value is MISSING else str(value)
    return text.rstrip("\n") if text.count("\n") == 1 else text
