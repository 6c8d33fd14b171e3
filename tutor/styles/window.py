"""Windows: what the parts show around a position of a run that is too long to show all of it. Pure.

The length of a part is bounded, so that a step doesn't grow with its run. Each part says what it leaves out, and links
to a step that shows it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Generic, TypeVar

from tutor.trace.model import Step
from tutor.trace.state import Notice

PAGE = 40
"""The steps on a page of the scrubber. Runs with no more steps are shown as a whole."""
ROWS = 30
"""The steps that the other parts show at a step after the first page."""
COLUMNS, SEARCHED = 12, 200
"""The maximum columns of the tracker after the first page, and the steps among which it looks for changes."""
NOTICES = 12
"""The maximum notices."""
PRINTED_LINES, PRINTED_LENGTH = 60, 6000
"""The maximum lines and characters of the output."""
LANES = 240
"""The places of the marks on the lanes follow from the steps since the last multiple of this before the window."""

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive steps of a run, by their numbers."""

    first: int
    last: int
    """`first` - 1 if there are none."""

    @property
    def before(self) -> int:
        """The number of steps before the window."""
        return self.first - 1

    @property
    def earlier(self) -> Window:
        """The window at the step before this one."""
        return up_to(self.before)

    def of(self, steps: Sequence[Step]) -> Sequence[Step]:
        """Return the steps of the window; `steps` are all steps of the run."""
        return steps[self.before : self.last]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the scrubber."""

    window: Window
    previous: Window | None
    """The page before; None if this is the first."""
    next: Window | None
    """The page after; None if this is the last."""

    @property
    def is_only(self) -> bool:
        """Whether the run has no other page."""
        return self.previous is None and self.next is None


@dataclass(frozen=True, slots=True)
class Tail(Generic[Shown]):
    """The end of something that only becomes longer as a run goes on."""

    shown: Shown
    left_out: int
    """The length of the rest, which comes before it."""
    step: int
    """The last step that shows the end of the rest; 0 if no step does."""


def up_to(position: int) -> Window:
    """Return the steps that the table, the transcript and the lanes show at step `position`."""
    return Window(1 if position <= PAGE else position - ROWS + 1, position)


def page_at(position: int, made: int) -> Page:
    """Return the page of step `position` in a run that has made `made` steps so far; the first page for step 0."""
    first = max(0, position - 1) // PAGE * PAGE + 1
    return Page(
        page_from(first, made),
        page_from(first - PAGE, made) if first > 1 else None,
        page_from(first + PAGE, made) if first + PAGE <= made else None,
    )


def page_from(first: int, made: int) -> Window:
    return Window(first, min(first + PAGE - 1, made))


def steps_before(window: Window, steps: Sequence[Step]) -> Sequence[Step]:
    """Return the steps before `window` that decide the places on the lanes; `steps` are all steps of the run."""
    return steps[window.before // LANES * LANES : window.before]


def changed_up_to(steps: Sequence[Step]) -> tuple[Sequence[Step], int]:
    """Return the columns of the tracker at the last of `steps`, and the last step that shows earlier ones, or 0.

    After the first page, they are that step and the last ones before it that changed a variable.
    """
    if len(steps) <= PAGE:
        return steps, 0
    changed = (step for step in reversed(steps[-SEARCHED:-1]) if step.state.changed)
    columns = [steps[-1], *islice(changed, COLUMNS - 1)][::-1]
    return columns, (columns[0].number - 1 if len(columns) == COLUMNS else max(0, len(steps) - SEARCHED))


def last_notices(steps: Sequence[Step]) -> Tail[tuple[Notice, ...]]:
    """Return the last notices at the last of `steps`."""
    notices = steps[-1].state.notices if steps else ()
    left_out = max(0, len(notices) - NOTICES)
    return Tail(notices[left_out:], left_out, last_step(steps, left_out, lambda step: len(step.state.notices)))


def last_printed(steps: Sequence[Step]) -> Tail[str]:
    """Return the end of the output at the last of `steps`. It begins with a whole line unless that is too long."""
    printed = steps[-1].state.printed if steps else ""
    end = printed[-PRINTED_LENGTH:]
    lines = end.splitlines(keepends=True)
    if len(end) < len(printed) and len(lines) > 1:
        del lines[0]
    shown = "".join(lines[-PRINTED_LINES:])
    left_out = len(printed) - len(shown)
    return Tail(shown, left_out, last_step(steps, left_out, lambda step: len(step.state.printed)))


def lines_of(printed: Tail[str]) -> list[tuple[int, str]]:
    """Return the lines that are shown of the output, each with its place in the whole output."""
    lines = printed.shown.splitlines(keepends=True)
    return list(zip(accumulate(map(len, lines), initial=printed.left_out), lines, strict=False))


def last_step(steps: Sequence[Step], length: int, length_at: Callable[[Step], int]) -> int:
    """Return the number of the last step at which something was at most `length` long; 0 if there is none."""
    return bisect_right(steps, length, key=length_at) if length else 0
