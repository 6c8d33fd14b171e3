"""The path of a run through the lines of its lesson's files."""

from __future__ import annotations

from collections.abc import Mapping

from .code_history import CodeHistory, Exit
from .model import RecordedEvent, milliseconds
from .state import Binding, Caller, Frame


class CodePath:
    """The frames of the processes that run the lesson's lines, and the lines that have run."""

    def __init__(self) -> None:
        self.frames: dict[tuple[str, int, str], Frame] = {}
        """(lane, pid, file) → the latest frame."""
        self.lines_run: frozenset[tuple[str, int]] = frozenset()
        self.all: list[Frame] = []
        """Every frame, in the order of its events."""
        self.exits: list[Exit] = []
        self.open: dict[int, list[Frame]] = {}
        """Pid → the latest frame of each call that hasn't returned, the innermost last."""
        self.known = CodeHistory()
        """The history of some time ago."""

    def add_line(self, event: RecordedEvent) -> None:
        """Move the frame of a process to the line of a `line` event."""
        calls = self.open.get(event.pid, [])
        before = call_of(event, calls)
        frame = frame_of(event, before)
        going_on = [each for each in calls if each is not before]
        self.open[event.pid] = going_on if frame.line is None else [*going_on, frame]
        self.frames[event.lane, event.pid, frame.file] = frame
        self.all.append(frame)
        if frame.ran is not None and (frame.file, frame.ran) not in self.lines_run:
            self.lines_run |= {(frame.file, frame.ran)}

    def leave(self, pid: int, event: RecordedEvent) -> None:
        """Remove the frames of a process that has left the lesson's code, as `event` shows."""
        self.frames = {key: each for key, each in self.frames.items() if each.pid != pid}
        self.open.pop(pid, None)
        self.exits.append(Exit(event.number, pid, milliseconds(event), event.kind))

    def ordered_frames(self) -> tuple[Frame, ...]:
        """Return the frames, the caller's first."""
        return tuple(sorted(self.frames.values(), key=lambda frame: frame.lane != "caller"))

    def history(self) -> CodeHistory:
        """Return the frames and exits so far; the same object as before if there are no more."""
        if (len(self.all), len(self.exits)) != (len(self.known.frames), len(self.known.exits)):
            self.known = CodeHistory(tuple(self.all), tuple(self.exits))
        return self.known


def call_of(event: RecordedEvent, calls: list[Frame]) -> Frame | None:
    """Return the latest frame of the call that a `line` event goes on with; None if it begins one.

    Events don't identify their call. It is the innermost one of that function that stands at the line that has just
    run; if none does, because not every hit of a line is sent, the innermost one of the function.
    """
    payload = event.payload
    if payload["ran"] is None:
        return None
    where = payload["file"], payload.get("function", "")
    same = [each for each in reversed(calls) if (each.file, each.function) == where]
    return next((each for each in same if each.line == payload["ran"]), same[0] if same else None)


def frame_of(event: RecordedEvent, before: Frame | None) -> Frame:
    """Return the frame that a `line` event shows; `before` is the one of the same call before it."""
    payload = event.payload
    values: Mapping[str, str] = payload.get("locals") or {}
    if before and before.locals == values:
        values = before.locals  # A long run doesn't keep both.
    return Frame(
        event.lane,
        event.pid,
        payload["file"],
        payload["line"],
        payload["ran"],
        values,
        function=payload.get("function", ""),
        callers=tuple(Caller(*each) for each in payload.get("stack", ())),
        depth=payload.get("depth", 0),
        number=event.number,
        at_ms=milliseconds(event),
        hits=payload.get("hits", 1),
        call=before.call if before else event.number,
        bindings=bindings_of(event, values, before),
    )


def bindings_of(event: RecordedEvent, values: Mapping[str, str], before: Frame | None) -> Mapping[str, Binding]:
    """Return since when the local variables have their `values`; `before` is the call's frame before the event."""
    if before and before.locals is values:
        return before.bindings
    known: Mapping[str, str] = before.locals if before else {}
    return {
        name: before.bindings[name]
        if before and known.get(name) == value
        else Binding(event.number, event.payload["ran"], name not in known)
        for name, value in values.items()
    }
