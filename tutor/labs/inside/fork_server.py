"""The fork server: a small process that has imported Django but has no settings.

It starts a template process for each configuration, and ends with all of them when its host ends.

It is a separate program (`python -m tutor.labs.inside.fork_server DESCRIPTOR`). The fork server of multiprocessing
isn't used because it imports its parent's `__main__` in each child, hides the errors of preloaded modules and passes on
its environment.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from socket import socket
from typing import Any

from tutor.protocol import wire

from . import first_database, processes, template

FIRST_DATABASE = "base.sqlite3"
REMOVALS, REMOVE_AGAIN_S = 200, 0.05


def main(descriptor: int) -> None:
    """Serve the host at the other end of the socket `descriptor` until that end is closed.

    The first message contains the host's folder. It isn't a command-line argument because labs can read those.
    """
    control = socket(fileno=descriptor)
    first = wire.receive(control)
    if first is None:
        return
    folder = Path(first[0]["folder"])
    multiprocessing.set_start_method("fork")  # With it, semaphores are unlinked as soon as they are created.
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the host, and this process ends with the host.
    try:
        preload()
        database = folder / FIRST_DATABASE
        first_database.make(database)
    except BaseException:
        wire.send(control, {"error": reason()})
        raise
    wire.send(control, {"ready": True})
    serve(control, database)
    remove(folder)


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


def serve(control: socket, database: Path) -> None:
    """Fork a template for each order from `control`, until the other end of that socket is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # The kernel reaps templates.
    server = os.getpid()
    while (request := wire.receive(control, 1)) is not None:
        order, (descriptor,) = request
        processes.fork(partial(run_template, server, control, order, descriptor, database))
        os.close(descriptor)


def run_template(server: int, control: socket, order: Mapping[str, Any], descriptor: int, database: Path) -> None:
    """Run the template that `order` describes in this fork of the fork server. `descriptor` is its socket's."""
    control.close()
    own = socket(fileno=descriptor)
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


def remove(folder: Path) -> None:
    """Remove the host's folder, as the host may have been killed.

    Retry while labs are ending: their file-based caches create folders that are missing, with all parents.
    """
    for _ in range(REMOVALS):
        ended = not processes.children(os.getpid())  # Templates end after their labs.
        shutil.rmtree(folder, ignore_errors=True)
        if ended and not folder.exists():
            return
        time.sleep(REMOVE_AGAIN_S)


if __name__ == "__main__":
    main(int(sys.argv[1]))
