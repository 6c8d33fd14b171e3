"""The loops in a lesson's files, and the rounds that a call has made in them. Pure."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutor.protocol.limits import FULL_HITS
from tutor.protocol.texts import shortened
from tutor.trace.state import Frame

MOST = 8
"""The maximum rounds of a loop that are shown; the last ones."""
LABEL = 32
"""The maximum length of a round's label, in characters."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A `for` or `while` statement whose body begins on a line of its own."""

    head: range
    """The lines before its body."""
    body: range


@dataclass(frozen=True, slots=True)
class Round:
    """One execution of a loop's body."""

    number: int
    """From 1."""
    frame: Frame
    """The frame at the beginning of the body."""
    label: str
    """The variables that the head of the loop has set, with their values; empty if it has set none."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of a loop up to a moment, since a call entered it the last time."""

    loop: Loop
    shown: tuple[Round, ...]
    """The last ones."""
    count: int
    is_exact: bool
    """Whether there were no more rounds. Not every hit of a line that runs often is recorded."""
    is_over: bool
    """Whether the call has left the loop."""


@lru_cache(maxsize=256)
def loops(text: str) -> tuple[Loop, ...]:
    """Return the loops of a file, in the order of their bodies' ends; none if it isn't valid Python."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return ()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.AsyncFor | ast.While) and node.body[0].lineno > node.lineno:
            body = range(node.body[0].lineno, (node.body[-1].end_lineno or node.body[-1].lineno) + 1)
            found.append(Loop(range(node.lineno, body.start), body))
    return tuple(sorted(found, key=lambda loop: (loop.body.stop, -loop.body.start)))


def rounds_of(loop: Loop, call: Sequence[Frame], seen: Sequence[Frame]) -> Rounds | None:
    """Return the rounds of `loop`; None if it has made none.

    `call` contains the frames of one call up to a moment, and `seen` all frames of its process.
    """
    entered = next((n for n in reversed(range(len(call))) if enters(call[n], loop)), 0)
    begun = [each for each in call[entered:] if each.line in loop.body and each.ran in loop.head]
    if not begun:
        return None
    since = [each for each in seen if each.number >= call[entered].number and each.file == call[entered].file]
    at_head = [each for each in since if each.line == loop.head[0]]
    at_body = [each for each in since if each.line == begun[0].line]
    is_counted = at_body == begun
    numbers = [max(n, each.hits - begun[0].hits + 1) if is_counted else n for n, each in enumerate(begun, 1)]
    least = at_head[-1].hits - at_head[0].hits if is_head_of(at_head, loop, call) else 0
    return Rounds(
        loop,
        shown=tuple(Round(*each, label_of(each[1])) for each in zip(numbers, begun, strict=True))[-MOST:],
        count=max(numbers[-1], least),
        is_exact=at_body[-1].hits < FULL_HITS or (is_counted and call[-1] is begun[-1]),
        is_over=call[-1].line not in loop.head and call[-1].line not in loop.body,
    )


def enters(frame: Frame, loop: Loop) -> bool:
    """Return whether a call enters `loop` at `frame`, from outside."""
    return frame.line in loop.head and frame.ran not in loop.head and frame.ran not in loop.body


def is_head_of(at_head: Sequence[Frame], loop: Loop, call: Sequence[Frame]) -> bool:
    """Return whether the hits of a loop's head count its rounds: it is one line, and no other call came to it."""
    return bool(at_head) and len(loop.head) == 1 and all(each.call == call[-1].call for each in at_head)


def label_of(frame: Frame) -> str:
    """Return the variables that were set immediately before `frame`, as text."""
    set_now = (name for name in frame.locals if frame.bindings[name].number == frame.number)
    text = ", ".join(f"{name} = {frame.locals[name]}" for name in set_now)
    return shortened(text, LABEL)
