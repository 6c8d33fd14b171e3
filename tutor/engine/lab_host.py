"""A lab host: its first process, which starts the others and sees to it that they run."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from functools import partial
from socket import socket

import redis
from django.conf import settings
from django.db import DatabaseError

from tutor.labs.host.lab_host import LabHost, LabUnavailable
from tutor.live.fan_out import wake_others
from tutor.protocol import wire
from tutor.runs import labs, reference_maker, tickets
from tutor.runs.event_store import patiently
from tutor.runs.reaper import BOUND_S
from tutor.runs.run_queue import in_queue
from tutor.runs.turns import Turns

from .turn_server import TurnServer

logger = logging.getLogger(__name__)

CHECK_S = 0.5
"""Seconds between two looks at whether the cluster runs."""
DEAF_S = 30.0
"""Seconds after which workers that haven't asked for a turn, though runs wait, are started again. On a busy machine it
takes them ten seconds to start."""


class Cluster:
    """The program `tutor.engine.workers`, which is started again when it has ended."""

    def __init__(self, door: socket, host: LabHost) -> None:
        self.door, self.host = door, host
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        """The monotonic second when the program was last started."""

    def keep_running(self) -> None:
        """Start the program unless it runs."""
        if self.process and self.process.poll() is None:
            return
        if self.process:
            logger.warning("The workers have ended, and are started again.")
        self.kill()
        descriptor = self.door.fileno()
        self.started_at = time.monotonic()
        command = [sys.executable, "-m", "tutor.engine.workers", str(descriptor), str(self.host.folder)]
        self.process = subprocess.Popen(command, pass_fds=[descriptor], cwd=settings.BASE_DIR, start_new_session=True)

    def kill(self) -> None:
        """Kill the program and its workers."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self, seconds: float) -> None:
        """Let the workers finish their runs, for up to `seconds`."""
        assert self.process
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self.kill()


def serve(stopped: threading.Event) -> None:
    """Be a lab host until `stopped` is set; then finish the runs that have a lab. Raises UnsupportedPlatform."""
    with ExitStack() as ending:
        host = LabHost(settings.TUTOR_LABS)
        ending.callback(host.close)
        wake_others()
        turns, (door, theirs) = Turns(host.name), wire.pair()
        cluster, server = Cluster(theirs, host), TurnServer(door, host, turns)
        heartbeat = labs.heartbeat_of(host, turns, settings.TUTOR_MAX_LABS, partial(look, turns, server, cluster))
        patiently(heartbeat.start)
        ending.callback(heartbeat.stop)
        server.start()
        ending.callback(cluster.kill)
        cluster.keep_running()
        threading.Thread(target=prepare, args=[host], name="prepare-labs", daemon=True).start()
        while not stopped.wait(CHECK_S):
            cluster.keep_running()
        turns.closed = True
        cluster.stop(BOUND_S)


def prepare(host: LabHost) -> None:
    """Start templates for the first runs, and make the site's own runs."""
    try:
        labs.prepare(host)
    except (OSError, DatabaseError, LabUnavailable):
        logger.exception("Could not prepare labs; the first run will try again")
    reference_maker.start(host)


def look(turns: Turns, server: TurnServer, cluster: Cluster) -> None:
    """See to what is missing, at each heartbeat: ends of runs that were asked for, tickets, and workers that are stuck.

    A worker that is killed while it waits for a ticket leaves the others without any. They all end then.
    """
    turns.look()
    try:
        tickets.issue_missing()
    except redis.RedisError as error:
        logger.warning("Could not issue missing tickets", exc_info=error)
    is_deaf = time.monotonic() - max(server.asked_at, cluster.started_at) > DEAF_S
    if is_deaf and not turns.running and in_queue().exists():
        logger.warning("Runs wait, but no worker has asked for one. The workers are started again.")
        cluster.kill()
