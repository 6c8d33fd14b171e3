"""The clock of a prelude: its bars on one true scale, up to the question. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.trace.bars import QUEUE, Bar, Place, bars_of_program, bars_of_task
from tutor.trace.model import Trace
from tutor.trace.prelude import Prelude

WIDTH, LEFT, RIGHT, LANE, BAR = 720.0, 96.0, 700.0, 20.0, 14.0
"""The size of the strip, where its scale begins and ends, and the heights of a lane and a bar, in CSS pixels."""


@dataclass(frozen=True, slots=True)
class StripBar:
    """A bar of the strip."""

    kind: str
    x: float
    y: float
    width: float
    is_hatched: bool
    height: float = BAR


@dataclass(frozen=True, slots=True)
class Strip:
    """The lanes of the prelude on one scale."""

    lanes: tuple[tuple[str, float], ...]
    """(name, y of its text)."""
    bars: tuple[StripBar, ...]
    cursors: tuple[float, ...]
    """The x of each scene."""
    ticks: tuple[tuple[str, float], ...]
    """(time, x)."""
    height: float
    width: float = WIDTH
    left: float = LEFT
    right: float = RIGHT

    @property
    def bottom(self) -> float:
        """The y at which the lanes end."""
        return self.height - LANE

    @property
    def now(self) -> float:
        """The x of the last scene."""
        return self.cursors[-1]

    @property
    def shown(self) -> float:
        """The width of what is shown in the last scene."""
        return round(self.now - self.left, 1)


def strip_of(prelude: Prelude, trace: Trace) -> Strip:
    """Return the strip of a prelude, from its first scene to its last."""
    zero, end = prelude.scenes[0].at_ms, prelude.scenes[-1].at_ms
    unit = (RIGHT - LEFT) / max(end - zero, 1.0)
    caller = prelude.scenes[0].place
    workers = [Place(each.role, each.pid) for each in prelude.workers]
    places = [caller, Place(QUEUE), *workers]
    names = ["caller", "queue row", *(each.label for each in prelude.workers)]

    def x(at_ms: float) -> float:
        return round(LEFT + (min(max(at_ms, zero), end) - zero) * unit, 1)

    def drawn() -> Iterator[StripBar]:
        letters = {each.pid: f" worker-{each.letter.lower()}" for each in prelude.workers}
        for bar in bars_at(prelude, trace, end):
            if bar.place in places and (bar.end_ms is None or bar.end_ms > zero):
                begin = x(bar.begin.at_ms)
                width = max(2.0, round(x(end if bar.end_ms is None else bar.end_ms) - begin, 1))
                kind = f"{bar.kind}{letters.get(bar.place.pid, '')}"
                y = places.index(bar.place) * LANE + (LANE - BAR) / 2
                yield StripBar(kind, begin, y, width, bar.kind in ("locked", "paused"))

    seconds = range(int((end - zero) / 1000) + 1)
    return Strip(
        lanes=tuple((name, index * LANE + LANE * 0.7) for index, name in enumerate(names)),
        bars=tuple(drawn()),
        cursors=tuple(x(scene.at_ms) for scene in prelude.scenes),
        ticks=tuple((f"{second} s" if second else "0", x(zero + second * 1000)) for second in seconds),
        height=LANE * (len(names) + 1),
    )


def bars_at(prelude: Prelude, trace: Trace, now_ms: float) -> Iterator[Bar]:
    """Yield the bars of the program and of the task, as they had been seen in the last scene."""
    for process in trace.processes:
        if Place(process.role, process.pid) == prelude.scenes[0].place:
            for bar in bars_of_program(process, now_ms):
                if bar.begin.number <= prelude.number:
                    yield bar
    yield from bars_of_task(prelude.task, prelude.number, now_ms)
