"""The maker of questions: a thread of the site that generates those of every lesson before a page asks for them.

That takes a second or so for a lesson, after the start of the site and when its reference runs have changed.
"""

from __future__ import annotations

import atexit
from collections import defaultdict
from collections.abc import Mapping

from django.conf import settings

from tutor.lessons import catalogue
from tutor.runs.maker import Maker
from tutor.runs.reference_maker import learners_have_runs
from tutor.runs.references import kept

from .generated import of_lesson


class QuestionMaker(Maker):
    """Generates questions, lesson by lesson, while no learner has a run."""

    failure = "Could not generate questions"
    look_every_s = 5.0

    def __init__(self) -> None:
        super().__init__("question-maker")
        self.made_of: dict[str, frozenset[int]] = {}
        """Version of a lesson → the reference runs that its questions were made of."""

    def make_one(self) -> bool:
        """Generate the questions of a lesson. Return False if none has changed runs, or learners have runs."""
        runs = runs_by_version()
        lessons = catalogue.lessons().values()
        changed = (each for each in lessons if self.made_of.get(each.version, frozenset()) != runs.get(each.version))
        lesson = next((each for each in changed if each.version in runs), None)
        if lesson is None or learners_have_runs():
            return False
        self.made_of[lesson.version] = runs[lesson.version]
        of_lesson(lesson)
        return True


def runs_by_version() -> Mapping[str, frozenset[int]]:
    """Return version → its reference runs, for the lessons of the catalogue that have some."""
    found: dict[str, set[int]] = defaultdict(set)
    for version, run in kept(catalogue.lessons().values()).values_list("version", "run"):
        found[version].add(run)
    return {version: frozenset(runs) for version, runs in found.items()}


def start() -> None:
    """Generate questions in the background of the site, if it makes reference runs."""
    if settings.TUTOR_REFERENCE_RUNS:
        maker = QuestionMaker()
        atexit.register(maker.stop)
        maker.start()
