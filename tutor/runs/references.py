"""Reference runs: for each case of a lesson's current version, a few runs of the site's own.

They are evidence: what a page says about a case can point at such a run, and `lessons check` tests claims with them. A
reference run is replaced by another one when the lesson, or the code of labs, has changed. Only these runs are ever
deleted: nobody else has asked for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tutor.labs.host.lab_host import Lab, LabHost
from tutor.lessons.format.cases import DEFAULT, Case
from tutor.lessons.lesson import Lesson

from .code_hash import hash_of_code
from .execution import execute, interventions_of
from .models import Event, LessonVersion, ReferenceRun, Run
from .versions import version_of

FIRST = 1
"""The number of the reference run that is shown."""
ABORTED = ("stopped", "lost")
"""Outcomes of runs that aren't kept, unless their case expects them: the next run of the case may end otherwise."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reference run that isn't there."""

    lesson: Lesson
    case: Case
    number: int


def references(lesson: Lesson) -> Mapping[str, Run]:
    """Return name of a case → its first reference run, for the cases of `lesson` that have one."""
    return {each.case: each.run for each in kept([lesson]).filter(number=FIRST).select_related("run")}


def own_runs(lessons: Iterable[Lesson]) -> Mapping[str, Run]:
    """Return slug → the first reference run of the lesson's own case, for those of `lessons` that have one."""
    found = kept(lessons).filter(case=DEFAULT, number=FIRST).select_related("run")
    return {each.run.lesson: each.run for each in found}


def reference(lesson: Lesson, case: str, number: int = FIRST) -> Run | None:
    """Return the reference run with this number of the case `case`, if there is one."""
    return Run.objects.filter(reference__in=kept([lesson]).filter(case=case, number=number)).first()


def missing(lessons: Iterable[Lesson], each: int) -> Iterator[Wanted]:
    """Yield the reference runs that `lessons` lack if every case is to have `each`.

    The first ones of all cases come first, and of those the lessons' own runs, which pages show without being asked.
    Then come all others of one lesson after the other: its questions are generated once its cases have enough.
    """
    lessons = list(lessons)
    there = set(kept(lessons).values_list("version", "case", "number"))
    cases = [(lesson, case) for lesson in lessons for case in lesson.cases]
    own_first = sorted(cases, key=lambda each: each[1].name != DEFAULT)
    others = [(lesson, case, number) for number in range(FIRST + 1, FIRST + each) for lesson, case in cases]
    others.sort(key=lambda each: lessons.index(each[0]))
    for lesson, case, number in [*((lesson, case, FIRST) for lesson, case in own_first if each), *others]:
        if (lesson.version, case.name, number) not in there:
            yield Wanted(lesson, case, number)


def kept(lessons: Iterable[Lesson]) -> QuerySet[ReferenceRun]:
    """Return the reference runs of the current versions of `lessons`."""
    versions = [lesson.version for lesson in lessons]
    return ReferenceRun.objects.filter(version__in=versions, code=hash_of_code(), number__isnull=False)


def make(
    wanted: Wanted, host: LabHost, *, replace: bool = False, opened: Callable[[Lab], None] = lambda lab: None
) -> tuple[Run, bool]:
    """Run a case in a lab of `host`; return the run, and whether it is kept as the wanted reference run.

    It isn't kept if it was aborted, or if there is such a reference run by now, unless that is to be replaced. `opened`
    receives the lab. A run that isn't kept can be read until `prune` deletes it.
    """
    lesson, case = wanted.lesson, wanted.case
    version = version_of(lesson)
    with transaction.atomic():
        run = Run.objects.create(
            lesson=lesson.slug,
            version=version,
            knobs=lesson.case_knobs(case),
            interventions=interventions_of(case),
            state=Run.State.RUNNING,
            host=host.name,
        )
        ReferenceRun.objects.create(run=run, version=version, case=case.name, code=hash_of_code())
    execute(run, lesson, host, opened=opened)
    outcome = run.events.get(kind="ended").payload["outcome"]
    return run, (outcome not in ABORTED or outcome == case.outcome) and keep(run, wanted, replace=replace)


def keep(run: Run, wanted: Wanted, *, replace: bool) -> bool:
    """Keep `run` as the wanted reference run; return False if another one is."""
    same = kept([wanted.lesson]).filter(case=wanted.case.name, number=wanted.number)
    try:
        with transaction.atomic():
            if replace:
                same.update(number=None)
            return bool(ReferenceRun.objects.filter(run=run).update(number=wanted.number))
    except IntegrityError:
        return False


def prune(lessons: Iterable[Lesson]) -> None:
    """Delete the reference runs of `lessons` that aren't of their current versions, or that aren't kept."""
    lessons = list(lessons)
    of_lessons = ReferenceRun.objects.filter(version__slug__in=[lesson.slug for lesson in lessons])
    delete(of_lessons.exclude(pk__in=kept(lessons)))


def prune_except(slugs: Iterable[str]) -> None:
    """Delete the reference runs of all lessons but those in `slugs`."""
    delete(ReferenceRun.objects.exclude(version__slug__in=list(slugs)))


def delete(unwanted: QuerySet[ReferenceRun]) -> None:
    """Delete the runs in `unwanted` that have ended, and the versions of lessons that have no run any more."""
    for run in Run.objects.filter(reference__in=unwanted, state=Run.State.ENDED):
        delete_run(run)
        LessonVersion.objects.filter(pk=run.version_id, runs=None).delete()


def delete_run(run: Run) -> None:
    """Delete a run of the site's own with its events. Raises TypeError for a learner's; see `tutor.runs.library`."""
    if not ReferenceRun.objects.filter(run=run).exists():
        raise TypeError("Only reference runs can be deleted.")
    with transaction.atomic():
        Event.objects.filter(run=run).delete_with_runs()
        run.delete()
