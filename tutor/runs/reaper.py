"""The reaper, which ends the runs of hosts that have ended. Every host has one, driven by its heartbeat.

It judges the other hosts by what it sees itself:

- A host of the same folder of labs that doesn't hold its lock has ended.
- Any other host has ended if its heartbeat stood still for a whole lease in which the reaper itself could write. A
  host that holds its lock is only stopped, or slow: it has `BOUND_S` more, from when its heartbeat stood still.

Times are monotonic and the reaper's own. No clocks are compared.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from tutor.labs.host.sweep import folder_id, is_alive
from tutor.protocol.limits import END_S, START_S, Limits

from .event_store import end_run
from .models import Host, Run

logger = logging.getLogger(__name__)

BOUND_S = START_S + Limits().wall_s + END_S
"""Seconds that a run lasts at most."""
ENDED = "The process that ran this lab ended before the run did."
SILENT = "The process that ran this lab gave no sign of life for {:.0f} s."


@dataclass(frozen=True, slots=True)
class Sighting:
    """A heartbeat of a host, as the reaper saw it."""

    beat: int
    since: float
    """When the reaper first saw it."""


class Reaper:
    """A reaper in a process whose folder of labs is below `root`. `now` returns monotonic seconds."""

    def __init__(self, root: Path, lease_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self.root, self.lease_s, self.now = root, lease_s, now
        self.folder = folder_id(root)
        self.sightings: dict[str, Sighting] = {}
        """Name of a host → its last heartbeat."""
        self.wrote_at = -lease_s

    def note_write(self) -> None:
        """Note that this process has just written to the store. If it was long ago before, start to observe again.

        While this process could not write, maybe no host could.
        """
        now = self.now()
        if now - self.wrote_at > self.lease_s / 2:
            self.sightings.clear()
        self.wrote_at = now

    def look(self) -> None:
        """Give up the hosts that have ended, and end the runs whose host isn't there. Those in the queue have none."""
        hosts = list(Host.objects.all())
        for host in hosts:
            if reason := self.verdict(host):
                give_up(host, reason)
        for run in live_runs().exclude(host="").exclude(host__in=Host.objects.values("name")):
            end_run(run, "lost", ENDED)
        names = {host.name for host in hosts}
        self.sightings = {name: seen for name, seen in self.sightings.items() if name in names}

    def verdict(self, host: Host) -> str:
        """Return why `host` counts as ended; an empty string if it doesn't."""
        is_near = host.folder == self.folder
        if is_near and not is_alive(self.root, host.name):
            return ENDED
        seen = self.sightings.get(host.name)
        if seen is None or seen.beat != host.beat:
            self.sightings[host.name] = Sighting(host.beat, self.now())
            return ""
        silent_s = self.now() - seen.since
        return SILENT.format(silent_s) if silent_s >= self.lease_s + (BOUND_S if is_near else 0) else ""


def give_up(host: Host, reason: str) -> None:
    """End the runs of `host` and remove it, unless its heart has beaten meanwhile. One transaction does both."""
    with transaction.atomic():
        if not Host.objects.filter(pk=host.pk, beat=host.beat).delete()[0]:
            return
        for run in live_runs().filter(host=host.name):
            end_run(run, "lost", reason)
    logger.info("Host %s was given up: %s", host.name, reason)


def live_runs() -> QuerySet[Run]:
    return Run.objects.filter(state__in=[Run.State.WAITING, Run.State.RUNNING])
