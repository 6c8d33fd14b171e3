"""The lesson's files line by line: highlighted, with marked knobs and the current line of each process. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
from tutor.trace.state import TraceState

WHOLE, AROUND = 16, 3
"""The most lines of a listing that has no gaps, and the lines on each side of a live line that a window has."""
CLASSES = ((Comment, "c"), (Keyword.Constant, "n"), (Keyword, "k"), (String, "s"), (Number, "n"))
"""(type of token, its CSS class); the first match counts."""


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """The look of one character."""

    css: str
    """Its CSS class; empty for plain text."""
    knob: str = ""
    """The name of the knob that it belongs to; empty if it belongs to none."""

    def html(self, text: str) -> SafeString:
        """Return `text` as HTML in this style."""
        inner = format_html('<span class="{}">{}</span>', self.css, text) if self.css else escape(text)
        return format_html('<span class="knob" data-knob="{}">{}</span>', self.knob, inner) if self.knob else inner


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a file."""

    number: int
    html: SafeString
    past: bool
    """Whether it has run."""
    here: tuple[str, ...]
    """The labels of the processes that have it as their current line, such as "worker A"."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One file of the lesson."""

    file: str
    lines: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Consecutive lines of a listing that are left out."""

    first: int
    last: int
    ran: int
    """How many of them have run."""

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def listings(lesson: Lesson, knobs: Mapping[str, Any], state: TraceState) -> tuple[Listing, ...]:
    """Return the program with these knob values and the lesson's other files, at `state`."""
    return tuple(listing(file, lines, state) for file, lines in highlighted_files(lesson, knobs).items())


def highlighted_files(lesson: Lesson, knobs: Mapping[str, Any]) -> dict[str, tuple[SafeString, ...]]:
    """Return file → its lines as HTML: the program with these knob values, and the lesson's other files."""
    program = highlighted(lesson.program_text(knobs), lesson.program_spans(knobs))
    return {PROGRAM: program, **{path: highlighted(text, ()) for path, text in lesson.files.items() if text.strip()}}


def windowed(listing: Listing, live_lines: Collection[int]) -> tuple[SourceLine | Gap, ...]:
    """Return the lines of `listing` near `live_lines`, which are numbers of lines, with gaps in place of the others.

    A short listing is whole. Without live lines, it is the beginning of the listing.
    """
    if len(listing.lines) <= WHOLE:
        return listing.lines
    near = {each for line in live_lines for each in range(line - AROUND, line + AROUND + 1)} or set(range(1, WHOLE))
    shown: list[SourceLine | Gap] = []
    for is_near, group in groupby(listing.lines, key=lambda line: line.number in near):
        lines = tuple(group)
        if is_near or len(lines) == 1:  # A gap of one line would be no shorter than the line.
            shown.extend(lines)
        else:
            shown.append(Gap(lines[0].number, lines[-1].number, sum(line.past for line in lines)))
    return tuple(shown)


def listing(file: str, lines: Sequence[SafeString], state: TraceState) -> Listing:
    labels = {(each.role, each.pid): each.label for each in state.processes}
    frames = [(each.current_line, labels[each.lane, each.pid]) for each in state.frames if each.file == file]
    return Listing(
        file,
        tuple(
            SourceLine(
                number=number,
                html=html,
                past=(file, number) in state.lines_run,
                here=tuple(label for line, label in frames if line == number),
            )
            for number, html in enumerate(lines, 1)
        ),
    )


@lru_cache(maxsize=256)
def highlighted(text: str, spans: tuple[KnobSpan, ...]) -> tuple[SafeString, ...]:
    """Return the lines of `text` as HTML with the classes of `CLASSES`, and knobs with `data-knob`."""
    lines = text.splitlines(keepends=True)
    starts = (0, *accumulate(map(len, lines)))
    tokens = PythonLexer().get_tokens_unprocessed(text)
    styles = [CharacterStyle(css_class(kind)) for _, kind, value in tokens for _ in value]
    for span in spans:
        first = starts[span.line - 1] + span.column
        end = first + span.length
        # One class for the whole value, as -1 is two tokens: a sign and a digit.
        styles[first:end] = [CharacterStyle(styles[end - 1].css, span.name)] * span.length
    return tuple(line_html(line.rstrip("\r\n"), styles[start:]) for line, start in zip(lines, starts, strict=False))


def line_html(line: str, styles: Sequence[CharacterStyle]) -> SafeString:
    stretches = groupby(range(len(line)), key=styles.__getitem__)
    return SafeString("".join(style.html("".join(line[i] for i in where)) for style, where in stretches))


def css_class(kind: Any) -> str:
    return next((css for parent, css in CLASSES if kind in parent), "")
