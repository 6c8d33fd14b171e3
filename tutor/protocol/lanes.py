"""Lanes: the roles of the processes that events come from."""

from __future__ import annotations

from enum import StrEnum


class Lane(StrEnum):
    """The role of a process."""

    CALLER = "caller"
    """Runs the lesson's program."""
    CLUSTER = "cluster"
    """The cluster's main process, like that of the command `qcluster`."""
    SENTINEL = "sentinel"
    """Starts the cluster's other processes and replaces those that died."""
    PUSHER = "pusher"
    """Takes tasks from the broker and hands them to the workers."""
    WORKER = "worker"
    """Executes tasks."""
    MONITOR = "monitor"
    """Stores results and acknowledges tasks."""
    LAB = "lab"
    """The lab's first process, the supervisor."""
    HOST = "host"
    """The process outside the lab that reads its observations."""


WORKING = (Lane.WORKER, Lane.CALLER)
"""Lanes that execute tasks: a worker, or the caller itself under `sync=True`."""
QUEUEING = (Lane.CALLER, Lane.MONITOR, Lane.SENTINEL, Lane.WORKER)
"""Lanes that queue tasks: the program, a hook or a chain, a schedule, another task."""
