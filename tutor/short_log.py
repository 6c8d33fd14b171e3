"""A log whose records are short, whatever a visitor sends and however many exceptions led to another one."""

from __future__ import annotations

import logging
import time
from typing import Any

import redis

from tutor.store_errors import is_unavailable

MOST = 4000
"""The maximum characters of a record."""
CUT = "\n[…]\n"
EVERY_S = 60.0
"""Seconds until the same failure of the store or of Redis is logged again."""


class ShortFormatter(logging.Formatter):
    """Formats a record in full or, if it is long, its beginning and its end. A failure of the store or of Redis is one
    line."""

    def format(self, record: logging.LogRecord) -> str:
        error = error_of(record)
        if not is_away(error):
            return shortened(super().format(record))
        return shortened(f"{super().format(without_error(record))}: {error!r}")


class StoreFailureFilter(logging.Filter):
    """Drops a record of a failure of the store or of Redis if the same one was logged in the last minute.

    While one is away, each thread and each page that needs it says so, again and again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.logged: dict[tuple[str, str], float] = {}
        """(logger, message) → when it was last logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not is_away(error_of(record)):
            return True
        now, key = time.monotonic(), (record.name, str(record.msg))
        if now - self.logged.get(key, -EVERY_S) < EVERY_S:
            return False
        self.logged[key] = now
        return True


def shortened(text: str) -> str:
    """Return `text` in full or, if it is long, its beginning and its end."""
    return text if len(text) <= MOST else text[: MOST // 4] + CUT + text[-(MOST - MOST // 4 - len(CUT)) :]


def is_away(error: BaseException | None) -> bool:
    """Return whether `error` says that the store or Redis fails."""
    return is_unavailable(error) or isinstance(error, redis.RedisError)


def error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def without_error(record: logging.LogRecord) -> logging.LogRecord:
    names: dict[str, Any] = {**vars(record), "exc_info": None, "exc_text": None}
    return logging.makeLogRecord(names)
