"""The maker of reference runs: a thread of the site that makes those that are missing while no learner needs a lab."""

from __future__ import annotations

import atexit
from collections import Counter

from django.conf import settings
from django.db.models import Q

from tutor.labs.host.lab_host import Lab, LabHost
from tutor.lessons import catalogue

from .maker import Maker
from .models import Host, ReferenceRun, Run
from .references import Wanted, delete, make, missing, prune, prune_except
from .service import TooManyRuns, check_room

ATTEMPTS = 3
"""How often a reference run is tried that is aborted every time."""
STOPPED = "The site was stopped."


class ReferenceMaker(Maker):
    """Makes reference runs in labs of `host`, one after the other, `each` for every case."""

    failure = "Could not make a reference run"
    look_every_s = 2.0

    def __init__(self, host: LabHost, each: int) -> None:
        self.host, self.each = host, each
        super().__init__("reference-maker")
        self.lab: Lab | None = None
        self.pruned: tuple[object, ...] | None = None
        """The versions of lessons, and the lessons with mistakes, at the last `prune`."""
        self.attempts: Counter[tuple[str, str]] = Counter()
        """(version, case) → how many runs were made that could not be kept."""

    def stop(self) -> None:
        """End the lab, if there is one, and wait until the thread has ended."""
        self.stopped.set()
        if self.lab:
            self.lab.stop(STOPPED)
        super().stop()

    def make_one(self) -> bool:
        """Make one missing reference run. Return False if none is missing, learners have runs, or there is no room."""
        self.prune()
        made = being_made()
        lacking = missing(catalogue.lessons().values(), self.each)
        wanted = next((each for each in lacking if self.is_worth_it(each) and key(each) not in made), None)
        if wanted is None or learners_have_runs():
            return False
        try:
            check_room()
        except TooManyRuns:
            return False
        run, is_kept = make(wanted, self.host, opened=self.opened)
        self.lab = None
        if not is_kept:
            self.attempts[key(wanted)] += 1
            delete(ReferenceRun.objects.filter(run=run))
        return True

    def is_worth_it(self, wanted: Wanted) -> bool:
        return self.attempts[key(wanted)] < ATTEMPTS

    def opened(self, lab: Lab) -> None:
        self.lab = lab
        if self.stopped.is_set():
            lab.stop(STOPPED)

    def prune(self) -> None:
        """Delete the runs of earlier versions, if a lesson has changed. Those of a lesson with mistakes stay."""
        lessons, problems = catalogue.lessons(), catalogue.problems()
        now = (*(lesson.version for lesson in lessons.values()), *problems)
        if now != self.pruned:
            prune(lessons.values())
            prune_except([*lessons, *problems])
            self.pruned = now


def key(wanted: Wanted) -> tuple[str, str]:
    return wanted.lesson.version, wanted.case.name


def being_made() -> set[tuple[str, str]]:
    """Return (version, case) of the reference runs that go on, here or on another host."""
    going_on = ReferenceRun.objects.filter(number=None, run__state=Run.State.RUNNING)
    return set(going_on.values_list("version", "case"))


def learners_have_runs() -> bool:
    """Return whether a run that isn't a reference run waits or has a lab."""
    living = Q(host="") | Q(host__in=Host.objects.values("name"))
    return Run.objects.exclude(state=Run.State.ENDED).filter(living, reference=None).exists()


def start(host: LabHost) -> None:
    """Make reference runs in labs of `host`, in the background, if the settings ask for them."""
    if settings.TUTOR_REFERENCE_RUNS:
        maker = ReferenceMaker(host, settings.TUTOR_REFERENCE_RUNS)
        atexit.register(maker.stop)
        maker.start()
