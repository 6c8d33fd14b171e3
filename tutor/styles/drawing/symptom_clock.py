"""The clock of a symptom's picture: moments of a run as places from left to right, in their order. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise

LEAST = 9.0
"""The least distance between two moments that differ, in CSS pixels, if there is room for it."""
ROOT = 0.4
"""How much of a difference of two lengths of time is seen: 1 is all of it."""


class Clock:
    """Places some moments between `left` and `right`. Later moments are farther right."""

    def __init__(self, moments: Iterable[float], left: float, right: float) -> None:
        self.moments = sorted(set(moments)) or [0.0]
        gaps = [later - earlier for earlier, later in pairwise(self.moments)]
        weights = [gap**ROOT for gap in gaps]
        least = min(LEAST, (right - left) / (2 * len(gaps))) if gaps else 0.0
        unit = (right - left - least * len(gaps)) / sum(weights) if gaps else 0.0
        self.places = [left]
        for weight in weights:
            self.places.append(self.places[-1] + least + unit * weight)

    @property
    def last(self) -> float:
        """The last moment."""
        return self.moments[-1]

    def x(self, at_ms: float) -> float:
        """Return the place of a moment; one before the first or after the last is at the place of that."""
        index = bisect_right(self.moments, at_ms)
        if index in (0, len(self.moments)):
            return round(self.places[0 if index == 0 else -1], 1)
        start, end = self.moments[index - 1], self.moments[index]
        part = (at_ms - start) / (end - start)
        return round(self.places[index - 1] + part * (self.places[index] - self.places[index - 1]), 1)
