"""The lanes of a timeline: which there are, how they are called, and where their bars lie beside each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from tutor.protocol.lanes import Lane as Role
from tutor.trace.bars import QUEUE, RESULTS, Bar, Place
from tutor.trace.histories import Point, Process
from tutor.trace.timeline import Timeline

LANES, RESERVED = 8, 5
"""The maximum lanes, and the lanes for which a drawing has room from the beginning, so that it stays as it is."""
SLOTS = 4
"""The maximum bars that lie beside each other in a lane; more are drawn as a band."""
WORKERS = ("worker", "worker-b", "worker-c", "worker-d")
"""The looks of workers, which come again after that."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane."""

    places: tuple[Place, ...]
    """The process or the table that it belongs to; several for the last lane, if there are too many."""
    name: str
    """The name of the process or table; the letter of a worker."""
    label: str
    """Its name in full, such as "worker A"."""
    look: str
    """What decides its colour: caller, queue, store, table, infra, others, or one of `WORKERS`."""

    @property
    def of_process(self) -> str:
        """What its process has as `data-of-process`; empty for a table."""
        place = self.places[0]
        return f"{place.name}-{place.pid}" if place.pid and len(self.places) == 1 else ""

    @property
    def of_table(self) -> str:
        """The name of its table; empty for a process."""
        place = self.places[0]
        return place.name if not place.pid and len(self.places) == 1 else ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The bars in a lane that follow each other without a gap: those of one task, or of the program.

    A wait at a gate may be inside another bar, which is before it.
    """

    bars: tuple[Bar, ...]

    @property
    def begin_ms(self) -> float:
        return self.bars[0].begin.at_ms

    @property
    def end_ms(self) -> float:
        """When it ended; infinity while it goes on."""
        return max(map(last_ms, self.bars))


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The bars of one lane and the slots that they have."""

    chains: tuple[Chain, ...] = ()
    slots: Mapping[int, int] = field(default_factory=dict)
    """Index of a chain → its slot, from 0."""
    width: int = 1
    """The number of slots."""
    is_band: bool = False
    """Whether the lane is drawn as a band: it has too many slots, or a bar that stands for several rows."""


def lanes_of(timeline: Timeline) -> tuple[Lane, ...]:
    """Return the lanes in order of appearance, at most `LANES`; the last one may stand for several places."""
    letters = {(each.role, each.pid): each for each in timeline.processes}
    found = [lane_of(place, letters.get(place)) for place in timeline.lanes]
    if len(found) <= LANES:
        return tuple(found)
    rest = found[LANES - 1 :]
    others = Lane(tuple(place for lane in rest for place in lane.places), "others", names_of(rest), "others")
    return (*found[: LANES - 1], others)


def bars_of(lanes: Sequence[Lane], timeline: Timeline) -> list[list[Bar]]:
    """Return the bars of each lane."""
    index = {place: number for number, lane in enumerate(lanes) for place in lane.places}
    bars: list[list[Bar]] = [[] for _ in lanes]
    for bar in timeline.bars:
        if (number := index.get(bar.place)) is not None:
            bars[number].append(bar)
    return bars


def kills_of(timeline: Timeline) -> dict[Place, Point]:
    """Return process → when it was killed."""
    return {Place(each.role, each.pid): each.killed for each in timeline.processes if each.killed}


def names_of(lanes: Iterable[Lane]) -> str:
    return ", ".join(lane.label for lane in lanes)


def lane_of(place: Place, process: Process | None) -> Lane:
    """Return the lane of a process, if one is known there, or of a table."""
    if place.pid:
        letter = process.letter if process else ""
        hue = WORKERS[(ord(letter[-1]) - ord("A")) % len(WORKERS)] if letter else ""
        look = hue or ("caller" if place.name == Role.CALLER else "infra")
        label = process.full_label if process else place.name
        return Lane((place,), letter or label, label, look)
    return Lane((place,), place.name, place.name, {QUEUE: "queue", RESULTS: "store"}.get(place.name, "table"))


def arranged(bars: Sequence[Bar]) -> Arrangement:
    """Return the bars of a lane, in order of their beginnings, with the lowest slot that is free for each chain."""
    chains = sorted(chains_of(bars), key=lambda chain: chain.begin_ms)
    slots: dict[int, int] = {}
    taken: list[tuple[float, int]] = []
    free: list[int] = []
    for index, chain in enumerate(chains):
        while taken and taken[0][0] <= chain.begin_ms:
            heappush(free, heappop(taken)[1])
        slots[index] = heappop(free) if free else len(taken)
        heappush(taken, (chain.end_ms, slots[index]))
    width = 1 + max(slots.values(), default=0)
    return Arrangement(tuple(chains), slots, width, width > SLOTS or any(bar.count for bar in bars))


def chains_of(bars: Iterable[Bar]) -> Iterator[Chain]:
    """Yield the bars of each task, or of no task, as far as each begins where the one before ends."""
    subjects: dict[tuple[Place, str], list[Bar]] = {}
    for bar in bars:
        subjects.setdefault((bar.place, bar.task), []).append(bar)
    for own in subjects.values():
        chain = [own[0]]
        for bar in own[1:]:
            end = max(map(last_ms, chain))
            if end == bar.begin.at_ms or (bar.at_gate and bar.begin.at_ms < end):
                chain.append(bar)
            else:
                yield Chain(tuple(chain))
                chain = [bar]
        yield Chain(tuple(chain))


def last_ms(bar: Bar) -> float:
    """Return when a bar ends; infinity while it goes on."""
    return float("inf") if bar.end_ms is None else bar.end_ms
