"""Windows: what the parts show around a position of a run that is too long to show all of it. Pure.

The length of a part is bounded, so that a step doesn't grow with its run. Each part says what it leaves out, and links
to a step that shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.trace.model import Step

PAGE = 40
"""The steps on a page of the scrubber."""
WHOLE, ROWS = 24, 12
"""The most steps that the other parts show as a whole, and the steps that they show of more."""
COLUMNS, SEARCHED = 12, 200
"""The maximum columns of the tracker, and the steps among which it looks for changes."""


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


def up_to(position: int) -> Window:
    """Return the steps that the table and the transcript show at step `position`."""
    return Window(1 if position <= WHOLE else position - ROWS + 1, position)


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


def changed_up_to(steps: Sequence[Step]) -> tuple[Sequence[Step], int]:
    """Return the columns of the tracker at the last of `steps`, and the last step that shows earlier ones, or 0.

    They are that step and the last ones before it that changed a variable.
    """
    changed = [step for step in steps[-SEARCHED:-1] if step.state.changed]
    columns = [*changed[1 - COLUMNS :], *steps[-1:]]
    if len(changed) >= COLUMNS:
        return columns, columns[0].number - 1
    return columns, max(0, len(steps) - SEARCHED)
