"""Rendering: the parts of a moment as HTML, each rendered once for everyone who looks at the moment."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .byte_cache import ByteCache
from .moment import Moment
from .registry import styles

MAX_BYTES = 24 * 2**20
"""The bytes of the parts that a process keeps; those that were used last are kept."""
parts: ByteCache[SafeString] = ByteCache(MAX_BYTES)
"""Template and `Moment.key` → part."""


def walk_nav(moment: Moment) -> SafeString:
    """Return the fragment `#walk-nav`: the steps made so far, and the links that walk through them."""
    return part("styles/parts/walk_nav.html", replace(moment, line=0), lambda moment: {})


def stage(moment: Moment) -> SafeString:
    """Return the fragment `#stage`: the moment in its style. It contains nothing from later steps."""
    return part(f"styles/{moment.style}.html", moment, styles()[moment.style].context)


def part(template: str, moment: Moment, own: Callable[[Moment], dict[str, Any]]) -> SafeString:
    """Return a part of `moment`; `own` returns the names that its template uses in addition to `Moment.context`."""
    key = template, moment.key
    if (text := parts.get(key)) is None:
        text = render_to_string(template, {**moment.context, **own(moment)})
        parts.put(key, text, sys.getsizeof(text))
    return text


def fragments(moment: Moment) -> str:
    """Return the fragments that change from one moment of a run to another."""
    return walk_nav(moment) + stage(moment)
