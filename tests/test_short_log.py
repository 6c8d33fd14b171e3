from __future__ import annotations

import logging
import sys

import pytest
import redis
from django.db import IntegrityError, OperationalError

from tutor.short_log import EVERY_S, MOST, ShortFormatter, StoreFailureFilter


def record(message: str, error: bool = False) -> logging.LogRecord:
    return logging.LogRecord("site", logging.ERROR, "", 1, message, None, sys.exc_info() if error else None)


def chain(length: int) -> None:
    """Raise an error while another one is handled, and so on."""
    try:
        raise ValueError(f"Error {length}")
    except ValueError:
        if length:
            chain(length - 1)
        raise RuntimeError("The last one.") from None if not length else RuntimeError("The last one.")


def test_a_record_is_logged_in_full() -> None:
    assert ShortFormatter("%(levelname)s %(message)s").format(record("The store failed.")) == "ERROR The store failed."


def test_of_a_chain_of_errors_the_first_and_the_last_lines_are_logged() -> None:
    try:
        chain(40)
    except RuntimeError:
        text = ShortFormatter("%(message)s").format(record("Internal Server Error: /", error=True))
    assert len(text) <= MOST
    assert text.startswith("Internal Server Error: /\nTraceback") and text.endswith("RuntimeError: The last one.")


def test_a_message_that_a_visitor_makes_long_is_cut() -> None:
    assert len(ShortFormatter("%(message)s").format(record("x" * 1_000_000))) == MOST


def failure(error: Exception, message: str = "Can't write") -> logging.LogRecord:
    return logging.LogRecord("site", logging.ERROR, "", 1, message, None, (type(error), error, None))


@pytest.mark.parametrize("error", [OperationalError("database is locked"), redis.ConnectionError("refused")])
def test_a_failure_of_the_store_or_of_redis_is_one_line_and_logged_once(error: Exception) -> None:
    text = ShortFormatter("%(levelname)s %(message)s").format(failure(error))
    assert text == f"ERROR Can't write: {error!r}"
    filter = StoreFailureFilter()
    assert [filter.filter(failure(error)) for _ in range(2)] == [True, False]


def test_a_failure_of_the_store_is_logged_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("tutor.short_log.time.monotonic", lambda: now[0])
    locked, filter = failure(OperationalError("database is locked")), StoreFailureFilter()
    assert [filter.filter(locked) for _ in range(3)] == [True, False, False]
    assert filter.filter(failure(OperationalError("database is locked"), "Can't read"))
    now[0] += EVERY_S
    assert filter.filter(locked)


def test_mistakes_are_logged_each_time_in_full() -> None:
    mistake, filter = failure(IntegrityError("UNIQUE constraint failed")), StoreFailureFilter()
    assert filter.filter(mistake) and filter.filter(mistake)
    assert "IntegrityError: UNIQUE" in ShortFormatter("%(message)s").format(mistake)
