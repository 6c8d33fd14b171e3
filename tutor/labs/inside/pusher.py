"""The pusher, the process that takes tasks from the broker for the workers. `broker.ObservedBroker` observes it."""

from __future__ import annotations

from typing import Any

from django_q import cluster
from django_q.pusher import pusher

from tutor.protocol.lanes import Lane

from .observe import output


def observed_pusher(*args: Any) -> None:
    """The main function of the process."""
    output.enter(Lane.PUSHER)
    pusher(*args)


def observe() -> None:
    """Observe the pusher. Called once, in the template."""
    cluster.pusher = observed_pusher
