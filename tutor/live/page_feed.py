"""The feed of one page: what it shows of its run, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.styles.moment import Moment

from .browser_state import BrowserState


@dataclass(frozen=True, slots=True)
class Lack:
    """What a page lacks. Pages that lack the same get the same text."""

    style: str
    shown: BrowserState
    """What it shows."""
    step: int
    """The step that it lacks, or that it shows with an older state of the run."""


class PageFeed:
    """The state of one page of a run.

    A text for it tells what changes in what it shows. It gets the next one after it has reported its state again: until
    then, whatever happens in the run is skipped.
    """

    def __init__(self, style: str) -> None:
        self.style = style
        self.state: BrowserState | None = None
        """What it shows; None until the browser has reported it."""
        self.is_busy = False
        """Whether it was sent a text, and hasn't reported its state since."""

    def report(self, state: BrowserState) -> None:
        """Record the state that the browser reports."""
        self.state, self.is_busy = state, False

    def is_ahead_of(self, newest: Moment) -> bool:
        """Return whether the page shows steps that `newest` doesn't have, as it was loaded later."""
        return self.state is not None and max(self.state.step, self.state.made) > newest.made

    def lack(self, newest: Moment) -> Lack | None:
        """Return what the page lacks of the newest moment of its run; None if it lacks nothing, or is busy.

        If it follows the run, it lacks the step that the moment is at.
        """
        state = self.state
        if state is None or self.is_busy:
            return None
        step = newest.position if state.follow else min(state.step, newest.made)
        if (step, *newest.progress) == (state.step, *state.progress):
            return None
        return Lack(self.style, state, step)

    def sent(self) -> None:
        """Record that the page was sent what it lacked."""
        self.is_busy = True
