"""The path of a run through the lines of its lesson's files."""

from __future__ import annotations

from .model import RecordedEvent
from .state import Frame


class CodePath:
    """The frames of the processes that run the lesson's lines, and the lines that have run."""

    def __init__(self) -> None:
        self.frames: dict[tuple[str, int, str], Frame] = {}
        """(lane, pid, file) → the latest frame."""
        self.lines_run: frozenset[tuple[str, int]] = frozenset()

    def add_line(self, event: RecordedEvent) -> None:
        """Move the frame of a process to the line of a `line` event."""
        file, ran = event.payload["file"], event.payload["ran"]
        frame = Frame(event.lane, event.pid, file, event.payload["line"], ran, event.payload["locals"])
        self.frames[event.lane, event.pid, file] = frame
        if ran is not None and (file, ran) not in self.lines_run:
            self.lines_run |= {(file, ran)}

    def leave(self, pid: int) -> None:
        """Remove the frames of a process that has left the lesson's code."""
        self.frames = {key: each for key, each in self.frames.items() if each.pid != pid}

    def ordered_frames(self) -> tuple[Frame, ...]:
        """Return the frames, the caller's first."""
        return tuple(sorted(self.frames.values(), key=lambda frame: frame.lane != "caller"))
