"""Rendering: the parts of a moment as HTML, each rendered once for everyone who looks at the moment."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any

from django.template import Context, Engine
from django.utils.safestring import SafeString

from .byte_cache import ByteCache
from .moment import Moment
from .parts import NOTHING, Change, Part, changes, split
from .registry import styles
from .templatetags.parts import MARKER, SOURCE, kept

MAX_BYTES = 24 * 2**20
"""The bytes of the parts that a process keeps; those that were used last are kept."""
parts: ByteCache[Part] = ByteCache(MAX_BYTES)
"""Name of a part, and what it depends on → part."""
BYTES_OF_A_PIECE = 120
"""About how many bytes a piece of a part has besides its text."""
TOKEN = f"\0{secrets.token_hex(16)}\0"
"""What marks parts in the output of templates. No value of a lab contains it."""


def walk_nav(moment: Moment) -> SafeString:
    """Return the fragment `#walk-nav`: the steps made so far, and the links that walk through them."""
    return SafeString(nav_part(moment).html)


def stage(moment: Moment, own: Mapping[str, str] = NOTHING) -> SafeString:
    """Return the fragment `#stage`: the moment in its style. It contains nothing from later steps.

    `own` is id of a part → its HTML for one viewer. It is never kept; without it, the part is an empty place.
    """
    return SafeString("".join(stage_part(moment).texts(own)))


def fragments(moment: Moment, own: Mapping[str, str] = NOTHING) -> SafeString:
    """Return the fragments that change from one moment of a run to another, with the viewer's `own` parts."""
    return walk_nav(moment) + stage(moment, own)


def changes_between(before: Moment | None, after: Moment) -> list[Change]:
    """Return what turns the fragments of `before` into those of `after`; without `before`, the whole fragments."""
    new = nav_part(after), stage_part(after)
    if before is None:
        return [("replace", part.id, part.html) for part in new]
    old = nav_part(before), stage_part(before)
    return [change for one, other in zip(old, new, strict=True) for change in changes(one, other)]


def nav_part(moment: Moment) -> Part:
    """Return `#walk-nav`."""
    return part("walk-nav", nav_key(moment), "styles/parts/walk_nav.html", replace(moment, line=0), lambda moment: {})


def stage_part(moment: Moment) -> Part:
    """Return `#stage`."""
    return part("stage", stage_key(moment), f"styles/{moment.style}.html", moment, styles()[moment.style].context)


def nav_key(moment: Moment) -> Hashable:
    """Return what decides all of `#walk-nav`."""
    run = moment.run.pk if moment.run else None
    there = moment.position, moment.progress, moment.is_covered
    return moment.lesson.version, run, moment.page, moment.style, *there, other_key(moment)


def stage_key(moment: Moment) -> Hashable:
    """Return what decides all of `#stage`. Once its step is made, only the end of the run or a next line changes it."""
    run = moment.run.pk if moment.run else None
    following = moment.next_line if styles()[moment.style].has_lines else None
    line = moment.line, following.number if following else None
    end = moment.trace.ended is not None if styles()[moment.style].is_whole else moment.is_end
    return moment.lesson.version, run, moment.page, moment.style, moment.position, line, end, other_key(moment)


def other_key(moment: Moment) -> Hashable:
    """Return what decides the parts that show the run with which a moment is compared."""
    return (moment.other.run.pk, moment.other.trace.number) if moment.other and moment.other.run else None


def part(name: str, key: Hashable, template: str, moment: Moment, own: Callable[[Moment], dict[str, Any]]) -> Part:
    """Return a part of `moment`; `own` returns the names that its template uses in addition to `Moment.context`."""

    def new() -> Part:
        source = moment.lesson.version, moment.run.pk if moment.run else None, moment.page, moment.style
        names = {**moment.context, **own(moment), MARKER: TOKEN, SOURCE: source}
        return split(name, rendered(template, names), TOKEN)

    return parts.get_or_set((name, key), new, bytes_of)


def bytes_of(found: Part) -> int:
    """Return about how many bytes a part takes."""
    return sum(sys.getsizeof(text) + BYTES_OF_A_PIECE for text in found.texts())


def rendered(template: str, names: dict[str, Any]) -> str:
    """Return a template with `names`. Numbers are shown as they are, which takes a fifth of the time."""
    return str(Engine.get_default().get_template(template).render(Context(names, use_l10n=False, use_tz=False)))


def clear() -> None:
    """Drop all HTML that is kept."""
    parts.clear()
    kept.clear()
