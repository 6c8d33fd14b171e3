"""What goes into a lab and what comes out of it: plain values that travel as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from .limits import Limits

ACTIONS = {
    "kill": "SIGKILL the worker, inside the task's function",
    "raise": "raise RuntimeError in the task's function",
    "slow": "make the task's function take some seconds longer",
    "stop": "SIGTERM the cluster, as qcluster is stopped",
    "stop-group": "SIGTERM every process of the cluster, as a service manager does by default",
    "half-minute": "have the sentinel ask the scheduler now, as it does every 30 s",
}
"""Intervention → what is done."""
TO_THE_CLUSTER = ("stop", "stop-group", "half-minute")
"""What is done to the cluster as a whole, at any event; all else is done to a worker inside its task."""
INSIDE_THE_TASK = ("started", "line", "returned")
"""Where a worker is inside the task's function and holds none of django-q2's locks."""
OUTSIDE = ("gate", "gate_expired", "intervened", "limit", "ended", "died", "asked", "idle")
"""Events that no process of the lab can be stopped at."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One fact as a process of a lab, or its host, sent it."""

    seq: int
    """1, 2, 3… within its process."""
    pid: int
    lane: str
    """The role of its process."""
    at: int
    """Nanoseconds of the machine's monotonic clock."""
    kind: str
    payload: dict[str, Any]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """What a process of a lab sent. Raises TypeError where no probe would have sent it."""
        seen = cls(**data)
        values = (seen.seq, seen.pid, seen.lane, seen.at, seen.kind, seen.payload)
        if not all(map(isinstance, values, (int, int, str, int, str, dict))):
            raise TypeError("an observation has other values")
        return seen


@dataclass(frozen=True, slots=True)
class When:
    """One moment of a run: the count-th event of a kind, of a lane, whose payload has these values."""

    event: str
    lane: str | None = None
    count: int = 1
    where: Mapping[str, Any] = field(default_factory=dict)

    def matches(self, kind: str, lane: str, payload: Mapping[str, Any]) -> bool:
        """Whether an event is one of these, before counting."""
        if kind != self.event or self.lane not in (None, lane):
            return False
        return all(payload.get(name) == value for name, value in self.where.items())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Gate:
    """Where a process waits, for milliseconds, until another event was seen."""

    name: str
    at: When
    until: When
    bound_s: float = 5.0
    """The longest that it waits; then the run ends and says so."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something done to a lab at a named event; one of `ACTIONS`. Raises ValueError where it can't be done."""

    at: When
    action: str
    seconds: float = 0.0
    """For `slow`: how much longer."""

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"There is no action “{self.action}”; there are {', '.join(ACTIONS)}.")
        if self.at.count < 1:
            raise ValueError("The count begins at 1.")
        if self.at.event in OUTSIDE:
            raise ValueError(f"Nothing can be done at “{self.at.event}”: no process of the lab sends it.")
        if self.action not in TO_THE_CLUSTER and self.at.event not in (*INSIDE_THE_TASK, "finished"):
            raise ValueError(
                f"“{self.action}” is done inside the task's function alone: at {', '.join(INSIDE_THE_TASK)}."
            )
        if self.action == "slow" and not 0 < self.seconds <= 10:
            raise ValueError("“slow” needs seconds, more than 0 and at most 10, such as slow:1.5.")

    @property
    def moment(self) -> When:
        """Where it is done: for `finished`, on leaving the function, as django-q2 sends the signal inside a lock."""
        if self.action in TO_THE_CLUSTER:
            return self.at
        event = "returned" if self.at.event == "finished" else self.at.event
        return When(event, "worker", self.at.count, self.at.where)

    def to_json(self) -> dict[str, Any]:
        return {"at": asdict(self.at), "action": self.action, "seconds": self.seconds}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(When.from_json(data["at"]), data["action"], data.get("seconds", 0.0))


@dataclass(frozen=True, slots=True)
class LabSpec:
    """All that a lab knows of its run."""

    program: str
    files: Mapping[str, str] = field(default_factory=dict)
    """Path → text of the lesson's importable files, such as "shop/tasks.py"."""
    apps: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Django settings of the lesson: Q_CLUSTER, and CACHES and DATABASES where it has its own."""
    gates: tuple[Gate, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    deliveries: int | None = None
    """After so many executions the run is over; None: when no delivery is due."""
    limits: Limits = field(default_factory=Limits)

    @property
    def configuration(self) -> dict[str, Any]:
        """What a warm template process is made for."""
        return {"settings": dict(self.settings), "apps": list(self.apps), "files": dict(self.files)}

    def stops(self) -> list[dict[str, Any]]:
        """The moments at which a process asks its host what to do."""
        moments = [gate.at for gate in self.gates] + [each.moment for each in self.interventions]
        return [{"event": each.event, "lane": each.lane, "where": dict(each.where)} for each in moments]
