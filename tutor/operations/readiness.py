"""Whether this process is ready to serve: the store answers and has the tables that this code needs."""

from __future__ import annotations

import asyncio

from django.conf import settings
from django.http import HttpResponse
from redis import Redis, RedisError

from tutor.runs.own_host import PENDING, migrations_are_pending

from .question import WAIT_S, Question

SILENT = "The store doesn’t answer."
NO_REDIS = "Redis doesn’t answer, so runs and changes of other processes come up to two seconds late."
PLAIN = "text/plain; charset=utf-8"


class Readiness:
    """What a process needs, each asked by a question of its own."""

    def __init__(self) -> None:
        self.migrations_are_pending = Question(migrations_are_pending)
        self.redis_answers = Question(redis_answers)

    async def response(self) -> HttpResponse:
        """Return a response that says what isn't there, one sentence each; its status is 503 if that is the store.

        Without Redis, the site is slower, but whole.
        """
        store, redis = await asyncio.gather(self.missing_of_store(), self.missing_of_redis())
        lines = ["not ready" if store else "ready", *filter(None, (store, redis))]
        return HttpResponse("\n".join(lines) + "\n", status=503 if store else 200, content_type=PLAIN)

    async def missing_of_store(self) -> str:
        try:
            return PENDING if await self.migrations_are_pending.answer() else ""
        except Exception:  # The question has logged it. Whatever it is, pages would fail too.
            return SILENT

    async def missing_of_redis(self) -> str:
        if not settings.REDIS:
            return ""
        try:
            return "" if await self.redis_answers.answer() else NO_REDIS
        except Exception:
            return NO_REDIS


def redis_answers() -> bool:
    """Return whether Redis answers at TUTOR_REDIS_URL."""
    try:
        with Redis.from_url(str(settings.REDIS), socket_timeout=WAIT_S, socket_connect_timeout=WAIT_S) as redis:
            return bool(redis.ping())
    except (RedisError, OSError):
        return False
