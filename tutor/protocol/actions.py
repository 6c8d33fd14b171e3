"""Actions that can be carried out in a lab at a moment of its run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of action."""

    name: str
    description: str
    """What the action does, for help and documentation."""
    notice: str
    """The text for pages. `{process}` stands for the lane of the affected process."""
    target: Literal["task", "cluster"]
    """"task": a worker carries it out inside the task's function. "cluster": it affects the cluster, at any event."""
    longest_s: float = 0.0
    """The maximum duration in seconds; 0 for an action without a duration."""


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
            "make the sentinel call the scheduler now, as it does every 30 s",
            "half a minute passes, so the sentinel asks the scheduler",
            "cluster",
        ),
    )
}
"""Name → action. `tutor.labs.inside.actions` implements them."""


def is_for_the_cluster(name: str) -> bool:
    """Return whether the target of the action `name` is the cluster."""
    return name in ACTIONS and ACTIONS[name].target == "cluster"
