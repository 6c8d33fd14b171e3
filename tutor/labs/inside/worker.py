"""One execution: a call of a task's function, from the moment before it to the moment when its outcome is known.

Mostly in a worker; under `sync=True` in the caller, and possibly one inside the other.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping
from types import BuiltinFunctionType, FrameType, FunctionType, MethodType
from typing import Any

from django_q import worker
from django_q.exceptions import TimeoutException
from django_q.signals import post_execute_in_worker, pre_execute
from django_q.timeout import TimeoutHandler

from . import probe
from .broker import Delivery
from .observe import alarms, tracer
from .observe.values import bounded, described, error_of, result_text, rows


class Execution:
    """What is told of one execution, and what is to be put back when it is over."""

    def __init__(self, func: Any, task: Mapping[str, Any]) -> None:
        ack = task.get("ack_id")
        delivery = ack.number if isinstance(ack, Delivery) else None
        self.func = func
        self.told = {**described(task), "ack": int(ack) if ack else None, "delivery": delivery}
        self.entered = False
        self.tracer_before = tracer.begin(task["id"])
        self.profiler_before = sys.getprofile()

    def tell_started(self) -> None:
        self.entered = True
        probe.emit("started", {**self.told, "rows": rows()})

    def entering(self) -> None:
        """The function is called next: be there when it is entered, if that can be seen."""
        if isinstance(self.func, FunctionType | MethodType | BuiltinFunctionType):
            sys.setprofile(Entry(self))
        else:
            self.tell_started()

    def left(self, error: BaseException | None) -> None:
        """The function was left, with or without an exception."""
        sys.setprofile(self.profiler_before)
        if not self.entered:
            self.tell_started()
        told = {name: self.told[name] for name in ("task", "name", "func", "delivery")}
        probe.emit("returned", {**told, "error": last_line(error) if error else None})

    def over(self) -> None:
        """Nothing more is seen of it."""
        sys.setprofile(self.profiler_before)
        tracer.end(self.tracer_before)


going_on: list[Execution] = []
"""The executions of this process, each inside of the one before it."""


class Entry:
    """A profile function that waits for one function to be entered, at first Python's or C's.

    `pre_execute` comes outside the function and before the timeout's alarm is set; a worker killed or made slow there
    would not be one that was interrupted in its task.
    """

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        self.code = getattr(execution.func, "__code__", None)

    @alarms.undisturbed
    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        execution = self.execution
        if (event == "call" and frame.f_code is self.code) or (event == "c_call" and arg is execution.func):
            sys.setprofile(execution.profiler_before)
            execution.tell_started()


class ObservedTimeoutHandler(TimeoutHandler):
    """What django-q2's worker has around the call of a task's function: the closest that one can get to it."""

    def __enter__(self) -> None:
        super().__enter__()
        if self._timeout != -1:
            alarms.put_off()
        try:
            going_on[-1].entering()
        except BaseException as error:
            self.__exit__(type(error), error, error.__traceback__)  # `with` would leave the alarm set.
            raise

    def __exit__(self, kind: Any, error: BaseException | None, frames: Any) -> None:
        super().__exit__(kind, error, frames)
        going_on[-1].left(error)
        if error is not None and not isinstance(error, Exception | TimeoutException):
            going_on.pop().over()  # Such as SystemExit: django-q2 lets it through, and sends no signal.


def connect() -> None:
    """Observe every execution from now on; once, in the template that labs are forked from."""
    pre_execute.connect(executing)
    post_execute_in_worker.connect(executed)
    worker.TimeoutHandler = ObservedTimeoutHandler


def executing(func: Any, task: dict[str, Any], **_: Any) -> None:
    execution = Execution(func, task)
    going_on.append(execution)
    if func is None:
        execution.tell_started()  # django-q2 then raises by itself: there is nothing to enter.


def executed(task: dict[str, Any], **_: Any) -> None:
    """The result is known and nothing is stored; sent inside the worker's timer lock, so nothing waits here."""
    execution = going_on.pop()
    execution.over()
    if "success" not in task:
        return  # Under sync=True a task that raises leaves no outcome.
    sys.stdout.flush()
    outcome = {
        "success": task["success"],
        "result": result_text(task["result"], task["success"]),
        "error": error_of(task["result"], task["success"]),
    }
    probe.emit("finished", {**execution.told, **outcome}, stoppable=False)


def last_line(error: BaseException) -> str:
    """`error` as the last line of its traceback would tell it."""
    return bounded(traceback.format_exception_only(error)[-1].strip())
