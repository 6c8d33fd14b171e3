"""Figures of the store, which are the same in every process of a site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Sum
from django.utils import timezone

from tutor.runs.models import Host, Run
from tutor.runs.service import store_bytes


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """Figures of the store at one moment."""

    waiting: int
    """Runs that wait for a lab."""
    running: int
    """Runs that have one."""
    oldest_waits_s: float
    """The seconds since the oldest of those that wait was asked for; 0 without one."""
    hosts: int
    """Processes that execute runs."""
    labs: int
    """The labs that they have at the same time, at most."""
    bytes: int
    """The size of the store."""


def store_figures() -> StoreFigures:
    """Ask the store: two queries, and one for its size. Only runs that haven't ended are counted."""
    live = Run.objects.filter(state__in=[Run.State.WAITING, Run.State.RUNNING]).order_by()
    found = {state: rest for state, *rest in live.values_list("state").annotate(Count("pk"), Min("asked_at"))}
    waiting, oldest = found.get(Run.State.WAITING, (0, None))
    running, _ = found.get(Run.State.RUNNING, (0, None))
    hosts = Host.objects.filter(labs__gt=0).aggregate(number=Count("pk"), labs=Sum("labs", default=0))
    return StoreFigures(waiting, running, seconds_since(oldest), hosts["number"], hosts["labs"], store_bytes())


def seconds_since(moment: datetime | None) -> float:
    """Return the seconds since `moment`, which the clock of another machine may have put into the future."""
    return max((timezone.now() - moment).total_seconds(), 0.0) if moment else 0.0
