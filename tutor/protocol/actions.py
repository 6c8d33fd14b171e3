"""Actions: what can be done to a lab at a moment of its run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done."""

    name: str
    description: str
    """What it does, for help and documentation."""
    notice: str
    """What was done, for pages; `{process}` stands for the lane of the process that it was done to."""
    target: Literal["task", "cluster"]
    """"task": a worker does it, inside the task's function. "cluster": it is done to the cluster, at any event."""
    longest_s: float = 0.0
    """For an action that takes time: the most seconds that it may take. 0 for the others."""


ACTIONS: Mapping[str, Action] = {
    action.name: action
    for action in (
        Action(
            "kill",
            "SIGKILL the worker, inside the task's function",
            "the {process} is killed (SIGKILL)",
            "task",
        ),
        Action(
            "raise",
            "raise RuntimeError in the task's function",
            "a RuntimeError is raised in the {process}",
            "task",
        ),
        Action(
            "slow",
            "make the task's function take some seconds longer",
            "the {process} takes longer",
            "task",
            longest_s=10.0,
        ),
        Action(
            "stop",
            "SIGTERM the cluster, as qcluster is stopped",
            "the cluster is told to stop (SIGTERM)",
            "cluster",
        ),
        Action(
            "stop-group",
            "SIGTERM every process of the cluster, as a service manager does by default",
            "every process of the cluster is told to stop (SIGTERM to the group)",
            "cluster",
        ),
        Action(
            "half-minute",
            "have the sentinel ask the scheduler now, as it does every 30 s",
            "half a minute passes, so the sentinel asks the scheduler",
            "cluster",
        ),
    )
}
"""Name → action. `tutor.labs.inside.actions` has the functions that carry them out."""


def is_for_the_cluster(name: str) -> bool:
    """Return whether the action `name` is done to the cluster as a whole."""
    return name in ACTIONS and ACTIONS[name].target == "cluster"
