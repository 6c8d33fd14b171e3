"""Inlined comprehensions (PEP 709), which run in the frame of the surrounding code from Python 3.12 on.

In Python 3.11, each comprehension has its own frame, which the tracer doesn't follow. This module finds the
instructions of inlined comprehensions in the bytecode, so that the tracer can skip them in all versions.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from types import CodeType

BEGIN = "LOAD_FAST_AND_CLEAR"
"""Saves the variable that a comprehension's variable hides. Only comprehensions use this instruction."""
HEADS = ("FOR_ITER", "GET_ANEXT")
"""Instructions that begin an iteration of a loop."""
AFTER_LOOP = ("END_FOR", "POP_TOP")
"""Instructions between a loop and the use of its value."""
RESTORE = ("SWAP", "POP_TOP", "STORE_FAST", "STORE_FAST_STORE_FAST")
"""Instructions before RERAISE if a comprehension raises an exception. They restore the hidden variables."""


@cache
def inlined(code: CodeType) -> tuple[range, ...]:
    """Return the offsets of the instructions in `code` that its comprehensions execute after their first line event."""
    if BEGIN not in dis.opmap or dis.opmap[BEGIN] not in code.co_code[::2]:
        return ()
    instructions = list(dis.get_instructions(code))
    return (*loops(instructions), *restorations(instructions))


def loops(instructions: Sequence[dis.Instruction]) -> Iterator[range]:
    """Yield the offsets of each comprehension's loop, with the instruction after it, which uses its value."""
    for index, begin in enumerate(instructions):
        if begin.opname != BEGIN:
            continue
        rest = instructions[index:]
        head = next(each for each in rest if each.opname in HEADS)
        # It jumps back to the head, or to an EXTENDED_ARG before that.
        jumps = [n for n, each in enumerate(rest) if each.opname == "JUMP_BACKWARD"]
        end = max((n for n in jumps if begin.offset < rest[n].argval <= head.offset), default=rest.index(head))
        user = next(each for each in rest[end + 1 :] if each.opname not in AFTER_LOOP)
        yield range(begin.offset + 1, user.offset + 1)


def restorations(instructions: Sequence[dis.Instruction]) -> Iterator[range]:
    """Yield the offsets of the instructions that restore variables after an exception in a comprehension."""
    for index, each in enumerate(instructions):
        if each.opname == "RERAISE":
            restore = list(takewhile(lambda before: before.opname in RESTORE, reversed(instructions[:index])))
            if restore and restore[0].opname.startswith("STORE_FAST"):
                yield range(restore[-1].offset, each.offset)
