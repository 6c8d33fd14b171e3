"""The observed worker, a process that executes tasks.

An execution begins just before a task's function is called and ends when its outcome is known. Under `sync=True` it
takes place in the caller, possibly inside another execution. Not every function that is called is entered.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any, ClassVar

from django_q import cluster, worker
from django_q.exceptions import TimeoutException
from django_q.signals import post_execute_in_worker, post_spawn, pre_enqueue, pre_execute
from django_q.timeout import TimeoutHandler

from tutor.protocol.lanes import Lane

from .observe import alarms, output, tracebacks
from .observe.broker import Delivery
from .observe.entries import body_that_waits, entry_of, swallowed
from .observe.probe import probe
from .observe.rows import rows
from .observe.tasks import described, outcome
from .observe.tracer import tracer
from .observe.values import bounded

executions: list[ObservedExecution] = []
"""The current executions of this process, each inside the one before it."""
timeouts: dict[str, Any] = {}
"""Task → the timeout that it was given, if this process is about to execute it itself."""


class ObservedExecution:
    """One execution: the task's data for its events, and what was current in the process before it."""

    def __init__(self, func: Any, task: Mapping[str, Any]) -> None:
        self.func = func
        self.task = as_queued(task)
        names = swallowed(func, task["args"], task["kwargs"], self.task["options"])
        self.swallowed = {"swallowed": names} if names else {}
        self.brief = {name: self.task[name] for name in ("task", "name", "func", "ack", "delivery")}
        self.is_known = False
        """Whether an event has told if the function was entered."""
        self.entered = False
        self.task_before = probe.task
        probe.work_on(self.task)
        self.tracer_before = tracer.begin()
        self.profiler_before = sys.getprofile()

    def emit_started(self) -> None:
        self.is_known = self.entered = True
        probe.emit("started", {**self.task, **self.swallowed, "rows": rows()})

    def emit_not_started(self, reason: str) -> None:
        self.is_known = True
        probe.emit("not_started", {**self.task, **self.swallowed, "reason": bounded(reason)})

    def calling(self) -> None:
        """Emit `started` when the function, which is called next, is entered, or now if that can't be observed."""
        if not callable(self.func) or body_that_waits(self.func):
            return
        if entry := entry_of(self.func):
            sys.setprofile(EntryProfiler(self, entry))
        else:
            self.emit_started()

    def called(self, error: BaseException | None) -> None:
        """Emit `returned`: the function has returned, or has raised `error`. Or tell why it was not entered."""
        sys.setprofile(self.profiler_before)
        told = tracebacks.last_line(error) if error else None
        if not self.entered and (reason := told or body_that_waits(self.func)):
            self.emit_not_started(reason)
            return
        if not self.entered:
            self.emit_started()
        probe.emit("returned", {**self.brief, "error": bounded(told) if told else None})

    def end(self) -> None:
        """Restore the process's task, and its trace and profile functions."""
        sys.setprofile(self.profiler_before)
        sys.settrace(self.tracer_before)
        probe.work_on(self.task_before)
        if not executions:
            Tasks.taken = None


def as_queued(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the package that a process has taken, as it was queued, with its row and delivery if it has any.

    On its way here, django-q2 has changed it: the cluster is that of the pusher, and the worker has taken the timeout.
    """
    ack = task.get("ack_id")
    if isinstance(ack, Delivery):
        return {**ack.task, "ack": int(ack), "delivery": ack.number}
    given = {"timeout": timeouts.pop(task["id"])} if task["id"] in timeouts else {}
    return {**described({**task, **given}), "ack": int(ack) if ack else None, "delivery": None}


class EntryProfiler:
    """A profile function that emits `started` when an execution's function, in Python or C, is entered.

    The signal `pre_execute` is sent earlier, before the timeout's alarm is set. A worker that is killed or made slow
    there would not be interrupted inside its task.
    """

    def __init__(self, execution: ObservedExecution, entry: object) -> None:
        self.execution, self.entry = execution, entry

    @alarms.undisturbed
    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        execution = self.execution
        if (event == "call" and frame.f_code is self.entry) or (event == "c_call" and arg is self.entry):
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


class Tasks:
    """The worker's queue of tasks."""

    taken: ClassVar[Mapping[str, Any] | None] = None
    """The task that was taken last, until its execution has ended; None in other processes."""

    def __init__(self, queue: Any) -> None:
        self.queue = queue

    def get(self) -> Any:
        task = self.queue.get()
        Tasks.taken = task if isinstance(task, dict) else None
        return task


def observed_worker(task_queue: Any, *rest: Any) -> None:
    """The main function of the process.

    An exception ends it that is raised where django-q2 doesn't handle it: when the function's module is imported, or in
    a receiver of `pre_execute`.
    """
    output.enter(Lane.WORKER)
    try:
        worker.worker(Tasks(task_queue), *rest)
    except BaseException as error:
        if Tasks.taken is not None:
            execution = executions[0] if executions else ObservedExecution(None, Tasks.taken)
            if not execution.is_known:
                execution.emit_not_started(tracebacks.last_line(error))
            execution.end()
        raise


def spawned(**_: Any) -> None:
    probe.emit("spawned", {})


def queueing(task: dict[str, Any], **_: Any) -> None:
    if task.get("sync") and "timeout" in task:
        timeouts[task["id"]] = task["timeout"]


def executing(func: Any, task: dict[str, Any], **_: Any) -> None:
    executions.append(ObservedExecution(func, task))


def executed(task: dict[str, Any], **_: Any) -> None:
    """Emit `finished`: the result is known. The worker holds its timer's lock meanwhile."""
    execution = executions.pop()
    # Under sync=True a task that raises has no outcome.
    ended = outcome(task["result"], task["success"]) if "success" in task else None
    if not execution.is_known:  # There is no such function, and django-q2 has raised an exception itself.
        raised = sys.exc_info()[1]
        execution.emit_not_started(tracebacks.last_line(raised) if raised else str(ended and ended["error"]))
    if ended:
        output.flush()
        probe.emit("finished", {**execution.brief, **ended})
    execution.end()


def observe() -> None:
    """Observe each worker and each execution. Called once, in the template."""
    cluster.worker = observed_worker
    worker.TimeoutHandler = ObservedTimeoutHandler
    worker.traceback = tracebacks
    post_spawn.connect(spawned)
    pre_enqueue.connect(queueing)
    pre_execute.connect(executing)
    post_execute_in_worker.connect(executed)
