"""What a row of the execution table says of the tables: what its steps changed, or what changed in its gap. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tutor.trace.bars import QUEUE, RESULTS
from tutor.trace.model import Trace
from tutor.trace.state import Table

from .gap_facts import Fact


def gap_changes(trace: Trace, position: int, gap: Sequence[Fact]) -> tuple[str, ...]:
    """Return what changed in the gap before step `position`, such as "OrmQ 1 → 0" or "OrmQ locked again"."""
    before, after = counts(trace, position - 1), counts_after_gap(trace, position, gap)
    said = (
        (name, count_change(name, before.get(name, 0), count) or lock_of(name, gap)) for name, count in after.items()
    )
    return tuple(f"{name} {text}" for name, text in said if text)


def step_changes(trace: Trace, position: int, gap: Sequence[Fact], own: Sequence[Fact]) -> tuple[str, ...]:
    """Return what step `position` changed itself, apart from what changed in the gap before it."""
    before = counts_after_gap(trace, position, gap)
    said = (
        (name, count_change(name, before[name], table.count) or lock_of(name, own) or content_change(table, gap))
        for name, table in trace.state_at(position).tables.items()
    )
    return tuple(f"{name} {text}" for name, text in said if text)


def count_changes(trace: Trace, first: int, last: int, gap: Sequence[Fact]) -> tuple[str, ...]:
    """Return how the steps from `first` to `last` changed the numbers of rows, such as "Task 0 → 12"."""
    before = counts_after_gap(trace, first, gap)
    said = ((name, count_change(name, before.get(name, 0), count)) for name, count in counts(trace, last).items())
    return tuple(f"{name} {text}" for name, text in said if text)


def counts(trace: Trace, position: int) -> Mapping[str, int]:
    """Return name → number of the rows of each table after step `position`."""
    return {name: table.count for name, table in trace.state_at(position).tables.items()}


def counts_after_gap(trace: Trace, position: int, gap: Iterable[Fact]) -> Mapping[str, int]:
    """Return name → number of the rows of each table right before step `position`, after the gap before it.

    A process may have looked at the table a moment before or after an event of another one. So no more is said to
    have changed in the gap than is different after the step.
    """
    before = counts(trace, position - 1)
    found = {}
    for name, after in counts(trace, position).items():
        count = before.get(name, 0)
        low, high = sorted((count, after))
        found[name] = max(low, min(high, count + sum(fact.rows for fact in gap if fact.table == name)))
    return found


def count_change(name: str, before: int, after: int) -> str:
    """Return how the number of rows changed; for a table of the lesson with the word, as it could be a value of it."""
    if before == after:
        return ""
    word = "" if name in (QUEUE, RESULTS) else " row" if after == 1 else " rows"
    return f"{before} → {after}{word}"


def lock_of(name: str, facts: Iterable[Fact]) -> str:
    """Return whether rows of a table were locked, or even locked again."""
    return max((fact.lock for fact in facts if fact.table == name), default="")


def content_change(table: Table, gap: Iterable[Fact]) -> str:
    """Return that rows of a table differ from the step before, unless that's told in the gap."""
    if not table.changed or any(fact.table == table.name for fact in gap):
        return ""
    changed = [row for row in table.rows if row["id"] in table.changed_rows]
    is_locked = table.name == QUEUE and changed and all(row["delivered"] for row in changed)
    return "locked" if is_locked else "changed"
