"""The panes of the code walk: where each process stands in the lesson's files, its variables and its stack. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from tutor.protocol.texts import shortened
from tutor.trace.code_history import Visit
from tutor.trace.state import Frame

from .loops import Loop, Rounds, rounds_of
from .source import Gap, Listing, SourceLine, windowed

VALUE, HINT, HINTS, LOOPS = 240, 32, 3, 4
"""The maximum characters of a value, and of one beside its line; the maximum values there, and loops of a pane."""
MODULE = "<module>"
NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class CodeFile:
    """One of the lesson's files."""

    html: Sequence[SafeString]
    """Its lines."""
    text: Sequence[str]
    """Its lines."""
    loops: Sequence[Loop]


@dataclass(frozen=True, slots=True)
class Local:
    """A local variable at a moment."""

    name: str
    value: str
    since: str
    """Since when it has its value: "new in line 16", "since line 14", "argument"."""
    is_changed: bool
    """Whether it got the value since the moment before."""


@dataclass(frozen=True, slots=True)
class PaneLine:
    """A line, or a gap, of a pane's file."""

    shown: SourceLine | Gap
    kind: Literal["gap", "live", "waits", "past", ""]
    """live: the process stands there; waits: another frame of the process does; past: the process has run it."""
    hints: tuple[tuple[str, str], ...]
    """Name and value of the variables that a live line reads."""
    rounds: tuple[Rounds, ...]
    """Those of the loops that end with this line."""


@dataclass(frozen=True, slots=True)
class FramePane:
    """A frame of a process, with the lines around it."""

    frame: Frame
    lines: tuple[PaneLine, ...]
    locals: tuple[Local, ...]

    @property
    def changed(self) -> int:
        """The number of variables that have changed."""
        return sum(each.is_changed for each in self.locals)


def frame_pane(visit: Visit, frame: Frame, file: CodeFile | None, since: int) -> FramePane:
    """Return the pane of a frame of `visit`. What has changed is newer than the event with the number `since`.

    `file` is None for a file that the lesson doesn't have, which a run of an unknown version may have.
    """
    return FramePane(frame, pane_lines(visit, frame, file) if file else (), locals_of(frame, since))


def pane_lines(visit: Visit, frame: Frame, file: CodeFile) -> tuple[PaneLine, ...]:
    """Return the lines of `file` around the line where `frame` stands, its callers, and its loops."""
    past = visit.lines_run(frame.file)
    call = visit.of_call(frame)
    rounds = [found for loop in file.loops if (found := rounds_of(loop, call, visit.seen))][-LOOPS:]
    waiting = {each.line for each in frame.callers if each.file == frame.file}
    at = frame.current_line
    live = {at, *waiting, *(line for each in rounds for line in (each.loop.head[0], each.loop.body[-1]))} - {None}
    listing = Listing(
        frame.file, tuple(SourceLine(number, html, number in past, ()) for number, html in enumerate(file.html, 1))
    )
    return tuple(
        pane_line(shown, frame, file, waiting, rounds)
        for shown in windowed(listing, [line for line in live if line is not None])
    )


def pane_line(
    shown: SourceLine | Gap, frame: Frame, file: CodeFile, waiting: Iterable[int], rounds: Iterable[Rounds]
) -> PaneLine:
    if isinstance(shown, Gap):
        inside = (each for each in rounds if shown.first <= each.loop.body[-1] <= shown.last)
        return PaneLine(shown, "gap", (), tuple(inside))
    ends_here = tuple(each for each in rounds if each.loop.body[-1] == shown.number)
    if shown.number == frame.current_line:
        return PaneLine(shown, "live", hints_of(file.text[shown.number - 1], frame.locals), ends_here)
    return PaneLine(shown, "waits" if shown.number in waiting else "past" if shown.past else "", (), ends_here)


def hints_of(line: str, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the variables that `line` names and whose values are short, with their values."""
    names = dict.fromkeys(NAME.findall(line))
    short = [(name, values[name]) for name in names if name in values and len(values[name]) <= HINT]
    return tuple(short[:HINTS])


def locals_of(frame: Frame, since: int) -> tuple[Local, ...]:
    """Return the local variables of `frame`, with what is newer than the event with the number `since`."""
    return tuple(local_of(frame, name, value, since) for name, value in frame.locals.items())


def local_of(frame: Frame, name: str, value: str, since: int) -> Local:
    binding = frame.bindings[name]
    is_changed = binding.number > since
    if binding.line is None:
        text = "there from the start" if frame.function == MODULE else "argument"
    elif is_changed:
        text = f"{'new' if binding.is_new else 'changed'} in line {binding.line}"
    else:
        text = f"since line {binding.line}"
    return Local(name, shortened(value, VALUE), text, is_changed)


def beside(visit: Visit, others: Iterable[Visit]) -> list[tuple[Visit, bool]]:
    """Return the other processes that stand in the same function, and whether they stand at the same line."""
    frame = visit.frame
    return [
        (each, each.frame.current_line == frame.current_line)
        for each in others
        if each is not visit
        and each.left is None
        and (each.frame.file, each.frame.function) == (frame.file, frame.function)
    ]
