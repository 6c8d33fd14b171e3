"""The feed of one page: the fragments that the page lacks, read from the store."""

from __future__ import annotations

from tutor.runs.models import Run
from tutor.styles.moment import at_step
from tutor.styles.rendering import fragments, walk_nav

from .browser_state import BrowserState


class PageFeed:
    """The state of one page of a run, and the fragments that it lacks.

    Each fragment is complete, so the next one makes up for any that was lost.
    """

    def __init__(self, run: Run, style: str) -> None:
        self.run, self.style = run, style
        self.step: int | None = None
        """The step that the page shows; None until the browser has reported it."""
        self.follow = False
        self.progress: tuple[int, bool, int | None] | None = None
        """The `Moment.progress` that the page shows."""

    def report(self, state: BrowserState) -> None:
        """Record the state that the browser reports."""
        self.step, self.follow = state.step, state.follow
        self.progress = (state.made, state.ended, None)

    def missing_fragments(self) -> str | None:
        """Return the fragments that the page lacks, and record them as shown; None if it lacks none."""
        if self.step is None:
            return None
        self.run.refresh_from_db()
        moment = at_step(self.run, self.step, self.style)
        if self.follow and moment.made != self.step:
            moment = at_step(self.run, moment.made, self.style)
            self.step, self.progress = moment.position, moment.progress
            return fragments(moment)
        if moment.progress == self.progress:
            return None
        self.progress = moment.progress
        return walk_nav(moment)
