"""The fork server: a small process that has imported Django but has no settings.

It starts a template process for each configuration, and ends with all of them when its host ends. Its parent, the
keeper, sees to that: it ends what doesn't end by itself, such as a process that is stopped, and removes the host's
folder.

It is a separate program (`python -m tutor.labs.inside.fork_server DESCRIPTOR`). The fork server of multiprocessing
isn't used because it imports its parent's `__main__` in each child, hides the errors of preloaded modules and passes on
its environment.
"""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tutor.protocol import wire
from tutor.protocol.limits import END_S

from . import first_database, folders, processes, template

FIRST_DATABASE = "base.sqlite3"
LOOK_EVERY_S = 0.05


def main(descriptor: int) -> None:
    """Start the fork server for the host at the other end of the socket `descriptor`, and be its keeper.

    The first message contains the host's folder. It isn't a command-line argument because labs can read those.
    """
    control = socket.socket(fileno=descriptor)
    first = wire.receive(control)
    if first is None:
        return
    folder = Path(first[0]["folder"])
    multiprocessing.set_start_method("fork")  # With it, semaphores are unlinked as soon as they are created.
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the host, and this process ends with the host.
    processes.adopt_orphans()
    keep(control, processes.fork(partial(run, os.getpid(), control, folder)))
    end_all()
    folders.remove(folder)


def keep(control: socket.socket, server: int) -> None:
    """Wait until the host has ended. If the fork server, the pid `server`, ends before, tell the host."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # The kernel reaps the server, and labs whose template has died.
    ended = os.pidfd_open(server)
    poll = select.poll()
    poll.register(control, 0)  # Only for its end: what it carries is for the server.
    poll.register(ended, select.POLLIN)
    while control.fileno() not in dict(poll.poll()):
        control.shutdown(socket.SHUT_WR)
        poll.unregister(ended)


def end_all() -> None:
    """Wait until the fork server, templates and labs have ended, and kill those that take longer than `END_S`."""
    until = time.monotonic() + END_S
    while processes.children(os.getpid()) and time.monotonic() < until:
        time.sleep(LOOK_EVERY_S)
    processes.end_descendants()


def run(keeper: int, control: socket.socket, folder: Path) -> None:
    """Serve the host at the other end of `control` until that end is closed. `folder` is the host's."""
    processes.end_with_parent(keeper)
    try:
        preload()
        database = folder / FIRST_DATABASE
        first_database.make(database)
    except BaseException:
        wire.send(control, {"error": reason()})
        raise
    wire.send(control, {"ready": True, "pid": os.getpid()})
    serve(control, database)


def preload() -> None:
    """Import modules that every lab needs and that don't depend on settings. `main` reports errors to the host."""
    import multiprocessing.queues
    import multiprocessing.sharedctypes  # noqa: F401

    import django.core.management.commands.migrate
    import django.db.backends.sqlite3.base
    import django.db.migrations.executor
    import django.db.models
    import django.dispatch
    import django.forms
    import django.utils.timezone
    import django.utils.translation.trans_null  # noqa: F401
    import psutil  # noqa: F401


def serve(control: socket.socket, database: Path) -> None:
    """Fork a template for each order from `control`, until the other end of that socket is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # The kernel reaps templates.
    server = os.getpid()
    while (request := wire.receive(control, 1)) is not None:
        order, (descriptor,) = request
        processes.fork(partial(run_template, server, control, order, descriptor, database))
        os.close(descriptor)


def run_template(
    server: int, control: socket.socket, order: Mapping[str, Any], descriptor: int, database: Path
) -> None:
    """Run the template that `order` describes in this fork of the fork server. `descriptor` is its socket's."""
    control.close()
    own = socket.socket(fileno=descriptor)
    processes.end_with_parent(server)  # Until it reads from `own`, as the import of a lesson's models may never end.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        wire.send(own, {"pid": os.getpid()})
        template.serve(own, order, database)
    except BaseException:
        wire.send(own, {"error": reason()})


def reason() -> str:
    """Return the current exception as one line of text."""
    error = sys.exc_info()[1]
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]


if __name__ == "__main__":
    main(int(sys.argv[1]))
