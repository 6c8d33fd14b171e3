"""Receivers of django-q2's signals: they turn each into an event of the protocol."""

from . import tracer
from .breakpoints import reach
from .events import record


def task_started(sender, func, task, **kwargs):
    lane = lane_of(task)
    reach("started", lane, name=task["name"], func=str(task["func"]))
    if lane == "worker":
        tracer.start(lane)


def task_returned(sender, func, task, **kwargs):
    lane = lane_of(task)
    if lane == "worker":
        tracer.stop()
    reach("returned", lane, name=task["name"])


def lane_of(task):
    """Return the role of the process that executes `task`: with `sync` the caller does it itself."""
    return "caller" if task.get("sync") else "worker"


def task_stored(sender, instance, **kwargs):
    record("stored", "monitor", name=instance.name, success=instance.success, attempt_count=instance.attempt_count)


def task_queued(sender, instance, created, **kwargs):
    if created:
        record("queued", "caller", name=instance.name())


def worker_spawned(sender, **kwargs):
    record("spawned", "worker")
