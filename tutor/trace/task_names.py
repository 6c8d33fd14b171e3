"""The names of tasks: which task a lesson means by an id, a name or a function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .histories import TaskHistory


def index(by_name: dict[str, list[str]], task: TaskHistory) -> None:
    """Add `task` to an index of tasks by name."""
    for name in task.names:
        by_name.setdefault(name, []).append(task.id)


def find_task(tasks: Mapping[str, TaskHistory], selector: str) -> TaskHistory | None:
    """Return the task (id → history) that `selector` means: an id, or a name or function, by default the last one.

    "charge#2" is the second one that is called charge, unless one has that very name.
    """
    by_name: dict[str, list[str]] = {}
    for task in tasks.values():
        index(by_name, task)
    return selected(tasks, by_name, selector)


def selected(
    tasks: Mapping[str, TaskHistory], by_name: Mapping[str, Sequence[str]], selector: str
) -> TaskHistory | None:
    """Return the task that `selector` means, with an index of the tasks by name; see `find_task`."""
    if selector in tasks:
        return tasks[selector]
    if called := by_name.get(selector):
        return tasks[called[-1]]
    name, _, nth = selector.partition("#")
    called = by_name.get(name.strip(), ())
    place = int(nth) - 1 if nth.isdecimal() else -1
    return tasks[called[place]] if 0 <= place < len(called) else None
