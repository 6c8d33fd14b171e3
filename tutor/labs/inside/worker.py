"""A worker: the process that executes tasks, observed.

An execution goes from the moment before the call of a task's function to the moment when its outcome is known. Under
`sync=True` it takes place in the caller, possibly inside another one.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import BuiltinFunctionType, FrameType, FunctionType, MethodType
from typing import Any

from django_q import cluster, worker
from django_q.exceptions import TimeoutException
from django_q.signals import post_execute_in_worker, post_spawn, pre_execute
from django_q.timeout import TimeoutHandler

from tutor.protocol.lanes import Lane

from .observe import alarms, tracebacks
from .observe.broker import Delivery
from .observe.probe import probe
from .observe.rows import rows
from .observe.tasks import described, outcome
from .observe.tracer import tracer
from .observe.values import bounded

executions: list[Execution] = []
"""The executions of this process, each inside the one before it."""


class Execution:
    """One execution: what its events say of its task, and how the process was traced before it."""

    def __init__(self, func: Any, task: Mapping[str, Any]) -> None:
        ack = task.get("ack_id")
        delivery = ack.number if isinstance(ack, Delivery) else None
        self.func = func
        self.task = {**described(task), "ack": int(ack) if ack else None, "delivery": delivery}
        self.entered = False
        self.tracer_before = tracer.begin(task["id"])
        self.profiler_before = sys.getprofile()

    def emit_started(self) -> None:
        self.entered = True
        probe.emit("started", {**self.task, "rows": rows()})

    def calling(self) -> None:
        """Observe the entry of the function, which is called next. Where its entry can't be observed, it is now."""
        if isinstance(self.func, FunctionType | MethodType | BuiltinFunctionType):
            sys.setprofile(EntryProfiler(self))
        else:
            self.emit_started()

    def called(self, error: BaseException | None) -> None:
        """Observe that the function was left, with or without an exception."""
        sys.setprofile(self.profiler_before)
        if not self.entered:
            self.emit_started()
        task = {name: self.task[name] for name in ("task", "name", "func", "delivery")}
        probe.emit("returned", {**task, "error": bounded(tracebacks.last_line(error)) if error else None})

    def end(self) -> None:
        """Trace and profile as before the execution."""
        sys.setprofile(self.profiler_before)
        tracer.end(self.tracer_before)


class EntryProfiler:
    """A profile function that waits until an execution's function, of Python or C, is entered.

    The signal `pre_execute` comes before that, and before the timeout's alarm is set. A worker that is killed or made
    slow there would not be interrupted in its task.
    """

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        self.code = getattr(execution.func, "__code__", None)

    @alarms.undisturbed
    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        execution = self.execution
        if (event == "call" and frame.f_code is self.code) or (event == "c_call" and arg is execution.func):
            sys.setprofile(execution.profiler_before)
            execution.emit_started()


class ObservedTimeoutHandler(TimeoutHandler):
    """The context that django-q2's worker calls a task's function in: as close to the call as one can get."""

    def __enter__(self) -> None:
        super().__enter__()
        if self._timeout != -1:
            alarms.postpone_in_observers()
        try:
            executions[-1].calling()
        except BaseException as error:
            self.__exit__(type(error), error, error.__traceback__)  # `with` doesn't, and would leave the alarm set.
            raise

    def __exit__(self, kind: Any, error: BaseException | None, frames: Any) -> None:
        super().__exit__(kind, error, frames)
        executions[-1].called(error)
        if error is not None and not isinstance(error, Exception | TimeoutException):
            executions.pop().end()  # Such as SystemExit: the worker ends with it, and sends no signal.


def observed_worker(*args: Any) -> None:
    """The main function of the process."""
    probe.enter(Lane.WORKER)
    worker.worker(*args)


def spawned(**_: Any) -> None:
    probe.emit("spawned", {})


def executing(func: Any, task: dict[str, Any], **_: Any) -> None:
    execution = Execution(func, task)
    executions.append(execution)
    if func is None:
        execution.emit_started()  # django-q2 raises by itself then: there is nothing to enter.


def executed(task: dict[str, Any], **_: Any) -> None:
    """Observe that the result is known. The worker holds its timer's lock meanwhile."""
    execution = executions.pop()
    execution.end()
    if "success" not in task:
        return  # Under sync=True a task that raises has no outcome.
    sys.stdout.flush()
    payload = {**execution.task, **outcome(task["result"], task["success"])}
    probe.emit("finished", payload)


def observe() -> None:
    """Observe each worker and each execution; once, in the template that labs are forked from."""
    cluster.worker = observed_worker
    worker.TimeoutHandler = ObservedTimeoutHandler
    worker.traceback = tracebacks
    post_spawn.connect(spawned)
    pre_execute.connect(executing)
    post_execute_in_worker.connect(executed)
