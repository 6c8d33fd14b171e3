"""A lesson's Python files: their lines, and the places of the knobs in the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import pairwise
from types import CodeType

from .templating import pieces

PROGRAM = "program.py"
"""The name of the program's file, in the lesson's folder and in events."""


@dataclass(frozen=True)
class SourceFile:
    """One Python file of a lesson."""

    text: str

    def line_number(self, line: int | str) -> int:
        """Return the number (from 1) of `line`, a number or a line's exact text.

        Raise ValueError if there is no such line, or if no statement begins there.
        """
        number = line if isinstance(line, int) else self.only_line(line)
        if not 1 <= number <= len(self.lines):
            raise ValueError(f"unknown line {number} (known: 1 to {len(self.lines)})")
        if number not in self.running:
            raise ValueError(f"line {number} never runs: no statement begins there")
        return number

    def only_line(self, text: str) -> int:
        found = [number for number, line in enumerate(self.lines, 1) if line.strip() == text.strip()]
        if len(found) != 1:
            nearest = "" if found else "".join(get_close_matches(text, self.lines, 1))
            hint = f' (the nearest is "{nearest}")' if nearest else ""
            raise ValueError(f'the line "{text}" occurs {len(found)} times in the file, not once{hint}')
        return found[0]

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def running(self) -> frozenset[int]:
        """The numbers of the lines at which a statement begins."""
        return frozenset(line_numbers_of(compile(self.text, PROGRAM, "exec", dont_inherit=True)))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that the file binds: assignments, imports, definitions."""
        return frozenset(bound_names(ast.parse(self.text)))


@dataclass(frozen=True)
class KnobSpan:
    """The position of a knob's value in a program's text."""

    name: str
    line: int
    """From 1."""
    column: int
    """From 0, in characters."""
    length: int
    """In characters; a value is always within one line."""


@dataclass(frozen=True)
class Program(SourceFile):
    """The program that is shown and run: a Python file with holes for its knobs."""

    holes: tuple[tuple[str, int, int], ...] = ()
    """(knob, start, end) for each knob in the text, in order; start and end are offsets in `text`."""

    def filled(self, sources: Mapping[str, str]) -> str:
        """Return the text with each knob's source (a Python literal) in its hole."""
        return "".join(text if name is None else sources[name] for name, text in self.stretches())

    def spans(self, sources: Mapping[str, str]) -> tuple[KnobSpan, ...]:
        """Return the positions of the knobs in `filled(sources)`."""
        spans: list[KnobSpan] = []
        before = ""
        for name, in_file in self.stretches():
            text = in_file if name is None else sources[name]
            if name is not None:
                spans.append(KnobSpan(name, before.count("\n") + 1, len(before) - before.rfind("\n") - 1, len(text)))
            before += text
        return tuple(spans)

    def stretches(self) -> Iterator[tuple[str | None, str]]:
        """Yield the text in order, as (None, text) and (knob, its text in the file)."""
        at = 0
        for name, start, end in self.holes:
            yield None, self.text[at:start]
            yield name, self.text[start:end]
            at = end
        yield None, self.text[at:]


def holes_of(text: str, place: str, sources: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """Return the holes of `place`, such as "pow({x}, {y})", in `text`.

    `sources` has the source of each knob's default. Raise ValueError unless the place occurs in the text exactly once.
    """
    written = "".join(sources[name] if name else literal for literal, name in pieces(place))
    if (times := text.count(written)) != 1:
        raise ValueError(f'"{written}" occurs {times} times in {PROGRAM}, not once')
    at = text.index(written)
    holes = []
    for literal, name in pieces(place):
        end = at + len(sources[name] if name else literal)
        if name:
            holes.append((name, at, end))
        at = end
    return holes


def any_overlap(holes: Sequence[tuple[str, int, int]]) -> bool:
    """Return whether two of `holes`, which are in order, overlap."""
    return any(this[2] > following[1] for this, following in pairwise(holes))


def line_numbers_of(code: CodeType) -> Iterator[int]:
    # The module's own RESUME has line 0.
    yield from (line for _, _, line in code.co_lines() if line)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from line_numbers_of(constant)


def bound_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
