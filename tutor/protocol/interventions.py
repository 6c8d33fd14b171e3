"""Interventions: what is done to a lab, to whom, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from .actions import ACTIONS
from .lanes import Lane
from .when import When

INSIDE_THE_TASK = ("started", "line", "returned")
"""Events at which a worker is inside the task's function and holds none of django-q2's locks."""
OUTSIDE = ("gate", "gate_expired", "intervened", "limit", "ended", "died", "asked", "idle")
"""Events at which no process of the lab can be stopped."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who an event has to be about, for an intervention to take place at it."""

    kind: Literal["task", "caller", "cluster"]
    """"task": events about one task. "caller": the program's events. "cluster": events of all other processes."""
    ordinal: int = 1
    """Which task, from 1 in the order in which tasks were queued; of those with `func` if that is given."""
    func: str = ""
    """The task's function, such as "shop.tasks.charge"; empty for any."""
    delivery: int | None = None
    """Which delivery of the task; None for any."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """One of `ACTIONS`, done to a lab at a named event. Raises ValueError where it can't be done."""

    at: When
    """The event, and which hit of it."""
    action: str
    seconds: float = 0.0
    """How much longer, for an action that takes time."""
    subject: Subject | None = None
    """Who the event is about; None for anybody."""

    def __post_init__(self) -> None:
        action = ACTIONS.get(self.action)
        if action is None:
            raise ValueError(f"There is no action “{self.action}”; there are {', '.join(ACTIONS)}.")
        if self.at.count is None or self.at.count < 1:
            raise ValueError("The count begins at 1.")
        if self.at.event in OUTSIDE:
            raise ValueError(f"Nothing can be done at “{self.at.event}”: no process of the lab sends it.")
        if action.target == "task" and self.at.event not in (*INSIDE_THE_TASK, "finished"):
            raise ValueError(
                f"“{self.action}” is done inside the task's function alone: at {', '.join(INSIDE_THE_TASK)}."
            )
        if action.longest_s and not 0 < self.seconds <= action.longest_s:
            raise ValueError(
                f"“{self.action}” needs seconds, more than 0 and at most {action.longest_s:g},"
                f" such as {self.action}:1.5."
            )

    @property
    def moment(self) -> When:
        """Where it is done: for `finished`, on leaving the function, as django-q2 sends the signal inside a lock."""
        if ACTIONS[self.action].target == "cluster":
            return self.at
        event = "returned" if self.at.event == "finished" else self.at.event
        return When(event, Lane.WORKER, self.at.count, self.at.where)

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"at": self.at.to_json(), "action": self.action, "seconds": self.seconds}
        return {**data, "subject": asdict(self.subject)} if self.subject else data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        subject = Subject(**data["subject"]) if data.get("subject") else None
        return cls(When.from_json(data["at"]), data["action"], data.get("seconds", 0.0), subject)
