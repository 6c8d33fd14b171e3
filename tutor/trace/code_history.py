"""What a trace keeps of the lesson's lines that ran: every frame that an event showed, so that any moment can be told.

A moment is given by the number of an event. Nothing that is returned for it comes from a later event.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .state import Frame


@dataclass(frozen=True, slots=True)
class Exit:
    """The end of a process's way through the lesson's files, for now or for ever."""

    number: int
    """The number of the event that showed it."""
    pid: int
    at_ms: float
    kind: str
    """The kind of that event: program_ended, finished or died."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A process that is or was in the lesson's files, at a moment."""

    role: str
    pid: int
    frames: tuple[Frame, ...]
    """Its latest frame in each file, the latest of all first."""
    left: Exit | None
    """When it left the lesson's files; None while it is there."""
    seen: Sequence[Frame]
    """All its frames up to the moment, the latest last."""

    @property
    def frame(self) -> Frame:
        """Its latest frame."""
        return self.frames[0]

    def lines_run(self, file: str) -> frozenset[int]:
        """Return the lines of `file` that this process has run."""
        return frozenset(each.ran for each in self.seen if each.file == file and each.ran is not None)

    def of_call(self, frame: Frame) -> list[Frame]:
        """Return the frames of the same call as `frame`, up to the moment."""
        return [each for each in self.seen[first_from(self.seen, frame.call) :] if each.call == frame.call]


@dataclass(frozen=True)
class CodeHistory:
    """The frames and exits of a run so far, in the order of their events."""

    frames: tuple[Frame, ...] = ()
    exits: tuple[Exit, ...] = ()

    @cached_property
    def by_process(self) -> Mapping[tuple[str, int], Sequence[Frame]]:
        """(role, pid) → the frames of that process."""
        found: dict[tuple[str, int], list[Frame]] = defaultdict(list)
        for frame in self.frames:
            found[frame.process].append(frame)
        return found

    def visits(self, number: int) -> Iterator[Visit]:
        """Yield the processes that were in the lesson's files up to the event with that number."""
        exits = {each.pid: each for each in self.exits if each.number <= number}
        for (role, pid), frames in self.by_process.items():
            seen = frames[: after(frames, number)]
            if seen:
                exit_ = exits.get(pid)
                left = exit_ if exit_ and exit_.number > seen[-1].number else None
                since = exit_.number if exit_ and not left else 0
                yield Visit(role, pid, latest_by_file(seen, since), left, seen)

    def at(self, number: int) -> Frame | None:
        """Return the frame that the event with that number showed; None if it is no `line` event."""
        index = after(self.frames, number) - 1
        return self.frames[index] if index >= 0 and self.frames[index].number == number else None

    def before(self, number: int) -> Frame | None:
        """Return the last frame before the event with that number."""
        index = first_from(self.frames, number) - 1
        return self.frames[index] if index >= 0 else None

    def after(self, number: int) -> Frame | None:
        """Return the first frame after the event with that number."""
        index = after(self.frames, number)
        return self.frames[index] if index < len(self.frames) else None

    def count(self, first: int, last: int) -> int:
        """Return the number of frames of the events with the numbers `first` to `last`."""
        return after(self.frames, last) - first_from(self.frames, first)


def latest_by_file(seen: Sequence[Frame], since: int) -> tuple[Frame, ...]:
    """Return the latest frame in each file after the event number `since`, the latest of all first."""
    latest: dict[str, Frame] = {}
    for frame in reversed(seen):
        if frame.number <= since and latest:
            break
        latest.setdefault(frame.file, frame)
    return tuple(latest.values())


def after(frames: Sequence[Frame], number: int) -> int:
    """Return the index of the first frame after the event with that number."""
    return bisect_right(frames, number, key=lambda frame: frame.number)


def first_from(frames: Sequence[Frame], number: int) -> int:
    """Return the index of the first frame of that event, or after it."""
    return bisect_right(frames, number - 1, key=lambda frame: frame.number)
