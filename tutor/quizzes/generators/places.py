"""Where something is: the line at which the program waits."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM
from tutor.protocol.lanes import Lane
from tutor.quizzes.kinds.point import APART
from tutor.quizzes.kinds.question import Option, Question
from tutor.trace.histories import Pause, Process
from tutor.trace.model import Trace

from .fact import Fact, claim_of, id_of
from .moments import moments
from .wording import code

LONG_MS = 200.0
"""The least milliseconds of a pause of the program that is asked for."""
FEWEST_LINES, MOST_LINES = 3, 8
LONGEST = 120
"""The maximum length of a statement in an option, in characters; a longer one is cut."""
WAITING = re.compile(r"\b(result|fetch|fetch_group|result_group|count_group)\(.*wait=(-?\w+)")
FOUND = {
    "result": "it finds a result other than None",
    "fetch": "the Task row is there",
}
"""Function of django-q2 → what it waits for, for those that don't wait for a number of rows."""


def questions(lesson: Lesson, case: Case, trace: Trace) -> Iterator[Question]:
    """Ask for the one line at which the program waits for a Task row."""
    caller = next((each for each in trace.processes if each.role == Lane.CALLER), None)
    ends = next((each for each in moments(lesson, case, trace) if each.step.event == "program_ended"), None)
    if not caller or not ends:
        return
    sources = statements_in(lesson.program_text(lesson.case_knobs(case)))
    begins = {line: begin for begin, (end, _) in sources.items() for line in range(begin, end + 1)}
    frames = trace.code.by_process.get((Lane.CALLER, caller.pid), ())
    ran = sorted({begins[each.ran] for each in frames if each.file == PROGRAM and each.ran in begins})
    lines = {number: sources[number][1] for number in ran if "(" in sources[number][1]}
    waits = {begins.get(line, 0) for line in lines_of_pauses(caller, trace)}
    if is_held(caller, trace) or not FEWEST_LINES <= len(lines) <= MOST_LINES:
        return
    if len(waits) != 1 or not waits <= lines.keys():
        return
    line = waits.pop()
    waiting = WAITING.search(lines[line])
    if not waiting:
        return
    fact = Fact(
        id=id_of("place", "waits"),
        text="Which line holds the program up for longest?",
        key=text_of(line, lines[line]),
        why=why_of(waiting[1], waiting[2]),
        hint="Which call has to wait for what another process does?",
        look="Look at the program's lane in the timeline, and at its line during the pause.",
        step=ends.step.number,
        claim=claim_of(case, "step", ends.rule),
    )
    targets = [
        Option(text_of(number, text), *("",) if number == line else belief(text)) for number, text in lines.items()
    ]
    yield from fact.point(targets, "lines")


def statements_in(program: str) -> dict[int, tuple[int, str]]:
    """Return first line of a statement → its last line and its source in one line, for calls and assignments."""
    return {
        node.lineno: (
            node.end_lineno or node.lineno,
            " ".join((ast.get_source_segment(program, node) or "").split()).replace("( ", "(").replace("[ ", "["),
        )
        for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.Assign | ast.Expr)
    }


def why_of(function: str, wait: str) -> str:
    """Return what a call of django-q2 waits for."""
    found = FOUND.get(function, "as many Task rows as it wants are there")
    end = "" if wait.startswith("-") else ", or its `wait` is over"
    return f"{code(f'{function}()')} looks again and again until {found}{end}. The other lines don't wait for a task."


def belief(source: str) -> tuple[str, str]:
    """Return what there is to say to somebody who thinks that the program waits there, and the misconception."""
    if "async_" in source:
        return "It queues, and goes on at once.", "returns-the-result"
    if re.search(r"\b(result|fetch)\(", source):
        return "It looks for the row, and doesn't wait until a task is done.", ""
    return "It needs nothing of another process.", ""


def text_of(number: int, source: str) -> str:
    return f"{PROGRAM}:{number}{APART}{source if len(source) <= LONGEST else f'{source[:LONGEST].rstrip()}…'}"


def lines_of_pauses(caller: Process, trace: Trace) -> set[int]:
    """Return the lines at which the program makes a long pause."""
    frames = trace.code.by_process.get((Lane.CALLER, caller.pid), ())
    found = set()
    for pause in long_pauses(caller):
        before = [each for each in frames if each.number <= pause.begin.number and each.file == PROGRAM]
        if before and before[-1].line:
            found.add(before[-1].line)
    return found


def long_pauses(caller: Process) -> list[Pause]:
    return [each for each in caller.pauses if each.end and each.end.at_ms - each.begin.at_ms >= LONG_MS]


def is_held(caller: Process, trace: Trace) -> bool:
    """Return whether a gate holds the program up for long, at a line that doesn't say so itself."""
    held = [each.at_ms for each in trace.state.notices if each.kind == "gate" and each.process == Lane.CALLER]
    pauses = [(each.begin.at_ms, each.end.at_ms) for each in long_pauses(caller) if each.end]
    return any(begin < at <= end + 1 for begin, end in pauses for at in held)
