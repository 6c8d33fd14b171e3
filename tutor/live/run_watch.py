"""The watch of a run."""

from __future__ import annotations

from collections.abc import Mapping, Set

from tutor.runs.models import Run
from tutor.styles.moment import Moment, newest_of

from .message import message
from .page_feed import Lack
from .watch import Page, Watch, watch_of


class RunWatch(Watch[Moment, Lack]):
    """Sends the pages of a run what they lack of its newest moment."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.group)
        self.run = run
        self.log_fields = {"run": run.public_id}

    def look(self) -> Moment:
        return look(self.run)

    def lack(self, page: Page, newest: Moment) -> Lack | None:
        lack: Lack | None = page.feed.lack(newest)
        return lack

    def is_behind(self, page: Page, newest: Moment) -> bool:
        return bool(page.feed.is_ahead_of(newest))

    def texts(self, newest: Moment, lacks: Set[Lack]) -> Mapping[Lack, str]:
        return rendered(newest, lacks)

    def changes_in(self, newest: Moment) -> float | None:
        return super().changes_in(newest) if newest.trace.ended is None else None


def watch_of_run(run: Run) -> RunWatch:
    """Return the watch of `run` on the running event loop."""
    return watch_of(run.group, lambda: RunWatch(run))


def look(run: Run) -> Moment:
    """Return the newest moment of `run`. If nothing is new, that is one query, unless the run waits for a lab."""
    if run.state == Run.State.WAITING:
        run.refresh_from_db()
    return newest_of(run)


def rendered(newest: Moment, lacks: Set[Lack]) -> dict[Lack, str]:
    """Return the text for each of `lacks`."""
    return {each: message(newest, each) for each in lacks}
