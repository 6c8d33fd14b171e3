"""Code walk: where each process stands in the lesson's files, why it is there, its variables and its stack.

It also shows the moments between two steps: those of `line` events, at `?line=`, the number of the event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM
from tutor.trace.code_history import Visit
from tutor.trace.histories import Execution
from tutor.trace.model import Trace
from tutor.trace.processes import label_among
from tutor.trace.state import Frame

from .drawing.code_panes import MODULE, CodeFile, FramePane, beside, frame_pane
from .drawing.elsewhere import elsewhere, file_of
from .drawing.loops import loops
from .drawing.reasons import Reason, goes_on, latest_executions, ordinal, reason, spoken_label
from .drawing.source import Gap, Listing, SourceLine, highlighted_files, windowed
from .moment import Moment
from .registry import Style

PANES = 4
"""The maximum processes with a pane. The others are named, with the lines where they stand."""


@dataclass(frozen=True, slots=True)
class Pane:
    """A process that is in the lesson's files."""

    visit: Visit
    label: str
    frames: tuple[FramePane, ...]
    """Its latest frame in each file, the latest of all first."""
    reason: Reason
    beside: Sequence[tuple[str, Frame, bool]]
    """The other processes in the same function: label, frame, and whether they stand at the same line."""
    stood_ms: float
    """For how long it has been where it stands."""
    is_at_gate: bool
    """Whether it waits there at a gate."""


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that the parts of this style use. They contain nothing from later events."""
    trace, number = moment.trace, moment.event_number
    files = code_files(moment.lesson, moment.knobs)
    visits = list(trace.code.visits(number))
    order = {(each.role, each.pid): place for place, each in enumerate(trace.processes)}
    visits.sort(key=lambda each: (each.role != "caller", order[each.role, each.pid]))
    inside = [each for each in visits if each.left is None]
    executions = latest_executions(trace, number)
    since = moment.previous_event
    now_ms = moment.at_ms
    paned = shown_in_panes(inside)
    panes = tuple(pane(trace, each, inside, files, executions, number, since, now_ms) for each in paned)
    stood_in = {each.frame.file for visit in panes for each in visit.frames}
    line = trace.code.at(moment.line) if moment.line else None
    return {
        "panes": panes,
        "line_kinds": {each.kind for pane in panes for frame in pane.frames for each in frame.lines},
        "has_knobs": any('class="knob"' in html for file in files.values() for html in file.html),
        "elsewhere": elsewhere(trace, visits, paned, executions, set(files), number),
        "other_files": other_files(files, stood_in, visits),
        "unseen": unseen_actor(moment, visits, executions, files),
        "line": line,
        "line_sentence": sentence(trace, line) if line else "",
        "line_ordinal": ordinal(trace.code.count(since_step(moment), line.number)) if line else "",
        "event_number": number,
        "previous_line": trace.code.before(number),
        "next_line": moment.next_line,
        "class_question": moment.open_question,
    }


def code_files(lesson: Lesson, knobs: Mapping[str, Any]) -> dict[str, CodeFile]:
    """Return the lesson's files with these knob values, by their names."""
    texts = {PROGRAM: lesson.program_text(knobs), **lesson.files}
    return {
        name: CodeFile(html, texts[name].splitlines(), loops(texts[name]))
        for name, html in highlighted_files(lesson, knobs).items()
    }


def shown_in_panes(inside: Sequence[Visit]) -> Sequence[Visit]:
    """Return those of `inside` that get a pane, in the same order: the caller, and those that have moved last."""
    latest = sorted(inside, key=lambda each: (each.role != "caller", -each.frame.number))[:PANES]
    return [each for each in inside if each in latest]


def pane(
    trace: Trace,
    visit: Visit,
    inside: Sequence[Visit],
    files: Mapping[str, CodeFile],
    executions: Mapping[tuple[str, int], Execution],
    number: int,
    since: int,
    now_ms: float,
) -> Pane:
    """Return the pane of a process after the event with that number, at `now_ms`."""
    return Pane(
        visit=visit,
        label=label_of(trace, visit),
        frames=tuple(frame_pane(visit, frame, files.get(frame.file), since) for frame in visit.frames),
        reason=reason(trace, visit, executions.get((visit.role, visit.pid)), number),
        beside=[(label_of(trace, each), each.frame, is_same) for each, is_same in beside(visit, inside)],
        stood_ms=max(0.0, now_ms - visit.frame.at_ms),
        is_at_gate=any(
            (each.role, each.pid) == (visit.role, visit.pid) and each.is_at_gate(number) for each in trace.processes
        ),
    )


def other_files(
    files: Mapping[str, CodeFile], stood_in: set[str], visits: Sequence[Visit]
) -> list[tuple[str, Sequence[SourceLine | Gap]]]:
    """Return the files in which no process stands, with the lines that some process has run."""
    found: list[tuple[str, Sequence[SourceLine | Gap]]] = []
    for name, file in files.items():
        if name not in stood_in:
            past = frozenset[int]().union(*(each.lines_run(name) for each in visits))
            lines = tuple(SourceLine(number, html, number in past, ()) for number, html in enumerate(file.html, 1))
            found.append((name, windowed(Listing(name, lines), ())))
    return found


def sentence(trace: Trace, frame: Frame) -> str:
    """Return what a `line` event says, as a sentence."""
    spoken = spoken_label(label_among(trace.processes, frame.lane, frame.pid))
    who = spoken[0].upper() + spoken[1:]
    if frame.line is not None:
        return f"{who} is about to run line {frame.line} of {frame.file}."
    if frame.function == MODULE:
        return f"{who} has reached the end of {frame.file}, after line {frame.ran}."
    return f"{who} has left {frame.function}() in {frame.file}, after line {frame.ran}."


def unseen_actor(
    moment: Moment,
    visits: Sequence[Visit],
    executions: Mapping[tuple[str, int], Execution],
    files: Mapping[str, CodeFile],
) -> str:
    """Return how the process that made the step is not in the lesson's files, if it has never been there; else ""."""
    if moment.line or not moment.steps:
        return ""
    step = moment.steps[-1]
    who = step.process, step.pid
    if who in {(each.role, each.pid) for each in visits}:
        return ""
    spoken, file = spoken_label(step.process_label), file_of(executions.get(who))
    is_entering = file in files and goes_on(executions[who], step.event_number)
    return f"{spoken} is about to enter {file}" if is_entering else f"{spoken} runs none of the lesson’s files"


def since_step(moment: Moment) -> int:
    """Return the number of the first event after the moment's step."""
    return moment.steps[-1].event_number + 1 if moment.steps else 1


def label_of(trace: Trace, visit: Visit) -> str:
    return label_among(trace.processes, visit.role, visit.pid)


STYLE = Style("Code walk", 3, context, has_lines=True)
