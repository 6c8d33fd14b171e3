"""The processes that have no pane in the code walk: where they are, or how they have left. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tutor.protocol.limits import FULL_HITS
from tutor.trace.code_history import Visit
from tutor.trace.histories import Execution
from tutor.trace.model import Trace
from tutor.trace.processes import label_among

from .reasons import goes_on

ELSEWHERE = 12
"""The maximum processes that are named without a pane."""
HOW_LEFT = {
    "finished": "the function has ended",
    "program_ended": "the program has ended",
    "died": "the process has died",
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A process that is not, or not any more, in the lesson's files; or one that has no pane."""

    label: str
    role: str
    pid: int
    text: str
    number: int
    """The number of the event that shows it."""


def elsewhere(
    trace: Trace,
    visits: Sequence[Visit],
    paned: Sequence[Visit],
    executions: Mapping[tuple[str, int], Execution],
    files: Collection[str],
    number: int,
) -> list[Elsewhere]:
    """Return the processes without a pane, those that were seen last at the end; `files` are the lesson's."""
    known = {(each.role, each.pid): each for each in visits}
    found = {
        who: Elsewhere(label_among(trace.processes, *who), *who, *left_text(visit))
        for who, visit in known.items()
        if visit not in paned
    }
    for who, execution in executions.items():
        visit = known.get(who)
        if goes_on(execution, number) and (visit is None or visit.left):
            text = unseen_text(trace, execution, files, visit)
            found[who] = Elsewhere(label_among(trace.processes, *who), *who, text, execution.started.number)
    return sorted(found.values(), key=lambda each: each.number)[-ELSEWHERE:]


def left_text(visit: Visit) -> tuple[str, int]:
    """Return where a process without a pane stands, or how it left, and the number of the event that shows it."""
    frame = visit.frame
    if visit.left is None:
        return f"is at line {frame.current_line} of {frame.file}", frame.number
    return f"left {frame.file} after line {frame.current_line}: {HOW_LEFT[visit.left.kind]}", visit.left.number


def unseen_text(trace: Trace, execution: Execution, files: Collection[str], visit: Visit | None) -> str:
    """Return why an execution that goes on shows no line; `visit` is of its process, if it has been in the files."""
    label, func = trace.histories.tasks[execution.task].label, execution.func
    if (file := file_of(execution)) not in files:
        return f"executes {label}: {func} isn't in the lesson's files"
    if visit and any(each.hits >= FULL_HITS for each in visit.seen if each.file == file):
        return f"executes {label}; a line that a process runs more than {FULL_HITS} times isn't recorded each time"
    return f"executes {label}, and is about to enter {file}"


def file_of(execution: Execution | None) -> str:
    """Return the file of an execution's function, as the lesson would call it; empty without an execution."""
    return f"{execution.func.rpartition('.')[0].replace('.', '/')}.py" if execution else ""
