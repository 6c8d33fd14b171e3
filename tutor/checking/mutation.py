"""Mutation: whether the check would notice a wrong claim.

Each claim is replaced by mutants, one at a time, and the runs must refute each of them. A claim that no run refutes
says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tutor.lessons.claim_values import number_of
from tutor.lessons.claims import STATUSES, Claim
from tutor.lessons.format.cases import APART, DEFAULT
from tutor.lessons.lesson import Lesson
from tutor.trace.claim_evaluation import holds

from .case_runs import CaseRun, Runs
from .findings import runs_for

OTHER_ERRORS = ("ValueError", "TimeoutError", "KeyError")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A claim with one thing changed."""

    slug: str
    claim: Claim
    """The changed claim."""
    original: str
    """The value before the change."""
    caught: bool
    """Whether a run refutes it."""

    def __str__(self) -> str:
        place = f"{self.slug}/{self.claim.file}:{self.claim.line}"
        return f"{place}: {self.claim.subject}: “{self.original}” → “{self.claim.value}”"


def mutants(lessons: Iterable[Lesson], runs: Runs) -> Iterator[Mutant]:
    """Yield all mutants of all claims of `lessons`."""
    for lesson in lessons:
        for claim in lesson.claims:
            witnesses = list(runs_for(claim, lesson, runs))
            if claim.origin == "row" and not witnesses:
                continue  # No case makes the step, and so nothing can refute what it says of itself.
            for mutated in mutations(claim, lesson):
                caught = not all(holds(mutated, run.trace) for run in witnesses)
                yield Mutant(lesson.slug, mutated, claim.value, caught)


def mutations(claim: Claim, lesson: Lesson) -> Iterator[Claim]:
    """Yield `claim` with each of the other values, and negated."""
    for value in other_values(claim, lesson):
        yield replace(claim, value=value, text=value)
    yield replace(claim, subject=replace(claim.subject, negated=not claim.subject.negated))


def other_values(claim: Claim, lesson: Lesson) -> Iterator[str]:
    """Yield values of the same kind as the claim's; none for a negated claim, which allows most of them."""
    kind, value = claim.subject.definition, claim.value
    if claim.subject.negated:
        return
    if claim.origin == "quiz":
        yield from (option for option in wrong_options(claim, lesson) if option != value)
    elif claim.subject.kind in ("path", "statuses", "results", "token", "tracker"):
        yield from other_lists(value.split(APART))
    elif kind.comparison == "number" or (not kind.values and number_of(value) is not None):
        number = number_of(value) or 0
        yield from (str(other) for other in (number + 1, number - 1) if other >= 0)
    elif kind.comparison == "contains":
        yield f"{value}, but not this"
        yield from (other for other in OTHER_ERRORS if claim.subject.kind == "error" and other not in value)
    else:
        known = STATUSES if claim.subject.kind == "status" else kind.values
        yield from (other for other in known or (f"{value}0", "nothing") if other.casefold() != value.casefold())


def wrong_options(claim: Claim, lesson: Lesson) -> Iterator[str]:
    """Yield the values of the wrong options of the question that `claim` answers."""
    for question in lesson.content.questions:
        right = question.options[question.key].claimed
        if (right, question.subject) == (claim.value, claim.subject):
            yield from (option.claimed for option in question.options if not option.right)


def other_lists(values: list[str]) -> Iterator[str]:
    """Yield the list without its last value, and with each value replaced by another one of the list."""
    yield APART.join(values[:-1])
    for index, value in enumerate(values):
        other = next((each for each in values if each != value), f"{value}0")
        yield APART.join([*values[:index], other, *values[index + 1 :]])


def unfalsifiable(lessons: Iterable[Lesson], runs: Runs) -> Iterator[str]:
    """Yield a message for each claim that holds in the runs of all other cases too, and so says nothing."""
    for lesson in lessons:
        for claim in lesson.claims:
            if claim.origin == "row":
                continue  # Where every run of the rule has one status, so have the others.
            own = claim.subject.case or DEFAULT
            others = (run for key, run in runs.items() if key != (lesson.slug, own) and applies(claim, run))
            if all(holds(claim, run.trace) for run in others):
                place = f"{lesson.slug}/{claim.file}:{claim.line}: {claim.subject}"
                yield f"{place}: no run makes “{claim.text}” false; {advice(claim, lesson)}"


def advice(claim: Claim, lesson: Lesson) -> str:
    """Return what makes a claim say something."""
    leave_out = ", or leave it out" if claim.origin == "case" else ""
    return f"add a case in which it is{helpful(lesson)}{leave_out}"


def helpful(lesson: Lesson) -> str:
    """Return which knobs a further case could change: those that no case does; "" if there are none."""
    changed = {name for case in lesson.cases for name in case.knobs}
    knobs = [knob.name for knob in lesson.content.knobs if knob.name not in changed]
    return f", perhaps with another value of {' or '.join(knobs)}" if knobs else ""


def applies(claim: Claim, run: CaseRun) -> bool:
    """Return whether the lesson of `run` has the rules and variables that `claim` names."""
    rules = {step.id for step in run.lesson.content.steps}
    variables = {each.name for each in run.lesson.content.variables}
    if claim.subject.kind in ("value", "tracker") and claim.subject.argument not in variables:
        return False
    return all(rule in rules for rule, _ in claim.subject.rules)
