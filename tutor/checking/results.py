"""The results of `lessons check` and `lessons mutate`, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.lessons.lesson import Lesson

from .case_runs import Runs
from .findings import Finding
from .mutation import Mutant


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of checking some lessons."""

    lessons: Sequence[Lesson]
    runs: Runs
    findings: Sequence[Finding]

    @property
    def passed(self) -> bool:
        return not self.findings

    @property
    def claims(self) -> int:
        """The number of checked claims."""
        return sum(len(lesson.claims) for lesson in self.lessons)

    def lines(self) -> Iterator[str]:
        yield from map(str, self.findings)
        counts = f"{len(self.lessons)} lessons, {len(self.runs)} cases, {self.claims} claims"
        yield f"{counts}, {len(self.findings)} problems."

    def to_json(self) -> dict[str, Any]:
        return {
            "lessons": len(self.lessons),
            "cases": len(self.runs),
            "claims": self.claims,
            "problems": [each.to_json() for each in self.findings],
        }


@dataclass(frozen=True, slots=True)
class MutationResult:
    """The result of mutating the claims of some lessons."""

    mutants: Sequence[Mutant]
    unfalsifiable: Sequence[str]
    """A message for each claim that holds in every run."""

    @property
    def passed(self) -> bool:
        return not self.missed

    @property
    def caught(self) -> int:
        """The number of caught mutants."""
        return sum(each.caught for each in self.mutants)

    @property
    def missed(self) -> list[str]:
        """A message for each mutant that wasn't caught and each claim that can't be false."""
        return [*(str(each) for each in self.mutants if not each.caught), *self.unfalsifiable]

    def lines(self) -> Iterator[str]:
        yield from self.missed
        yield f"{len(self.mutants)} mutants, {self.caught} caught, {len(self.missed)} missed."

    def to_json(self) -> dict[str, Any]:
        return {
            "mutants": len(self.mutants),
            "caught": self.caught,
            "missed": self.missed,
            "altered": [str(each) for each in self.mutants],
        }
