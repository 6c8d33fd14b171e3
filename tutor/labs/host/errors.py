"""Why a lab can't be opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class LabUnavailable(RuntimeError):
    """A lab can't start; the message gives the reason in one line."""


class ProcessGone(LabUnavailable):
    """The process that was asked has ended; a new one may be able to do it."""


class AnswerTimeout(LabUnavailable):
    """A process didn't answer in time.

    Don't ask it again: a late answer would be taken for the answer to the next request.
    """


@contextmanager
def as_unavailable() -> Iterator[None]:
    """Raise LabUnavailable for an OSError or a ValueError: this machine, or the lab's spec, is the reason."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise LabUnavailable(str(error)) from error
