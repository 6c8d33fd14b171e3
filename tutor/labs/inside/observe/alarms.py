"""Postponing a task's timeout while an observer runs.

django-q2's timeout is an exception that the handler of SIGALRM raises wherever the process is. Raised in an observer,
it could prevent a datagram, would end the tracing and would add the observer's frames to the stored traceback. A signal
that arrives in an observer is therefore raised again when the task itself runs.
"""

from __future__ import annotations

import ctypes
import operator
import signal
import threading
from collections.abc import Callable
from functools import partial, wraps
from types import FrameType
from typing import Any

RETRY_S = 0.001

postponed: list[int] = []
"""The signals that have arrived since the current observer began."""


class RaisedLater:
    """A signal that Python handles only after the observer that raised it has returned.

    Reading the attribute `now` raises it. Python handles signals at calls, at the start of functions and at backward
    jumps, so the observer must not execute any of these afterwards. Reading an attribute is none of them, even if it
    calls C code.
    """

    now = property(operator.methodcaller("send"))

    def __init__(self, number: signal.Signals) -> None:
        self.send = partial(ctypes.CDLL(None)["raise"], number)


alarm = RaisedLater(signal.SIGALRM)


def undisturbed(observe: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate an observer so that a task's timeout is postponed until the observer has returned."""

    @wraps(observe)
    def observed(*args: Any, **kwargs: Any) -> Any:
        try:
            return observe(*args, **kwargs)
        finally:
            if postponed:
                postponed.clear()
                alarm.now  # noqa: B018
                if postponed:  # This version of Python has already handled it: try again a little later.
                    signal.setitimer(signal.ITIMER_REAL, RETRY_S)

    return observed


OBSERVER = undisturbed(lambda: None).__code__
"""The code object of every function that `undisturbed` returns."""


def postpone_in_observers() -> None:
    """Wrap the current handler of SIGALRM, so that the alarm is postponed in observers."""
    raise_timeout = signal.getsignal(signal.SIGALRM)
    if callable(raise_timeout) and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGALRM, partial(postpone_or_raise, raise_timeout))


def postpone_or_raise(raise_timeout: Callable[..., Any], number: int, frame: FrameType | None) -> None:
    """Handle SIGALRM: postpone it if `frame` is inside an observer, or else call `raise_timeout`."""
    caller = frame
    while caller is not None:
        if caller.f_code is OBSERVER:
            postponed.append(number)
            return
        caller = caller.f_back
    raise_timeout(number, frame)
