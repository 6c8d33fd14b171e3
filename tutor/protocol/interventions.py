"""Interventions: actions that are carried out in a lab at a given event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

from .actions import ACTIONS
from .events import KINDS
from .lanes import Lane
from .when import When

INSIDE_THE_TASK = ("started", "line", "returned")
"""Events at which a worker is inside the task's function and holds none of django-q2's locks."""
MOMENTS = {kind: kind for kind in KINDS if KINDS[kind].can_be_breakpoint} | {"finished": "returned"}
"""Event that an intervention can name → event at which it takes place.

At `finished`, a worker holds its timer's lock, so the intervention takes place at the function's return.
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event must be about for an intervention to take place."""

    kind: Literal["task", "caller", "cluster"]
    """"task": events about one task. "caller": the program's events. "cluster": events of all other processes."""
    ordinal: int = 1
    """Which task, from 1, in the order in which tasks were queued. With `func`, only its tasks count."""
    func: str = ""
    """The task's function, such as "shop.tasks.charge"; empty for any."""
    delivery: int | None = None
    """The number of the task's delivery; None for any."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """An action at an event. Raises ValueError if the action isn't possible at that event."""

    at: When
    """The event, and which of its hits."""
    action: str
    seconds: float = 0.0
    """The duration, for an action that has one."""
    subject: Subject | None = None
    """What the event must be about; None for anything."""

    def __post_init__(self) -> None:
        action = ACTIONS.get(self.action)
        if action is None:
            raise ValueError(f"Unknown action “{self.action}” (known: {', '.join(ACTIONS)}).")
        if self.at.count is None or self.at.count < 1:
            raise ValueError("The count must be at least 1.")
        if self.at.event not in MOMENTS:
            raise ValueError(f"An intervention can't take place at “{self.at.event}” (only at: {', '.join(MOMENTS)}).")
        if action.target == "task" and self.at.event not in (*INSIDE_THE_TASK, "finished"):
            raise ValueError(
                f"“{self.action}” takes place inside the task's function"
                f" (only at: {', '.join(INSIDE_THE_TASK)}, finished)."
            )
        if action.longest_s and not 0 < self.seconds <= action.longest_s:
            raise ValueError(
                f"“{self.action}” needs seconds, more than 0 and at most {action.longest_s:g},"
                f" such as {self.action}:1.5."
            )

    @property
    def moment(self) -> When:
        """The event at which the intervention takes place."""
        lane = Lane.WORKER if ACTIONS[self.action].target == "task" else self.at.lane
        return replace(self.at, event=MOMENTS[self.at.event], lane=lane)

    def to_json(self) -> dict[str, Any]:
        """Return the intervention as plain data, as runs and lessons store it."""
        data: dict[str, Any] = {"at": self.at.to_json(), "action": self.action, "seconds": self.seconds}
        return {**data, "subject": asdict(self.subject)} if self.subject else data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the intervention that `to_json` returned as `data`."""
        subject = Subject(**data["subject"]) if data.get("subject") else None
        return cls(When.from_json(data["at"]), data["action"], data.get("seconds", 0.0), subject)
