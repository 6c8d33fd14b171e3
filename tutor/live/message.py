"""The message that a page gets over its websocket."""

from __future__ import annotations

import json
from dataclasses import asdict

from tutor.styles.byte_cache import ByteCache
from tutor.styles.moment import Moment
from tutor.styles.registry import styles
from tutor.styles.rendering import changes_between, nav_key

from .page_feed import Lack

MAX_BYTES = 4 * 2**20
"""The bytes of the messages that a process keeps, for pages that report later than others."""
messages: ByteCache[str] = ByteCache(MAX_BYTES)
"""Run, what a page lacks of it, and how far the run is → message."""


def message(newest: Moment, lack: Lack) -> str:
    """Return what a page lacks of the newest moment of its run: an object with the keys `from` and `changes`.

    `from` is the state that the page has reported. It applies the changes (`Change`) if it would still report the same.
    """
    stays = lack.step == lack.shown.step
    after = place(newest, lack.style, lack.step, lack.shown.line if stays else 0)
    key = lack, nav_key(after)
    return messages.get_or_set(key, lambda: text(lack, shown(newest, lack), after))


def text(lack: Lack, before: Moment | None, after: Moment) -> str:
    found = {"from": asdict(lack.shown), "changes": changes_between(before, after)}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def shown(newest: Moment, lack: Lack) -> Moment | None:
    """Return the moment that the page shows; None if that isn't known, as another build or version has rendered it."""
    state = lack.shown
    if not newest.edition or state.edition != newest.edition:
        return None
    there = place(newest, lack.style, state.step, state.line)
    return there.when(*state.progress) if (there.position, there.line) == (state.step, state.line) else None


def place(newest: Moment, style: str, step: int, line: int) -> Moment:
    """Return the moment at a step or, in a style with lines, at a line after it; or the nearest one."""
    there = newest.at(step, style)
    return there.at_line(line) if line and styles()[style].has_lines else there
