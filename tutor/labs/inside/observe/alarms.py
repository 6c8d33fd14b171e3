"""A task's timeout, kept out of the observers that work in the middle of the task.

django-q2's timeout is an exception that the handler of SIGALRM raises wherever the process is. Raised in an observer it
could cut a datagram short, would switch the tracing off and leave the observer's frames in the stored traceback. So an
alarm that comes while something is observed is noted, and comes again as soon as the task itself runs.
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

AGAIN_S = 0.001

noted: list[int] = []
"""The alarms that came since the current observer began."""


class Pending:
    """`now` raises a signal in a way that Python sees it only when the observer has been left.

    Python looks for signals at calls, at entries of functions and at jumps back, so nothing of the observer's own code
    that follows may be one of these; reading an attribute, even one that calls something in C, is none.
    """

    now = property(operator.methodcaller("send"))

    def __init__(self, number: signal.Signals) -> None:
        self.send = partial(ctypes.CDLL(None)["raise"], number)


alarm = Pending(signal.SIGALRM)


def undisturbed(observe: Callable[..., Any]) -> Callable[..., Any]:
    """Keep a task's timeout out of `observe`."""

    @wraps(observe)
    def observed(*args: Any, **kwargs: Any) -> Any:
        try:
            return observe(*args, **kwargs)
        finally:
            if noted:
                noted.clear()
                alarm.now  # noqa: B018
                if noted:  # Another version of Python looks at other places: then after a while.
                    signal.setitimer(signal.ITIMER_REAL, AGAIN_S)

    return observed


OBSERVED = undisturbed(lambda: None).__code__


def put_off() -> None:
    """Have the alarm that was just set put off while something is observed."""
    raise_timeout = signal.getsignal(signal.SIGALRM)
    if callable(raise_timeout) and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGALRM, partial(note_or_raise, raise_timeout))


def note_or_raise(raise_timeout: Callable[..., Any], number: int, frame: FrameType | None) -> None:
    """Handle SIGALRM, which came in `frame`."""
    within = frame
    while within is not None:
        if within.f_code is OBSERVED:
            noted.append(number)
            return
        within = within.f_back
    raise_timeout(number, frame)
