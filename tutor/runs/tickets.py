"""The run queue of a site whose runs are executed by lab hosts: Redis hands its tickets to their workers.

A ticket is a task of the site's own django-q2 cluster. It says “take the run whose turn it is”, so one is as good as
another, and a lost one is replaced by a lab host that sees more runs wait than there are tickets.
"""

from __future__ import annotations

import logging
import time
from functools import cache
from typing import Any

import redis
from django_q.brokers.redis_broker import Redis
from django_q.conf import Conf
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from .models import Run
from .run_queue import cancel, in_queue

logger = logging.getLogger(__name__)

TASK = "tutor.engine.worker.take_turn"
"""The function that a ticket calls in a worker of a lab host."""
ANSWER_S, CONNECT_S = 5.0, 2.0
"""Maximum seconds that Redis takes to answer, and to accept a connection."""
WITHOUT_REDIS_S = 1.0
"""Seconds between the tickets that a lab host issues to itself while Redis is out of reach."""


class TicketBroker(Redis):
    """django-q2's broker for Redis, without a long wait for one that is out of reach.

    Meanwhile a lab host looks at the run queue by itself, every `WITHOUT_REDIS_S`.
    """

    def dequeue(self) -> list[tuple[None, Any]] | None:
        try:
            ticket: list[tuple[None, Any]] | None = super().dequeue()
        except redis.RedisError as error:
            logger.warning("Redis can't be reached, so this lab host looks at the run queue by itself", exc_info=error)
            time.sleep(WITHOUT_REDIS_S)
            own = {"id": "", "name": "own", "func": TASK, "args": (), "kwargs": {}, "save": False}
            return [(None, SignedPackage.dumps(own))]
        return ticket

    def set_stat(self, key: str, value: str, timeout: int) -> None:
        """Do nothing: nobody asks for statistics of the cluster."""

    def ping(self) -> bool:
        """Return True, as the cluster starts without Redis, too."""
        return True

    @staticmethod
    def get_connection(list_key: str | None = None) -> Any:
        return redis.from_url(Conf.REDIS, socket_timeout=ANSWER_S, socket_connect_timeout=CONNECT_S)


@cache
def broker() -> TicketBroker:
    """Return the broker of this process, which keeps its connections."""
    return TicketBroker()


def issue() -> None:
    """Put a ticket into Redis. Raises redis.RedisError."""
    async_task(TASK, save=False, broker=broker())


def issue_missing() -> None:
    """Issue the tickets that are missing, so that each waiting run has one. Raises redis.RedisError."""
    for _ in range(in_queue().count() - broker().queue_size()):
        issue()


class TicketQueue:
    """The run queue for a process that executes nothing itself."""

    def add(self, run: Run) -> None:
        """Issue a ticket for `run`, which is stored and waits. If that fails, it is missing; see `issue_missing`."""
        try:
            issue()
        except redis.RedisError as error:
            logger.warning("Could not issue a ticket", exc_info=error)

    def cancel(self, run: Run, reason: str) -> None:
        """End `run`, wherever it is; do nothing if it has ended."""
        cancel(run, reason)
