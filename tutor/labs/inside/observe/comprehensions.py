"""Comprehensions that run in the frame of the line that they stand in, as all do from Python 3.12 on.

Before, each has a frame of its own, which the tracer doesn't follow. Here the instructions of a comprehension are found
in the bytecode, so that the tracer can leave them out in all versions.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from types import CodeType

BEGIN = "LOAD_FAST_AND_CLEAR"
"""Saves what a comprehension's variable hides. Nothing else has this instruction."""
HEADS = ("FOR_ITER", "GET_ANEXT")
"""Begin each turn of a loop."""
AFTER_LOOP = ("END_FOR", "POP_TOP")
"""What follows a loop before its value is used."""
RESTORE = ("SWAP", "POP_TOP", "STORE_FAST", "STORE_FAST_STORE_FAST")
"""What follows if a comprehension raises, up to RERAISE: its variables are restored, and the exception goes on."""


@cache
def inlined(code: CodeType) -> tuple[range, ...]:
    """Return the offsets in `code` of what its comprehensions execute after the first line event of each."""
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
    """Yield the offsets of what restores variables after an exception in a comprehension."""
    for index, each in enumerate(instructions):
        if each.opname == "RERAISE":
            restore = list(takewhile(lambda before: before.opname in RESTORE, reversed(instructions[:index])))
            if restore and restore[0].opname.startswith("STORE_FAST"):
                yield range(restore[-1].offset, each.offset)
