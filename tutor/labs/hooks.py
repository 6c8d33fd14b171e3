"""Where django-q2 and Django say what happens, observed: signals, warnings, log records, printed text."""

from __future__ import annotations

import io
import logging
import sys
from types import BuiltinFunctionType, FrameType
from typing import Any

from django.db.models.signals import post_init, post_save
from django_q.models import Task
from django_q.signals import post_execute_in_worker, post_spawn, pre_execute

from . import probe, tracer
from .broker import Delivery
from .values import cut, described, error_of, result_text, rows


class Executing:
    """The execution that this process is in: what is to be put back when it is over."""

    before: Any = None
    told: dict[str, Any] = {}


def connect() -> None:
    """Listen to everything that labs tell of; once, in the template that labs are forked from."""
    post_spawn.connect(spawned)
    pre_execute.connect(executing)
    post_execute_in_worker.connect(executed)
    post_init.connect(read, sender=Task)
    post_save.connect(stored, sender=Task)
    # django-q2's own receiver runs the task's hook; what the hook does comes after what it is called for.
    post_save.receivers.insert(0, post_save.receivers.pop())
    post_save.sender_receivers_cache.clear()
    logger = logging.getLogger("django-q")
    logger.addHandler(Telling(level=logging.WARNING))
    logger.setLevel(logging.WARNING)
    logger.propagate = False


def spawned(**_: Any) -> None:
    probe.emit("spawned", {})


def executing(func: Any, task: dict[str, Any], **_: Any) -> None:
    """A worker is about to call the function: be there when it is entered, and when it is left."""
    ack = task.get("ack_id")
    delivery = ack.number if isinstance(ack, Delivery) else None
    told = {**described(task), "ack": int(ack) if ack else None, "delivery": delivery}
    Executing.told = told
    Executing.before = tracer.begin(task["id"])
    code = getattr(getattr(func, "__func__", func), "__code__", None)
    if code is not None or isinstance(func, BuiltinFunctionType):
        sys.setprofile(Entry(func, code, told))
    else:
        tell_started(told)


def tell_started(told: dict[str, Any]) -> None:
    probe.emit("started", {**told, "rows": rows()})


class Entry:
    """A profile function that waits for one function to be entered and left.

    `pre_execute` comes before the timeout's alarm is set and outside the function; a worker killed or made slow then
    would not be one that was interrupted in its task.
    """

    def __init__(self, func: Any, code: Any, told: dict[str, Any]) -> None:
        self.func, self.code, self.told = func, code, told
        self.ends = ("c_return", "c_exception") if code is None else ("return",)
        self.frame: FrameType | None = None

    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        if self.frame is None:
            if (event == "call" and frame.f_code is self.code) or (event == "c_call" and arg is self.func):
                self.frame = frame
                self.enter()
        elif self.frame is frame and event in self.ends and (self.code is not None or arg is self.func):
            sys.setprofile(None)
            self.leave()

    @probe.uninterrupted
    def enter(self) -> None:
        tell_started(self.told)

    @probe.uninterrupted
    def leave(self) -> None:
        probe.emit("returned", {name: self.told[name] for name in ("task", "name", "func", "delivery")})


def executed(task: dict[str, Any], **_: Any) -> None:
    """The result is known and nothing is stored; sent inside the worker's timer lock, so nothing waits here."""
    sys.setprofile(None)
    tracer.end(Executing.before)
    if "success" not in task:
        return  # Under sync=True a task that raises leaves no outcome.
    outcome = {
        "success": task["success"],
        "result": result_text(task["result"], task["success"]),
        "error": error_of(task["result"], task["success"]),
    }
    probe.emit("finished", {**Executing.told, **outcome}, stoppable=False)


def read(instance: Task, **_: Any) -> None:
    if probe.lane in ("caller", "worker") and instance.pk:
        probe.tasks_read.append((instance.pk, instance.attempt_count))


def stored(instance: Task, created: bool, **_: Any) -> None:
    told = {
        "task": instance.pk,
        "name": instance.name,
        "func": instance.func,
        "success": instance.success,
        "result": result_text(instance.result, instance.success),
        "error": error_of(instance.result, instance.success),
        "attempt_count": instance.attempt_count,
        "created": created,
    }
    probe.emit("stored", {**told, "rows": rows()})


class Telling(logging.Handler):
    """django-q2's log records of WARNING and above, as events."""

    def emit(self, record: logging.LogRecord) -> None:
        probe.emit("logged", {"level": record.levelname, "text": cut(record.getMessage())}, stoppable=False)


class Printed(io.TextIOBase):
    """A stream whose lines become events."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.rest = ""

    def writable(self) -> bool:
        return True

    def write(self, written: str) -> int:
        *whole, self.rest = (self.rest + written).split("\n")
        if whole:
            self.send("\n".join(whole) + "\n")
        if len(self.rest) > probe.limits.value_bytes:
            self.flush()
        return len(written)

    def flush(self) -> None:
        rest, self.rest = self.rest, ""
        if rest:
            self.send(rest)

    def send(self, lines: str) -> None:
        probe.emit("printed", {"stream": self.stream, "text": cut(lines)})


def redirect() -> None:
    """Let what this process and its children print be told."""
    sys.stdout, sys.stderr = Printed("stdout"), Printed("stderr")
