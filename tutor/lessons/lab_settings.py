"""A lesson's `settings.toml`: the Django settings of its labs, which may contain knobs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pprint import pformat
from typing import Any

from .key_path import KeyPath

KNOB = re.compile(r"\{(\w+)\}")
"""A text that consists of a knob's name in braces; it is replaced by the knob's value."""


def with_knobs(settings: Any, values: Mapping[str, Any]) -> Any:
    """Return a copy of `settings`, as read from TOML, with the values of the knobs filled in."""
    if isinstance(settings, dict):
        return {key: with_knobs(value, values) for key, value in settings.items()}
    if isinstance(settings, list):
        return [with_knobs(value, values) for value in settings]
    if isinstance(settings, str) and (match := KNOB.fullmatch(settings)):
        return values[match[1]]
    return settings


def knobs_in(settings: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield each knob in `settings` as (path, name)."""
    if isinstance(settings, dict):
        for key, value in settings.items():
            yield from knobs_in(value, (*path, key))
    elif isinstance(settings, list):
        for index, value in enumerate(settings):
            yield from knobs_in(value, (*path, index))
    elif isinstance(settings, str) and (match := KNOB.fullmatch(settings)):
        yield path, match[1]


def as_python(settings: Mapping[str, Any]) -> str:
    """Return `settings` as a project's settings.py would have them."""
    return "\n".join(f"{name} = {literal(value)}" for name, value in settings.items())


def literal(value: Any, indent: str = "") -> str:
    if not isinstance(value, dict) or not value:
        return pformat(value, width=100, sort_dicts=False)
    deeper = indent + "    "
    items = "".join(f"{deeper}{key!r}: {literal(each, deeper)},\n" for key, each in value.items())
    return f"{{\n{items}{indent}}}"
