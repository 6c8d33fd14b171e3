"""Checking a lesson with several runs of each case: what holds sometimes is found, and how often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tutor.lessons.lesson import Lesson

from .case_runs import Runs
from .findings import Finding, findings

Key = tuple[str, int, str]


def findings_in(lesson: Lesson, repeats: Sequence[Runs]) -> Iterator[Finding]:
    """Yield the findings of all `repeats`, each once, with how often it was found unless it always was."""
    found: dict[Key, list[Finding]] = {}
    for runs in repeats:
        for key, finding in {(each.file, each.line, each.statement): each for each in findings(lesson, runs)}.items():
            found.setdefault(key, []).append(finding)
    for same in found.values():
        often = f"false in {len(same)} of {len(repeats)} runs: " if len(same) < len(repeats) else ""
        yield replace(same[0], observed=f"{often}{same[0].observed}")


def together(repeats: Sequence[Runs]) -> Runs:
    """Return all runs; the cases of those after the first have the number of the repeat."""
    return {
        (slug, f"{case}#{number}" if number > 1 else case): run
        for number, runs in enumerate(repeats, 1)
        for (slug, case), run in runs.items()
    }
