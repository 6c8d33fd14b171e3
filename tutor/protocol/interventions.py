"""Interventions: what is done to a lab, to which subject, and when."""

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
"""Event that can be named → event at which it is done. At `finished`, a worker holds its timer's lock: what is to be
done there is done at the function's return.
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event has to be about for an intervention to take place at it."""

    kind: Literal["task", "caller", "cluster"]
    """"task": events about one task. "caller": the program's events. "cluster": events of all other processes."""
    ordinal: int = 1
    """Which task, from 1 in the order in which tasks were queued; of those with `func`, if that is given."""
    func: str = ""
    """The task's function, such as "shop.tasks.charge"; empty for any."""
    delivery: int | None = None
    """Which delivery of the task; None for any."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """One of `ACTIONS`, done to a lab at a named event. Raises ValueError if it can't be done."""

    at: When
    """The event, and which hit of it."""
    action: str
    seconds: float = 0.0
    """How much longer, for an action that takes time."""
    subject: Subject | None = None
    """What the event has to be about; None for anything."""

    def __post_init__(self) -> None:
        action = ACTIONS.get(self.action)
        if action is None:
            raise ValueError(f"Unknown action “{self.action}” (known: {', '.join(ACTIONS)}).")
        if self.at.count is None or self.at.count < 1:
            raise ValueError("The count must be at least 1.")
        if self.at.event not in MOMENTS:
            raise ValueError(f"Nothing can be done at “{self.at.event}” (only at: {', '.join(MOMENTS)}).")
        if action.target == "task" and self.at.event not in (*INSIDE_THE_TASK, "finished"):
            raise ValueError(
                f"“{self.action}” is done inside the task's function (only at: {', '.join(INSIDE_THE_TASK)}, finished)."
            )
        if action.longest_s and not 0 < self.seconds <= action.longest_s:
            raise ValueError(
                f"“{self.action}” needs seconds, more than 0 and at most {action.longest_s:g},"
                f" such as {self.action}:1.5."
            )

    @property
    def moment(self) -> When:
        """The event at which it is done."""
        lane = Lane.WORKER if ACTIONS[self.action].target == "task" else self.at.lane
        return replace(self.at, event=MOMENTS[self.at.event], lane=lane)

    def to_json(self) -> dict[str, Any]:
        """Return plain data, as runs and lessons store it."""
        data: dict[str, Any] = {"at": self.at.to_json(), "action": self.action, "seconds": self.seconds}
        return {**data, "subject": asdict(self.subject)} if self.subject else data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_json` made `data` of."""
        subject = Subject(**data["subject"]) if data.get("subject") else None
        return cls(When.from_json(data["at"]), data["action"], data.get("seconds", 0.0), subject)
