"""The feed of one page: what it shows of its run, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.styles.moment import Moment

from .browser_state import BrowserState


@dataclass(frozen=True, slots=True)
class Lack:
    """What a page lacks. Pages that lack the same get the same text."""

    style: str
    step: int
    is_whole: bool
    """Whether it is all that changes from step to step; otherwise it is the navigation alone."""


class PageFeed:
    """The state of one page of a run.

    Each text for it is complete, so the next one makes up for any that was lost. It gets the next one after it has
    reported its state again: until then, whatever happens in the run is skipped.
    """

    def __init__(self, style: str) -> None:
        self.style = style
        self.state: BrowserState | None = None
        """What it shows; None until the browser has reported it."""
        self.place: int | None = None
        """The place in the run queue that it shows."""
        self.is_busy = False
        """Whether it was sent a text, and hasn't reported its state since."""

    def report(self, state: BrowserState) -> None:
        """Record the state that the browser reports."""
        self.state, self.is_busy = state, False

    def is_ahead_of(self, newest: Moment) -> bool:
        """Return whether the page shows steps that `newest` doesn't have, as it was loaded later."""
        return self.state is not None and max(self.state.step, self.state.made) > newest.made

    def lack(self, newest: Moment) -> Lack | None:
        """Return what the page lacks of the newest moment of its run; None if it lacks nothing, or is busy."""
        state = self.state
        if state is None or self.is_busy:
            return None
        if state.follow and newest.made != state.step:
            return Lack(self.style, newest.made, is_whole=True)
        if (state.made, state.ended, self.place) == newest.progress:
            return None
        # The last step shows more once the run has ended.
        ends_here = not state.ended and newest.at(state.step, self.style).is_end
        return Lack(self.style, min(state.step, newest.made), is_whole=ends_here)

    def sent(self, lack: Lack, newest: Moment) -> None:
        """Record that the page was sent what it lacked."""
        made, ended, self.place = newest.progress
        self.state = BrowserState(lack.step, self.state is not None and self.state.follow, made, ended)
        self.is_busy = True
