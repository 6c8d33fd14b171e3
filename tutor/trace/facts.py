"""What is counted at the end of a run, and in what two runs differ then.

The ids of tasks and processes, and addresses in memory, are no difference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from tutor.protocol.texts import shortened

from .model import Trace

RANDOM = re.compile(r"0x[0-9a-f]{6,}|\b[0-9a-f]{32}\b")
"""An address in memory, or an id that no event has told."""
LONGEST = 60
"""The maximum characters of a text that differs."""
EFFECTS = ("Tasks: ", "Rows of ", "Lines printed")
"""The beginnings of the facts that are effects of a run. How often something was executed on the way is none."""


class Difference(NamedTuple):
    """A value that is another one in the other run."""

    name: str
    """What it is, such as "Task status"."""
    first: str
    second: str


class Names:
    """Replaces what is random in the texts of a run by what it stands for."""

    def __init__(self, trace: Trace) -> None:
        names = {each.id: each.label for each in trace.tasks} | {each.name: each.label for each in trace.tasks}
        self.labels = {name: label for name, label in names.items() if name and name != label}
        self.pids = frozenset(str(each.pid) for each in trace.processes)
        words = sorted((*self.labels, *self.pids), key=len, reverse=True)
        self.known = re.compile("|".join(rf"\b{re.escape(each)}\b" for each in words)) if words else None

    def plain(self, text: str) -> str:
        """Return `text` without ids, pids and addresses."""
        if self.known:
            text = self.known.sub(lambda found: self.labels.get(found[0], "a process"), text)
        return RANDOM.sub("…", text)


def facts(first: Trace, second: Trace) -> Iterator[Difference]:
    """Yield what was counted at the end of each run."""
    mine, theirs = counted(first), counted(second)
    for name in dict.fromkeys((*mine, *theirs)):
        yield Difference(name, mine.get(name, "0"), theirs.get(name, "0"))


def counted(trace: Trace) -> Mapping[str, str]:
    """Return name → what was counted so far, or what a variable of the lesson was in the end."""
    found = {"Executions": str(len(trace.executions)), "Executions at the same time": str(most_at_once(trace))}
    statuses = Counter(each.status for each in trace.tasks)
    found |= {f"Tasks: {status}": str(count) for status, count in sorted(statuses.items())}
    found["attempt_count"] = str(sum(each.outcome.attempt_count for each in trace.tasks if each.outcome))
    found |= {f"Rows of {name}": str(table.count) for name, table in trace.state.tables.items()}
    found["Lines printed"] = str(len(printed_lines(trace)))
    plain = Names(trace).plain
    found |= {each.label: plain(each.values[-1]) for each in trace.variables}
    return found | ({"The run": trace.ended.outcome} if trace.ended else {})


def effects(first: Trace, second: Trace) -> list[Difference]:
    """Return the effects in which two runs differ in the end: rows, statuses and what is printed."""
    found = [each for each in facts(first, second) if each.name.startswith(EFFECTS) and each.first != each.second]
    mine, theirs = (Counter(printed_lines(trace)) for trace in (first, second))
    if mine == theirs or mine.total() != theirs.total():
        return found
    texts = (shortened("; ".join(each), LONGEST) for each in (mine - theirs, theirs - mine))
    return [*found, Difference("Printed", *texts)]


def printed_lines(trace: Trace) -> list[str]:
    plain = Names(trace).plain
    return [plain(line) for line in trace.state.printed.splitlines()]


def most_at_once(trace: Trace) -> int:
    """Return how many executions went on at the same time, at most."""
    begun = [(each.started.number, 1) for each in trace.executions]
    over = [(end.number, -1) for each in trace.executions if (end := each.returned or each.ended)]
    return max(accumulate(change for _, change in sorted(begun + over)), default=0)
