"""The lines at which processes stand, and the parts of the lesson's files around them that have room. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import groupby

from django.utils.html import strip_tags

from tutor.lessons.program import PROGRAM
from tutor.protocol.lanes import Lane
from tutor.trace.bars import Place
from tutor.trace.model import Trace
from tutor.trace.processes import label_among
from tutor.trace.state import Frame, TraceState

from .code_panes import MODULE
from .lane_states import AT_END, HAS_ENDED
from .source import Gap, Listing, SourceLine

LINES, LINES_OF_A_FILE, COLUMNS = 20, 3, 34
"""The lines for which there is room, those that each file takes besides its own, and the characters in a line."""
AROUND = (24, 12, 8, 6, 5, 4, 3, 2, 1, 0)
"""How many lines on each side of a live line are shown: the most for which there is room."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A process that stands at a line."""

    role: str
    pid: int
    label: str
    """Its name on pages, such as "worker A"."""
    state: str = ""
    """That its frame has returned from there, in words, or that its program is at its end; empty before."""

    @property
    def has_left(self) -> bool:
        return self.state not in ("", AT_END)


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of a file with the processes that stand there."""

    line: SourceLine
    markers: tuple[Marker, ...]

    @property
    def is_live(self) -> bool:
        return any(not marker.has_left for marker in self.markers)


@dataclass(frozen=True, slots=True)
class MarkedListing:
    """The parts of a file that are shown."""

    file: str
    parts: tuple[MarkedLine | Gap, ...]
    who: str
    """The processes in it, and those that have left it."""

    @property
    def is_closed(self) -> bool:
        """Whether none of its lines is shown."""
        return all(isinstance(part, Gap) for part in self.parts)


def marked(listings: Sequence[Listing], state: TraceState, *, bounded: bool) -> tuple[MarkedListing, ...]:
    """Return the listings with their markers; if they are bounded, the lines around the markers that have room."""
    markers = markers_of(state)
    whole = [[MarkedLine(line, markers.get((each.file, line.number), ())) for line in each.lines] for each in listings]
    shown: list[list[MarkedLine | Gap]] = [[*lines] for lines in whole]
    for around in AROUND:
        if not bounded or sum(map(height, shown)) <= LINES - LINES_OF_A_FILE * len(shown):
            break
        shown = [windowed(own, around, each.file == PROGRAM) for each, own in zip(listings, whole, strict=True)]
    return tuple(
        MarkedListing(each.file, tuple(parts), who_is_in(own))
        for each, own, parts in zip(listings, whole, shown, strict=True)
    )


def markers_of(state: TraceState) -> dict[tuple[str, int], tuple[Marker, ...]]:
    """Return (file, line) → the processes that stand there."""
    found: dict[tuple[str, int], tuple[Marker, ...]] = {}
    for frame in state.frames:
        if frame.current_line is not None:
            key = frame.file, frame.current_line
            found[key] = (*found.get(key, ()), marker_of(frame, state))
    return found


def marker_of(frame: Frame, state: TraceState) -> Marker:
    label = label_among(state.processes, frame.lane, frame.pid)
    return Marker(frame.lane, frame.pid, label, state_of(frame, state) if frame.line is None else "")


def state_of(frame: Frame, state: TraceState) -> str:
    """Return in words what it means that a frame has returned."""
    if frame.lane != Lane.CALLER or frame.function != MODULE:
        return "has left it"
    process = next((each for each in state.processes if (each.role, each.pid) == frame.process), None)
    return HAS_ENDED if process is None or process.ended else "died" if process.died else AT_END


def at_end(state: TraceState) -> set[Place]:
    """Return the callers that are at the end of their program."""
    return {Place(*each.process) for each in state.frames if marker_of(each, state).state == AT_END}


def moved(listings: Sequence[Listing], trace: Trace, position: int) -> list[tuple[Marker, str, SourceLine]]:
    """Return the processes that have moved with step `position`, each with the file and the line where it stands.

    A process in a file that the lesson doesn't show is left out.
    """
    if not position:
        return []
    state, before = trace.state_at(position), set(map(where, trace.state_at(position - 1).frames))
    lines = {(each.file, line.number): line for each in listings for line in each.lines}
    return [
        (marker_of(frame, state), frame.file, line)
        for frame in state.frames
        if where(frame) not in before and (line := lines.get((frame.file, frame.current_line or 0)))
    ]


def where(frame: Frame) -> tuple[str, int, str, int | None, int | None]:
    return frame.lane, frame.pid, frame.file, frame.line, frame.ran


def windowed(lines: Sequence[MarkedLine], around: int, from_start: bool) -> list[MarkedLine | Gap]:
    """Return the lines around those with markers; without markers, the first ones or none."""
    live = [each.line.number for each in lines if each.markers]
    near = {each for number in live for each in range(number - around, number + around + 1)}
    if not live and from_start:
        near = set(range(1, 2 * around + 2))
    parts: list[MarkedLine | Gap] = []
    for is_near, group in groupby(lines, key=lambda each: each.line.number in near):
        own = tuple(group)
        if is_near or len(own) == 1:  # A row that says what is left out would be no shorter than the line.
            parts += own
        else:
            parts.append(Gap(own[0].line.number, own[-1].line.number, sum(each.line.past for each in own)))
    return parts


def height(parts: Sequence[MarkedLine | Gap]) -> int:
    """Return the number of lines that the parts have on the page, where long lines are wrapped."""
    if len(parts) == 1 and isinstance(parts[0], Gap):
        return 0
    return sum(1 if isinstance(each, Gap) else height_of_line(each.line.html) for each in parts)


@lru_cache(maxsize=1024)
def height_of_line(html: str) -> int:
    return -(-len(unescape(strip_tags(html))) // COLUMNS) or 1


def who_is_in(lines: Sequence[MarkedLine]) -> str:
    """Return who is in a file, or who has left it, in a few words."""
    markers = [marker for line in lines for marker in line.markers]
    inside = [f"{marker.label} {marker.state}".rstrip() for marker in markers if not marker.has_left]
    left = [f"{marker.label} {marker.state}" for marker in markers if marker.has_left]
    if inside:
        return ", ".join(inside) if len(inside) <= 2 else f"{len(inside)} processes are in it"
    return left[-1] if left else ""
