"""Which steps have a row of their own in the execution table, and which share one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tutor.lessons.format.steps import FoldRule
from tutor.trace.model import Step

from .window import ROWS, WHOLE, up_to

LEAST, MOST = 3, 12
"""The fewest steps that share a row, and the most."""


def row_groups(steps: Sequence[Step], position: int, folds: Sequence[FoldRule]) -> Sequence[Sequence[Step]]:
    """Return the steps of each row at step `position`: the current one has its own. Of many rows, they are the last."""
    if not folds or not position:
        return [(step,) for step in up_to(position).of(steps)]
    fold_of = {rule: fold for fold in folds for rule in fold.steps}
    rows: list[Sequence[Step]] = []
    for fold, same in groupby(steps[: position - 1], key=lambda step: fold_of.get(step.id)):
        like = list(same)
        rows += shared(like) if fold else [(step,) for step in like]
    rows.append((steps[position - 1],))
    return rows if len(rows) <= WHOLE else rows[-ROWS:]


def shared(steps: Sequence[Step]) -> list[Sequence[Step]]:
    """Return the rows of like steps that follow each other, each of at most `MOST` steps."""
    rows: list[Sequence[Step]] = []
    for first in range(0, len(steps), MOST):
        own = steps[first : first + MOST]
        rows += [own] if len(own) >= LEAST else [(step,) for step in own]
    return rows
