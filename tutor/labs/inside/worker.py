"""The observed worker, a process that executes tasks.

An execution begins just before a task's function is called and ends when its outcome is known. Under `sync=True` it
takes place in the caller, possibly inside another execution.
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

from .observe import alarms, output, tracebacks
from .observe.broker import Delivery
from .observe.probe import probe
from .observe.rows import rows
from .observe.tasks import described, outcome
from .observe.tracer import tracer
from .observe.values import bounded

executions: list[ObservedExecution] = []
"""The current executions of this process, each inside the one before it."""


class ObservedExecution:
    """One execution: the task's data for its events, and what was current in the process before it."""

    def __init__(self, func: Any, task: Mapping[str, Any]) -> None:
        ack = task.get("ack_id")
        delivery = ack.number if isinstance(ack, Delivery) else None
        self.func = func
        self.task = {**described(task), "ack": int(ack) if ack else None, "delivery": delivery}
        self.brief = {name: self.task[name] for name in ("task", "name", "func", "ack", "delivery")}
        self.entered = False
        self.task_before = probe.task
        probe.work_on(self.task)
        self.tracer_before = tracer.begin()
        self.profiler_before = sys.getprofile()

    def emit_started(self) -> None:
        self.entered = True
        probe.emit("started", {**self.task, "rows": rows()})

    def calling(self) -> None:
        """Emit `started` when the function, which is called next, is entered, or now if that can't be observed."""
        if isinstance(self.func, FunctionType | MethodType | BuiltinFunctionType):
            sys.setprofile(EntryProfiler(self))
        else:
            self.emit_started()

    def called(self, error: BaseException | None) -> None:
        """Emit `returned`: the function has returned, or has raised `error`."""
        sys.setprofile(self.profiler_before)
        if not self.entered:
            self.emit_started()
        probe.emit("returned", {**self.brief, "error": bounded(tracebacks.last_line(error)) if error else None})

    def end(self) -> None:
        """Restore the process's task, and its trace and profile functions."""
        sys.setprofile(self.profiler_before)
        sys.settrace(self.tracer_before)
        probe.work_on(self.task_before)


class EntryProfiler:
    """A profile function that emits `started` when an execution's function, in Python or C, is entered.

    The signal `pre_execute` is sent earlier, before the timeout's alarm is set. A worker that is killed or made slow
    there would not be interrupted inside its task.
    """

    def __init__(self, execution: ObservedExecution) -> None:
        self.execution = execution
        self.code = getattr(execution.func, "__code__", None)

    @alarms.undisturbed
    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        execution = self.execution
        if (event == "call" and frame.f_code is self.code) or (event == "c_call" and arg is execution.func):
            sys.setprofile(execution.profiler_before)
            execution.emit_started()


class ObservedTimeoutHandler(TimeoutHandler):
    """The context manager around a task's function in django-q2's worker. It is the hook closest to the call."""

    def __enter__(self) -> None:
        super().__enter__()
        if self._timeout != -1:
            alarms.postpone_in_observers()
        try:
            executions[-1].calling()
        except BaseException as error:
            self.__exit__(type(error), error, error.__traceback__)  # `with` doesn't, and the alarm would stay set.
            raise

    def __exit__(self, kind: Any, error: BaseException | None, frames: Any) -> None:
        super().__exit__(kind, error, frames)
        executions[-1].called(error)
        if error is not None and not isinstance(error, Exception | TimeoutException):
            executions.pop().end()  # For example SystemExit: the worker exits and doesn't send the signal.


def observed_worker(*args: Any) -> None:
    """The main function of the process."""
    output.enter(Lane.WORKER)
    worker.worker(*args)


def spawned(**_: Any) -> None:
    probe.emit("spawned", {})


def executing(func: Any, task: dict[str, Any], **_: Any) -> None:
    execution = ObservedExecution(func, task)
    executions.append(execution)
    if func is None:
        execution.emit_started()  # django-q2 raises an exception itself; there is no function to enter.


def executed(task: dict[str, Any], **_: Any) -> None:
    """Emit `finished`: the result is known. The worker holds its timer's lock meanwhile."""
    execution = executions.pop()
    if "success" in task:  # Under sync=True a task that raises has no outcome.
        output.flush()
        probe.emit("finished", {**execution.brief, **outcome(task["result"], task["success"])})
    execution.end()


def observe() -> None:
    """Observe each worker and each execution. Called once, in the template."""
    cluster.worker = observed_worker
    worker.TimeoutHandler = ObservedTimeoutHandler
    worker.traceback = tracebacks
    post_spawn.connect(spawned)
    pre_execute.connect(executing)
    post_execute_in_worker.connect(executed)
