"""Would a check notice? Each claim is altered, one at a time, and has to fail; and each must be one that could fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tutor.lessons.claims import STATUSES, Claim, number_of
from tutor.lessons.format.cases import APART, DEFAULT
from tutor.lessons.lesson import Lesson
from tutor.trace.claim_evaluation import holds

from .case_runs import CaseRun, Runs
from .findings import runs_for

OTHER_ERRORS = ("ValueError", "TimeoutError", "KeyError")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One claim, altered."""

    lesson: str
    claim: Claim
    was: str
    caught: bool

    def __str__(self) -> str:
        at = f"{self.lesson}/{self.claim.file}:{self.claim.line}"
        return f"{at}: {self.claim.subject}: “{self.was}” → “{self.claim.value}”"


def mutants(lessons: Iterable[Lesson], runs: Runs) -> Iterator[Mutant]:
    """Every claim of `lessons`, altered in every way, and whether that is caught."""
    for lesson in lessons:
        for claim in lesson.claims:
            witnesses = list(runs_for(claim, lesson, runs))
            for altered in alterations(claim, lesson):
                caught = not all(holds(altered, run.trace) for run in witnesses)
                yield Mutant(lesson.slug, altered, claim.value, caught)


def alterations(claim: Claim, lesson: Lesson) -> Iterator[Claim]:
    """`claim` with other values, with the step of another rule for its own, and turned round."""
    for value in other_values(claim, lesson):
        yield replace(claim, value=value, says=value)
    yield replace(claim, subject=replace(claim.subject, negated=not claim.subject.negated))


def other_values(claim: Claim, lesson: Lesson) -> Iterator[str]:
    """Values that are not the claim's, of the same kind."""
    shape, value = claim.subject.shape, claim.value
    if claim.subject.negated:
        return
    if claim.source == "quiz":
        yield from (each for each in wrong_options(claim, lesson) if each != value)
    elif claim.subject.kind in ("path", "statuses", "results", "tracker"):
        yield from other_lists(value.split(APART))
    elif shape.compare == "number" or (not shape.values and number_of(value) is not None):
        number = number_of(value) or 0
        yield from (str(other) for other in (number + 1, number - 1) if other >= 0)
    elif shape.compare == "contains":
        yield f"{value}, but not this"
        yield from (other for other in OTHER_ERRORS if claim.subject.kind == "error" and other not in value)
    else:
        known = STATUSES if claim.subject.kind == "status" else shape.values
        yield from (other for other in known or (f"{value}0", "nothing") if other.casefold() != value.casefold())


def wrong_options(claim: Claim, lesson: Lesson) -> Iterator[str]:
    """What the other options of the claim's question claim."""
    for question in lesson.content.questions:
        right = question.options[question.key].claimed
        if (right, question.subject) == (claim.value, claim.subject):
            yield from (option.claimed for option in question.options if not option.right)


def other_lists(values: list[str]) -> Iterator[str]:
    """The list without its last, and with each of its values another one's."""
    yield APART.join(values[:-1])
    for index, value in enumerate(values):
        other = next((each for each in values if each != value), f"{value}0")
        yield APART.join([*values[:index], other, *values[index + 1 :]])


def unbreakable(lessons: Iterable[Lesson], runs: Runs) -> Iterator[tuple[Lesson, Claim]]:
    """The claims that no other kept run makes false, and that so say nothing."""
    for lesson in lessons:
        for claim in lesson.claims:
            own = claim.subject.case or DEFAULT
            others = (run for key, run in runs.items() if key != (lesson.slug, own) and applies(claim, run))
            if all(holds(claim, run.trace) for run in others):
                yield lesson, claim


def applies(claim: Claim, run: CaseRun) -> bool:
    """Whether `claim` can be held against a run: its lesson has the rules and variables that it names."""
    rules = {step.id for step in run.lesson.content.steps}
    variables = {each.name for each in run.lesson.content.variables}
    if claim.subject.kind in ("value", "tracker") and claim.subject.argument not in variables:
        return False
    return all(rule in rules for rule, _ in claim.subject.rules)
