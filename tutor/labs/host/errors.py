"""Errors raised when a lab can't be opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class LabUnavailable(RuntimeError):
    """A lab can't start; the message gives the reason in one line."""


class ProcessGone(LabUnavailable):
    """The process that should handle a request has ended. A new process may succeed."""


class AnswerTimeout(LabUnavailable):
    """A process didn't answer in time.

    Don't send it another request: its late answer would be taken for the answer to that request.
    """


@contextmanager
def as_unavailable() -> Iterator[None]:
    """Convert OSError and ValueError, which the machine or the lab's spec can cause, to LabUnavailable."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise LabUnavailable(str(error)) from error
