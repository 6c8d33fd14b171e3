"""Questions to services that may hang."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

WAIT_S = 2.0
"""The seconds from when a question is asked until it counts as unanswered."""
KEPT_S = 1.0
"""The seconds for which an answer is given again. Somebody who asks again and again causes no more work."""
IMPATIENT: Mapping[str, dict[str, Any]] = {
    "sqlite": {"timeout": WAIT_S},
    "postgresql": {"connect_timeout": int(WAIT_S), "tcp_user_timeout": int(WAIT_S * 1000)},
}
"""Kind of database → the options with which a connection gives up by itself, in most cases."""

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Question(Generic[T]):
    """A question, which `ask` answers in a thread of its own, with a database connection of its own.

    It is asked once for all who want the answer at the same time. As long as it hangs, it isn't asked again: one thread
    is the most that it takes. That thread doesn't keep the process from ending.
    """

    def __init__(self, ask: Callable[[], T]) -> None:
        self.ask = ask
        self.result: Future[T] | None = None
        self.asked_at = 0.0

    async def answer(self) -> T:
        """Return the answer. Raise TimeoutError if there is none in time, or the error that asking has raised."""
        age = time.monotonic() - self.asked_at
        if self.result is None or (self.result.done() and age >= KEPT_S):
            self.result, self.asked_at, age = Future(), time.monotonic(), 0.0
            threading.Thread(target=self.work, args=(self.result,), name="question", daemon=True).start()
        if self.result.done():
            return self.result.result()
        answer = asyncio.wrap_future(self.result)
        answer.add_done_callback(retrieve)
        async with asyncio.timeout(max(WAIT_S - age, 0)):
            return await asyncio.shield(answer)

    def work(self, result: Future[T]) -> None:
        """Ask, in this thread."""
        try:
            answer = self.asked()
        except Exception as error:
            logger.warning("A question of an operator has no answer", exc_info=error)
            result.set_exception(error)
        else:
            result.set_result(answer)

    def asked(self) -> T:
        own = connections[DEFAULT_DB_ALIAS]
        options = {**own.settings_dict["OPTIONS"], **IMPATIENT.get(own.vendor, {})}
        own.settings_dict = {**own.settings_dict, "OPTIONS": options}
        try:
            return self.ask()
        finally:
            connections.close_all()


def retrieve(answer: asyncio.Future[Any]) -> None:
    """Retrieve the error of an answer for which nobody waits any more. Otherwise asyncio would log it, too."""
    if not answer.cancelled():
        answer.exception()
