"""The shapes of a prelude's drawing, ready for its template."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from .prelude_clock import Strip
from .prelude_words import SCENE_MS


@dataclass(frozen=True, slots=True)
class Told:
    """A text and the scenes in which it is shown."""

    text: str
    scenes: str
    """Their numbers, separated by spaces."""
    is_last: bool
    """Whether the last scene is one of them."""


@dataclass(frozen=True, slots=True)
class StationLine:
    """A line of a station's file."""

    number: int
    html: SafeString
    scenes: str
    """The scenes in which its process is in this line."""
    is_last: bool


@dataclass(frozen=True, slots=True)
class Station:
    """A place that a task can come to: a process or a table."""

    id: str
    kind: str
    """caller, queue, worker or results."""
    tag: str
    title: str
    aside: str
    lines: tuple[StationLine, ...]
    notes: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class DrawnPrelude:
    """The drawing, ready for its template."""

    label: str
    """The task's label."""
    stations: tuple[Station, ...]
    stops: tuple[str, ...]
    """The id of the station where the task is in each scene."""
    headlines: tuple[Told, ...]
    paces: tuple[Told, ...]
    """How much time a scene takes up, and that it is slower or faster here."""
    times: tuple[Told, ...]
    """Since the call."""
    strip: Strip
    question: str
    position: int
    scene_ms: int = SCENE_MS

    @property
    def rest(self) -> str:
        """The station where the task is in the last scene."""
        return self.stops[-1]
