"""The lesson's files as the page shows them: highlighted lines, the knobs marked, where each process stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Number, String, _TokenType

from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM, KnobSpan

from .trace import Position, State

CLASSES = ((Comment, "c"), (Keyword.Constant, "n"), (Keyword, "k"), (String, "s"), (Number, "n"))
"""What is coloured, and the class that says so; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file."""

    number: int
    html: SafeString
    past: bool
    """Whether it has run."""
    here: tuple[Position, ...]
    """The processes that are about to run it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One file of the lesson."""

    file: str
    lines: tuple[Line, ...]


def listing(lesson: Lesson, knobs: Mapping[str, Any], state: State) -> tuple[Listing, ...]:
    """The program with these knob values and the lesson's other files, at the moment of `state`."""
    program = highlighted(lesson.program_text(knobs), lesson.program_spans(knobs))
    others = {path: highlighted(text, ()) for path, text in lesson.files.items() if text.strip()}
    return tuple(at_moment(file, lines, state) for file, lines in {PROGRAM: program, **others}.items())


def at_moment(file: str, lines: Sequence[SafeString], state: State) -> Listing:
    positions = [each for each in state.positions if each.file == file]
    return Listing(
        file,
        tuple(
            Line(number, html, (file, number) in state.lines_run, tuple(p for p in positions if p.line == number))
            for number, html in enumerate(lines, 1)
        ),
    )


@lru_cache(maxsize=256)
def highlighted(text: str, spans: tuple[KnobSpan, ...]) -> tuple[SafeString, ...]:
    """`text` as HTML, line by line; classes k, s, c, n as in `CLASSES`, and `knob` with `data-knob`."""
    lines: list[list[SafeString]] = [[] for _ in text.splitlines()]
    marked = {(span.line, span.column): span for span in spans}
    for line, column, piece, css in pieces(text, spans):
        span = marked.get((line, column))
        lines[line - 1].append(span_html(span, css, piece))
    return tuple(SafeString("".join(each)) for each in lines)


def span_html(span: KnobSpan | None, css: str, piece: str) -> SafeString:
    inner = format_html('<span class="{}">{}</span>', css, piece) if css else mark_safe(escape(piece))  # noqa: S308
    return inner if span is None else format_html('<span class="knob" data-knob="{}">{}</span>', span.name, inner)


def pieces(text: str, spans: Sequence[KnobSpan]) -> Iterator[tuple[int, int, str, str]]:
    """(line from 1, column from 0, text, class or "") for each stretch of one class that no knob's edge cuts."""
    cuts = {(span.line, edge) for span in spans for edge in (span.column, span.column + span.length)}
    # A knob's value is one piece, also where it is two tokens, such as the sign and the digits of -1.
    inside = {(s.line, column): s for s in spans for column in range(s.column, s.column + s.length)}
    line, column, piece, css, began = 1, 0, "", "", 0
    for kind, character in characters(text):
        new = inside_class(inside.get((line, column)), text, kind)
        if piece and (character == "\n" or new != css or (line, column) in cuts):
            yield line, began, piece, css
            piece = ""
        if character == "\n":
            line, column = line + 1, 0
            continue
        if not piece:
            css, began = new, column
        piece += character
        column += 1
    if piece:
        yield line, began, piece, css


def inside_class(span: KnobSpan | None, text: str, kind: _TokenType) -> str:
    if span is None:
        return css_class(kind)
    first = text.splitlines()[span.line - 1][span.column]
    return "s" if first in "'\"" else "n"


def characters(text: str) -> Iterator[tuple[_TokenType, str]]:
    for _, kind, value in PythonLexer().get_tokens_unprocessed(text):
        yield from ((kind, character) for character in value)


def css_class(kind: _TokenType) -> str:
    return next((css for parent, css in CLASSES if kind in parent), "")
