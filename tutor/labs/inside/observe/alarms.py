"""A task's timeout, kept out of the observers that run in the middle of the task.

django-q2's timeout is an exception that the handler of SIGALRM raises wherever the process is. Raised in an observer it
could cut a datagram short, would end the tracing and would leave the observer's frames in the stored traceback. So an
alarm that comes in an observer is postponed: it is raised again as soon as the task itself runs.
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
"""The signals that came since the current observer began."""


class RaisedLater:
    """A signal that Python handles only after the observer that raised it has returned.

    Reading the attribute `now` raises it. Python handles signals at calls, at the start of functions and at jumps
    back, so the observer's code after that must have none of these. Reading an attribute is none, even if it calls C.
    """

    now = property(operator.methodcaller("send"))

    def __init__(self, number: signal.Signals) -> None:
        self.send = partial(ctypes.CDLL(None)["raise"], number)


alarm = RaisedLater(signal.SIGALRM)


def undisturbed(observe: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate an observer: a task's timeout is postponed until it has returned."""

    @wraps(observe)
    def observed(*args: Any, **kwargs: Any) -> Any:
        try:
            return observe(*args, **kwargs)
        finally:
            if postponed:
                postponed.clear()
                alarm.now  # noqa: B018
                if postponed:  # This version of Python has handled it here: try again a little later.
                    signal.setitimer(signal.ITIMER_REAL, RETRY_S)

    return observed


OBSERVER = undisturbed(lambda: None).__code__
"""The code of every function that `undisturbed` returns."""


def postpone_in_observers() -> None:
    """Wrap the handler of SIGALRM that was set just now, so that the alarm is postponed in observers."""
    raise_timeout = signal.getsignal(signal.SIGALRM)
    if callable(raise_timeout) and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGALRM, partial(postpone_or_raise, raise_timeout))


def postpone_or_raise(raise_timeout: Callable[..., Any], number: int, frame: FrameType | None) -> None:
    """Handle SIGALRM, which came in `frame`."""
    caller = frame
    while caller is not None:
        if caller.f_code is OBSERVER:
            postponed.append(number)
            return
        caller = caller.f_back
    raise_timeout(number, frame)
