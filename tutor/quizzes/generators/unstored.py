"""Why outcomes of tasks that were executed aren't stored in Task rows."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.protocol.lanes import Lane
from tutor.trace.histories import TaskHistory

from .repeats import Settings


def why_unstored(tasks: Sequence[TaskHistory], settings: Settings) -> str:
    """Return why no outcome of some tasks was stored, as the end of a sentence; "" if nothing tells."""
    options = [each.description.get("options", {}) for each in tasks]
    executions = [one for each in tasks for one in each.executions]
    limit = settings.get("save_limit")
    if all(each.started.lane == Lane.CALLER for each in executions):
        return ": with `sync=True` its exception comes up in the program"
    if all(each.get("cached") for each in options):
        return ": with `cached`, outcomes go into the cache"
    if not any(each.received for each in executions):
        return ": no outcome came from a worker to the monitor"
    if not all(each.executions[-1].success for each in tasks):
        return ""
    if all(each.get("save") is False for each in options):
        return ": with `save=False`, a success writes no row"
    return f": with `save_limit = {limit}`, a success writes no row" if limit is not None and limit < 0 else ""
