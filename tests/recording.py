"""A run of the first lesson that a test records itself, observation by observation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.observations import first_lesson
from tutor.classroom import asking
from tutor.lessons import catalogue
from tutor.live.message import messages
from tutor.pages import answered_question, predict
from tutor.protocol.observation import Observation
from tutor.runs.models import Host, Run
from tutor.runs.recorder import Recorder
from tutor.runs.versions import version_of
from tutor.styles import compare, rendering, replay
from tutor.styles.export import run_html

SLUG = "task-results-and-status"


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    """Empty the caches of what is made of runs: those of two tests have the same keys, unlike those of a site."""
    replay.replays.clear()
    rendering.clear()
    run_html.files.clear()
    compare.comparisons.clear()
    messages.clear()
    predict.asked.clear()
    asking.askable.clear()
    answered_question.kept.clear()


@pytest.fixture
def run(db: None) -> Run:
    """A run of the first lesson whose lab is elsewhere."""
    lesson = catalogue.get(SLUG)
    Host.objects.create(name="elsewhere", folder="of another machine")
    return Run.objects.create(
        lesson=SLUG,
        version=version_of(lesson),
        knobs=lesson.defaults,
        state=Run.State.RUNNING,
        host="elsewhere",
    )


class Recording:
    """Records the observations of a run, as the reader of its lab does."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.recorder = Recorder(run)
        self.rest = first_lesson()
        self.recorder.ask(run.lesson, version="", program="")

    def go_on(self, until: Callable[[Observation], bool] = lambda seen: False) -> None:
        """Record up to and including the next observation for which `until` is true; without one, to the end."""
        while self.rest:
            seen = self.rest.pop(0)
            self.recorder.record([seen])
            if until(seen):
                return
        self.recorder.close()


@pytest.fixture
def recording(run: Run) -> Iterator[Recording]:
    yield Recording(run)
