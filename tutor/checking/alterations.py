"""Alterations: whether the check would notice a wrong cell of a row, or a wrong path of a token.

Each cell of each run, and each token's path, is altered, one at a time, and the check must object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tutor.lessons.claims import STATUSES
from tutor.trace.model import Step
from tutor.trace.tokens import Token, Visit

from .case_runs import CaseRun
from .trace_checks import wrong_cells, wrong_paths


@dataclass(frozen=True, slots=True)
class Alteration:
    """Something of a trace with one thing changed."""

    place: str
    change: str
    caught: bool
    """Whether the check objects."""

    def __str__(self) -> str:
        return f"{self.place}: {self.change}"


def altered_cells(runs: Iterable[CaseRun]) -> Iterator[Alteration]:
    """Yield each row of `runs` with its task, each wrong status, and another result."""
    for run in runs:
        for step in run.trace.steps:
            for name, value in other_cells(run, step):
                other = replace(step, **{name: value})  # type: ignore[arg-type]
                caught = any(True for _ in wrong_cells(run, other))
                yield Alteration(f"{run.title}, step {step.number}", f"{name} “{value}”", caught)


def other_cells(run: CaseRun, step: Step) -> Iterator[tuple[str, str]]:
    """Yield (cell, another value) for each cell of a row whose task its rule leaves to the event."""
    rule = next(each for each in run.lesson.content.steps if each.id == step.id)
    if rule.about is None:
        others = [task.id for task in run.trace.tasks if task.id != step.task]
        yield "task", others[0] if others else ("" if step.task else "0" * 32)
    yield from (("status", status) for status in STATUSES if status != step.status)
    yield "result", f"{step.result}0"


def altered_paths(runs: Iterable[CaseRun]) -> Iterator[Alteration]:
    """Yield each token of `runs` with each of its visits left out, and at another node."""
    for run in runs:
        tokens = run.trace.state.tokens
        for index, token in enumerate(tokens):
            for change, other in other_paths(run, token):
                state = replace(run.trace.state, tokens=(*tokens[:index], other, *tokens[index + 1 :]))
                caught = any(True for _ in wrong_paths(run, replace(run.trace, state=state)))
                yield Alteration(f"{run.title}, the token of {token.label}", change, caught)


def other_paths(run: CaseRun, token: Token) -> Iterator[tuple[str, Token]]:
    """Yield (what is changed, the token with a changed path)."""
    nodes = [node.id for node in run.lesson.content.flow.nodes]
    for index in range(token.inherited, len(token.path)):
        visit = token.path[index]
        before, after = token.path[:index], token.path[index + 1 :]
        if len(token.path) > 1:
            yield f"without “{visit.node}”", replace(token, path=(*before, *after))
        other = next(node for node in (*nodes, "elsewhere") if node != visit.node)
        yield f"“{other}” for “{visit.node}”", replace(token, path=(*before, Visit(other, visit.number), *after))
