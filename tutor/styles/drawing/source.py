"""The lesson's files as the page shows them: highlighted lines, the knobs marked, where each process stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Number, String

from tutor.lessons.lesson import Lesson
from tutor.lessons.program import PROGRAM, KnobSpan
from tutor.trace.model import Frame, TraceState

CLASSES = ((Comment, "c"), (Keyword.Constant, "n"), (Keyword, "k"), (String, "s"), (Number, "n"))
"""What is coloured, and the class that says so; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a character is shown."""

    css: str
    """Its class, or ""."""
    knob: str = ""
    """The knob that it belongs to, or ""."""

    def html(self, text: str) -> SafeString:
        inner = format_html('<span class="{}">{}</span>', self.css, text) if self.css else escape(text)
        return format_html('<span class="knob" data-knob="{}">{}</span>', self.knob, inner) if self.knob else inner


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file."""

    number: int
    html: SafeString
    past: bool
    """Whether it has run."""
    here: tuple[Frame, ...]
    """The processes that stand at it: about to run it, or having just left from it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One file of the lesson."""

    file: str
    lines: tuple[Line, ...]


def listing(lesson: Lesson, knobs: Mapping[str, Any], state: TraceState) -> tuple[Listing, ...]:
    """The program with these knob values and the lesson's other files, at the moment of `state`."""
    program = highlighted(lesson.program_text(knobs), lesson.program_spans(knobs))
    others = {path: highlighted(text, ()) for path, text in lesson.files.items() if text.strip()}
    return tuple(at_moment(file, lines, state) for file, lines in {PROGRAM: program, **others}.items())


def at_moment(file: str, lines: Sequence[SafeString], state: TraceState) -> Listing:
    frames = [each for each in state.frames if each.file == file]
    return Listing(
        file,
        tuple(
            Line(
                number,
                html,
                (file, number) in state.lines_run,
                tuple(frame for frame in frames if frame.current_line == number),
            )
            for number, html in enumerate(lines, 1)
        ),
    )


@lru_cache(maxsize=256)
def highlighted(text: str, spans: tuple[KnobSpan, ...]) -> tuple[SafeString, ...]:
    """`text` as HTML, line by line; classes k, s, c, n as in `CLASSES`, and `knob` with `data-knob`."""
    lines = text.splitlines(keepends=True)
    starts = (0, *accumulate(map(len, lines)))
    marks = [Mark(css_class(kind)) for _, kind, value in PythonLexer().get_tokens_unprocessed(text) for _ in value]
    for span in spans:
        first = starts[span.line - 1] + span.column
        end = first + span.length
        # One class for a value that is two tokens, as the sign and the digits of -1 are.
        marks[first:end] = [Mark(marks[end - 1].css, span.name)] * span.length
    return tuple(line_html(line.rstrip("\r\n"), marks[start:]) for line, start in zip(lines, starts, strict=False))


def line_html(line: str, marks: Sequence[Mark]) -> SafeString:
    stretches = groupby(range(len(line)), key=marks.__getitem__)
    return SafeString("".join(mark.html("".join(line[i] for i in where)) for mark, where in stretches))


def css_class(kind: Any) -> str:
    return next((css for parent, css in CLASSES if kind in parent), "")
