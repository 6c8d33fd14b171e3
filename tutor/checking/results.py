"""The results of `lessons check` and `lessons mutate`, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.lessons.lesson import Lesson

from .alterations import Alteration
from .case_runs import Runs
from .findings import Finding
from .mutation import Mutant


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of checking some lessons."""

    lessons: Sequence[Lesson]
    runs: Runs
    findings: Sequence[Finding]
    unseen: Sequence[str]
    """A message for each part of a lesson that no case shows."""

    @property
    def passed(self) -> bool:
        return not self.findings

    @property
    def cases(self) -> int:
        return sum(len(lesson.cases) for lesson in self.lessons)

    @property
    def claims(self) -> int:
        """The number of checked claims."""
        return sum(len(lesson.claims) for lesson in self.lessons)

    @property
    def cells(self) -> int:
        """The number of rows whose cells were counted again, times the cells of a row."""
        return 3 * sum(len(run.trace.steps) for run in self.runs.values())

    @property
    def paths(self) -> int:
        """The number of tokens whose paths were followed."""
        return sum(len(run.trace.state.tokens) for run in self.runs.values())

    @property
    def claims_by_kind(self) -> dict[str, int]:
        """Kind → number of claims, the most frequent first."""
        kinds = Counter(claim.subject.kind for lesson in self.lessons for claim in lesson.claims)
        return dict(kinds.most_common())

    def lines(self) -> Iterator[str]:
        yield from self.unseen
        yield from map(str, self.findings)
        checked = f"{self.claims} claims, {self.cells} cells, {self.paths} paths"
        made = f"{len(self.lessons)} lessons, {self.cases} cases, {len(self.runs)} runs"
        yield f"{made}, {checked}, {len(self.findings)} problems."

    def to_json(self) -> dict[str, Any]:
        return {
            "lessons": len(self.lessons),
            "cases": self.cases,
            "runs": len(self.runs),
            "claims": self.claims,
            "claims_by_kind": self.claims_by_kind,
            "cells": self.cells,
            "paths": self.paths,
            "unseen": list(self.unseen),
            "problems": [each.to_json() for each in self.findings],
        }


@dataclass(frozen=True, slots=True)
class MutationResult:
    """The result of mutating the claims of some lessons."""

    mutants: Sequence[Mutant]
    unfalsifiable: Sequence[str]
    """A message for each claim that holds in every run."""
    cells: Sequence[Alteration]
    paths: Sequence[Alteration]

    @property
    def passed(self) -> bool:
        return not self.missed

    @property
    def caught(self) -> int:
        """The number of caught mutants."""
        return caught_of(self.mutants)

    @property
    def missed(self) -> list[str]:
        """A message for each mutant that wasn't caught and each claim that can't be false."""
        altered: tuple[Mutant | Alteration, ...] = (*self.mutants, *self.cells, *self.paths)
        return [*(str(each) for each in altered if not each.caught), *self.unfalsifiable]

    def lines(self) -> Iterator[str]:
        yield from self.missed
        yield f"{len(self.mutants)} mutants of claims, {self.caught} caught."
        yield f"{len(self.cells)} altered cells, {caught_of(self.cells)} caught."
        yield f"{len(self.paths)} altered paths, {caught_of(self.paths)} caught."
        yield f"{len(self.missed)} missed."

    def to_json(self) -> dict[str, Any]:
        return {
            "mutants": len(self.mutants),
            "caught": self.caught,
            "cells": {"altered": len(self.cells), "caught": caught_of(self.cells)},
            "paths": {"altered": len(self.paths), "caught": caught_of(self.paths)},
            "missed": self.missed,
            "altered": [str(each) for each in self.mutants],
        }


def caught_of(altered: Iterable[Mutant | Alteration]) -> int:
    """Return how many of `altered` the check noticed."""
    return sum(each.caught for each in altered)
