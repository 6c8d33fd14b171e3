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
    target: Literal["task", "gate", "caller", "cluster"]
    """"task": a worker carries it out inside the task's function. "gate": a process at a gate carries it out. "caller"
    and "cluster": it affects that process, at any event."""
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
            "skip-gate",
            "let the process that comes to a gate at this event go on at once",
            "the {process} does not wait at the gate",
            "gate",
        ),
        Action(
            "kill-caller",
            "SIGKILL the process of the program",
            "the process of the program is killed (SIGKILL)",
            "caller",
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


def is_for_the_supervisor(name: str) -> bool:
    """Return whether the lab's supervisor carries out the action `name`, whichever process comes to its event."""
    return name in ACTIONS and ACTIONS[name].target in ("caller", "cluster")
