"""Lab specifications, the input of labs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .gates import Gate
from .interventions import Intervention
from .limits import Limits


@dataclass(frozen=True, slots=True)
class LabSpec:
    """All that a lab knows about its run, as plain values that can be serialized as JSON."""

    program: str
    """The text of the program."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Path → text of the lesson's importable files, such as "shop/tasks.py"."""
    apps: tuple[str, ...] = ()
    """The packages among the files that are Django apps."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Django settings of the lesson: Q_CLUSTER, and CACHES and DATABASES if it defines them."""
    gates: tuple[Gate, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    clusters: tuple[str, ...] = ()
    """Names of `ALT_CLUSTERS` whose clusters run beside that of `Q_CLUSTER`."""
    deliveries: int | None = None
    """The number of deliveries after which the run is complete. If None, it is complete when no delivery is due."""
    limits: Limits = field(default_factory=Limits)

    @property
    def configuration(self) -> dict[str, Any]:
        """The part that is loaded in a template process."""
        return {"settings": dict(self.settings), "apps": list(self.apps), "files": dict(self.files)}

    def breakpoints(self) -> list[dict[str, Any]]:
        """Return the moments at which a process asks its host what to do, as plain data."""
        moments = [gate.at for gate in self.gates] + [each.moment for each in self.interventions]
        return [moment.to_json() for moment in moments]
