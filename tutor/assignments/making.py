"""Making an assignment: its own runs, and the questions that come of them."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.practice import rank
from tutor.runs.execution import interventions_of
from tutor.runs.maker import Maker
from tutor.runs.models import Run
from tutor.runs.service import TooManyRuns, enqueue, store_for_class, valid_address
from tutor.runs.versions import stored_lesson
from tutor.runs.writing import writing
from tutor.styles.replay import trace_of

from .documents import document_of
from .models import AssignedQuestion, AssignedRun, Assignment
from .pool import Observed, assigned, pool
from .signals import assignment_changed

HOUR = timedelta(hours=1)
MOST_MADE = 30
"""The number of assignments that are made from one address in an hour."""
MOST_LESSONS = 8
MOST_RUNS = 12
"""The number of runs of an assignment's own."""
CASES = 3
"""The most cases of a lesson that are asked about."""


class TooMany(Exception):
    """A limit on assignments is reached. The message tells the teacher what to do."""


def make(assignment: Assignment, lessons: Sequence[Lesson], address: str | None) -> Assignment:
    """Store an assignment about some lessons, and start its own runs. Raises TooMany."""
    assignment.address = valid_address(address)
    recent = Assignment.objects.filter(address=assignment.address, made_at__gt=timezone.now() - HOUR)
    if recent.count() >= MOST_MADE:
        raise TooMany("Too many quizzes were made from your network. Try again in an hour.")
    try:
        with writing, transaction.atomic():
            assignment.save()
            for lesson, case in cases_of(lessons, assignment.seed):
                add_run(assignment, lesson, case, address)
    except TooManyRuns as error:
        raise TooMany(str(error)) from error
    return assignment


def cases_of(lessons: Sequence[Lesson], seed: str) -> list[tuple[Lesson, Case]]:
    """Return the cases that are asked about: each lesson's own, then others that the seed chooses. Pure."""
    found: list[tuple[Lesson, Case]] = []
    for number in range(CASES):
        for lesson in lessons:
            own = lesson.case("")
            others = sorted(lesson.cases, key=lambda each: rank(seed, lesson.slug, each.name))
            cases = [own, *(each for each in others if each.name != own.name)]
            found += [(lesson, each) for each in cases[number : number + 1]]
    return found[: max(MOST_RUNS, len(lessons))]


def add_run(assignment: Assignment, lesson: Lesson, case: Case, address: str | None) -> None:
    """Start a run of a case that nobody can open until the quiz closes."""
    run = store_for_class(
        lesson,
        lesson.case_knobs(case),
        owner=f"given/{assignment.code}/{assignment.runs.count()}",  # Each is the only live run of its owner.
        address=address,
        closed_until=assignment.closes_at,
        interventions=interventions_of(case),
    )
    AssignedRun.objects.create(assignment=assignment, run=run, case=case.name)
    transaction.on_commit(partial(enqueue, run))


def make_questions(assignment: Assignment) -> None:
    """Make the questions of an assignment whose runs have all ended, unless another process has made them."""
    observed = [observed_in(each) for each in assignment.runs.select_related("run").order_by("pk")]
    candidates = pool([each for each in observed if each.is_whole], assignment.kinds, assignment.seed)
    made = [
        AssignedQuestion(
            assignment=assignment,
            number=number,
            version_id=each.observed.lesson.version,
            case=each.observed.case.name,
            run=each.observed.run,
            document=document_of(assigned(each, number)),
        )
        for number, each in enumerate(candidates, 1)
    ]
    with writing, transaction.atomic():
        if Assignment.objects.filter(pk=assignment.pk, ready_at=None).update(ready_at=timezone.now()):
            AssignedQuestion.objects.bulk_create(made)
    assignment_changed.send(sender=Assignment, group=assignment.group)


def observed_in(assigned_run: AssignedRun) -> Observed:
    """Return an ended run with its trace."""
    run = assigned_run.run
    lesson = stored_lesson(str(run.version_id))
    return Observed(lesson, lesson.case(assigned_run.case), run, trace_of(lesson, run))


def next_to_make() -> Assignment | None:
    """Return an assignment whose runs have ended and whose questions aren't made; None if there is none."""
    unready = Assignment.objects.filter(ready_at=None)
    return unready.exclude(runs__run__state__in=[Run.State.WAITING, Run.State.RUNNING]).order_by("pk").first()


class AssignmentMaker(Maker):
    """Makes the questions of assignments."""

    failure = "Could not make the questions of a quiz"
    look_every_s = 0.5

    def __init__(self) -> None:
        super().__init__("assignment-maker")

    def make_one(self) -> bool:
        assignment = next_to_make()
        if assignment:
            make_questions(assignment)
        return assignment is not None


def start() -> None:
    """Make the questions of assignments in the background of the site."""
    maker = AssignmentMaker()
    atexit.register(maker.stop)
    maker.start()
