"""The shapes of a symptom's picture, ready for its template."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 240.0, 120.0, 8.0
"""The size of the picture, and the space around the lanes, in CSS pixels."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with a text, or without one if that doesn't fit."""

    kind: str
    """The kind of the bar, with its result or the letter of its worker: what its colour means."""
    x: float
    y: float
    width: float
    height: float
    text: str = ""
    is_hatched: bool = False
    torn: str = ""
    """The SVG path of the end of an execution that raised; empty otherwise."""
    death: float = 0.0
    """The x of the death of its process; 0 without one."""

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 1)

    @property
    def text_x(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def baseline(self) -> float:
        return round(self.middle + 4.2, 1)


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark on a lane, with a text beside it."""

    kind: str
    x: float
    y: float
    text: str
    text_x: float
    anchor: str

    @property
    def baseline(self) -> float:
        return round(self.y + 4.2, 1)

    @property
    def above(self) -> float:
        return round(self.y - 3.5, 1)


@dataclass(frozen=True, slots=True)
class Chip:
    """What was printed: its text, and a stem to its moment."""

    x: float
    y: float
    box: Box


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """A lane: its name and its line."""

    label: str
    y: float
    height: float

    @property
    def baseline(self) -> float:
        return round(self.y + 4.2, 1)


@dataclass(frozen=True, slots=True)
class SymptomPicture:
    """The picture, ready for its template."""

    lanes: tuple[DrawnLane, ...]
    left: float
    boxes: tuple[Box, ...]
    dots: tuple[Dot, ...]
    chips: tuple[Chip, ...]
    """What was printed."""
    across: tuple[Dot, ...]
    """Marks through all lanes."""
    arrows: tuple[tuple[float, float, float, int], ...]
    """(x, y of the beginning, y of the tip, direction: 1 is down) of each hand-over."""
    told: Box | None
    description: str
    """The picture in words."""
    width: float = WIDTH
    height: float = HEIGHT
    right: float = WIDTH - MARGIN
