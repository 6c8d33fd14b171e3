"""Where django-q2 and Django say what happens, observed: signals, warnings, log records, printed text."""

from __future__ import annotations

import io
import logging
import sys
from typing import Any

from django.db.models.signals import post_init, post_save
from django_q.models import Task
from django_q.signals import post_spawn

from . import probe
from . import worker as executing
from .observe.values import bounded, error_of, result_text, rows

result_of = ""
"""In the monitor: the task whose result it is at; what it stores is mostly, but not always, that task's row."""


def connect() -> None:
    """Listen to everything that labs tell of; once, in the template that labs are forked from."""
    post_spawn.connect(spawned)
    executing.connect()
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
        "result_of": result_of or instance.pk,
    }
    probe.emit("stored", {**told, "rows": rows()})


class Telling(logging.Handler):
    """django-q2's log records of WARNING and above, as events."""

    def emit(self, record: logging.LogRecord) -> None:
        probe.emit("logged", {"level": record.levelname, "text": bounded(record.getMessage())}, stoppable=False)


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
        if len(self.rest) > probe.limits.value_characters:
            self.flush()
        return len(written)

    def flush(self) -> None:
        rest, self.rest = self.rest, ""
        if rest:
            self.send(rest)

    def send(self, lines: str) -> None:
        probe.emit("printed", {"stream": self.stream, "text": bounded(lines)})


def redirect() -> None:
    """Let what this process and its children print be told."""
    sys.stdout, sys.stderr = Printed("stdout"), Printed("stderr")
