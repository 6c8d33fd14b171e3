"""The links that walk through a run: first, previous, next and last step, and the dots of the scrubber. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tutor.trace.model import Trace

from .window import Page


@dataclass(frozen=True, slots=True)
class WalkLink:
    """One link."""

    id: str
    label: str
    step: int
    """The step that it leads to."""
    enabled: bool


def walk_links(position: int, made: int) -> tuple[WalkLink, ...]:
    """Return the links at step `position` of a run that has made `made` steps so far."""
    back, forward = position > 1, made > position
    return (
        WalkLink("first", "First step", 1, back),
        WalkLink("previous", "Previous step", position - 1, back),
        WalkLink("next", "Next step", position + 1, forward),
        WalkLink("last", "Last step so far", made, forward),
    )


@dataclass(frozen=True, slots=True)
class Dot:
    """A step in the scrubber."""

    number: int
    name: str
    """Its name; empty for a later step than the one that is shown."""
    state: Literal["past", "at", "later"]
    set_size: int
    """The number of steps of the run, -1 if it isn't known yet; 0 if all are on the page."""


def dots(page: Page, trace: Trace, position: int) -> list[Dot]:
    """Return the dots of a page of the scrubber at step `position`."""
    size = 0 if page.is_only else len(trace.steps) if trace.ended else -1
    return [
        Dot(
            step.number,
            step.short if step.number <= position else "",
            "at" if step.number == position else "past" if step.number < position else "later",
            size,
        )
        for step in page.window.of(trace.steps)
    ]
