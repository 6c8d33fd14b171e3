"""The loss of a lab: the death of a process without which it can't continue."""

from __future__ import annotations

from dataclasses import dataclass

LAST_MESSAGES_S = 0.3
"""Seconds after the death within which the last messages of the other processes arrive."""
HANG_S = 1.5
"""Seconds after the death until a cluster is reported as hanging, if its whole group was told to stop."""


@dataclass(slots=True)
class Loss:
    """What is known about the end of the cluster."""

    text: str = ""
    """Which process died and how; empty while the lab is not lost."""
    at: float = 0.0
    """When it died, in seconds of the lab's clock."""
    group_stopped: bool = False
    """Whether every process of the cluster was told to stop."""
    cluster_ended: bool = False
    """Whether the cluster's main process has ended."""

    def begin(self, role: str, pid: int, how: str, now: float) -> None:
        """Note the death of the sentinel or of the cluster's main process, unless one is already known."""
        if not self.text:
            self.text, self.at = f"The {role} {pid} died: {how}, and the run ended with it.", now

    @property
    def may_hang(self) -> bool:
        return self.group_stopped and not self.cluster_ended

    @property
    def over_at(self) -> float:
        """When the run ends, in seconds of the lab's clock, once the lab is lost."""
        return self.at + (HANG_S if self.may_hang else LAST_MESSAGES_S)

    @property
    def reason(self) -> str:
        """Why the run ends."""
        hangs = f" The cluster's own process still hangs, {HANG_S:g} s later." if self.may_hang else ""
        return f"{self.text}{hangs}"
