"""The questions of an assignment's own runs, and which of them a student is asked. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from operator import attrgetter

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.authored import CLASS_QUESTION, authored
from tutor.quizzes.generated import at_run
from tutor.quizzes.kinds.question import Question
from tutor.quizzes.practice import in_turn, on_page, rank, unlike
from tutor.runs.models import Run
from tutor.runs.references import ABORTED
from tutor.trace.model import Trace

from .documents import ADAPTERS
from .models import AssignedQuestion, Assignment

MOST_POOL = 120
"""The number of questions that an assignment keeps."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A run of the assignment's own that has ended, with what it has shown."""

    lesson: Lesson
    case: Case
    run: Run
    trace: Trace

    @property
    def is_whole(self) -> bool:
        """Whether it wasn't aborted, unless its case is about that."""
        outcome = self.trace.ended.outcome if self.trace.ended else "lost"
        return outcome not in ABORTED or outcome == self.case.outcome


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the run that shows its answer."""

    observed: Observed
    question: Question


def pool(observed: Sequence[Observed], kinds: Collection[str], seed: str) -> list[Candidate]:
    """Return the questions that runs give rise to, of some kinds, in the order of a seed, the runs in turn."""
    candidates = in_turn(in_order(each, kinds, seed) for each in observed)
    return list(islice(unlike(set(), candidates, attrgetter("question")), MOST_POOL))


def in_order(observed: Observed, kinds: Collection[str], seed: str) -> Iterator[Candidate]:
    """Yield the questions about one run, in the order of a seed."""
    found = [each for each in questions_about(observed) if each.kind in kinds and each.kind in ADAPTERS]
    for question in sorted(found, key=lambda each: rank(seed, observed.lesson.slug, observed.case.name, each.id)):
        yield Candidate(observed, on_page(question, question.id))


def questions_about(observed: Observed) -> Iterator[Question]:
    """Yield the questions that stand in the lesson, at its own run, and those that are made of the runs of the case.

    One that this run would answer otherwise than the lesson does isn't asked: nobody can know its answer.
    """
    lesson, case = observed.lesson, observed.case
    if case.name == lesson.case("").name:
        keys = {id: each.key for id, each in authored(lesson, None).items()}
        written = authored(lesson, observed.trace)
        yield from (
            each for id, each in written.items() if id != CLASS_QUESTION and each.step and each.key == keys.get(id)
        )
    yield from at_run(lesson, case, observed.trace)


def assigned(candidate: Candidate, number: int) -> Question:
    """Return a question as the one with that number."""
    return replace(candidate.question, id=str(number))


def chosen(questions: Sequence[AssignedQuestion], assignment: Assignment, key: str) -> list[AssignedQuestion]:
    """Return the questions that the student with a key is asked, in their order.

    Which ones that are doesn't change when one of them is taken out.
    """
    seed = key if assignment.variants == Assignment.Variants.EACH else assignment.seed
    by_run: dict[int | None, list[AssignedQuestion]] = {}
    for question in sorted(questions, key=lambda each: rank(seed, str(each.number))):
        by_run.setdefault(question.run_id, []).append(question)
    runs = sorted(by_run, key=lambda run: rank(seed, "run", str(run)))
    asked = list(islice(in_turn(by_run[run] for run in runs), assignment.number))
    if assignment.order == Assignment.Order.MIXED:
        return sorted(asked, key=lambda each: rank(key, "order", str(each.number)))
    return sorted(asked, key=place)


def place(question: AssignedQuestion) -> tuple[int, int]:
    """Return what the questions of a quiz in one order are sorted by: those about one run stand together."""
    return question.run_id or 0, question.number
