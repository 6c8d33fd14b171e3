"""The links that walk through a run: first, previous, next and last step. Pure."""

from __future__ import annotations

from dataclasses import dataclass


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
