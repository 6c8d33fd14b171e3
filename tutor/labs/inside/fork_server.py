"""The fork server: a small process with Python's and Django's machinery loaded and no settings.

It is a program of its own (`python -m tutor.labs.inside.fork_server DESCRIPTOR`), not multiprocessing's: that one
imports its parent's `__main__` in each child, hides why a preload failed and hands its environment on. It starts one
template process per configuration and ends, with all of them, when its host does.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path

from tutor.protocol import wire

from . import first_database as base
from . import orphans, template

BASE = "base.sqlite3"
REMOVALS, REMOVE_AGAIN_S = 200, 0.05


def preload() -> None:
    """Import what every lab needs and no setting decides."""
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


def main(descriptor: int) -> None:
    """Serve the host at the other end of `descriptor`, until that end is closed.

    The host's folder comes through it too: what a process was started with can be read by all labs.
    """
    control = socket.socket(fileno=descriptor)
    begin = wire.receive(control)
    if begin is None:
        return
    folder = Path(begin[0]["folder"])
    multiprocessing.set_start_method("fork")  # Its semaphores leave no name behind.
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the host's affair, and its end is ours.
    try:
        preload()
        begin_with = folder / BASE
        base.make(begin_with)
    except BaseException:
        wire.send(control, {"error": reason()})
        raise
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    wire.send(control, {"ready": True})
    while (request := wire.receive(control, 1)) is not None:
        order, (end,) = request
        if os.fork() == 0:
            be_a_template(control, order, end, begin_with)
        os.close(end)
    remove(folder)


def remove(folder: Path) -> None:
    """Remove the host's folder, as the host may be dead; its labs end at the same time, and may still write there."""
    for _ in range(REMOVALS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(REMOVE_AGAIN_S)


def be_a_template(control: socket.socket, order: dict[str, object], end: int, begin_with: Path) -> None:
    control.close()
    own = socket.socket(fileno=end)
    orphans.end_with_parent(True)  # Until it listens to its host: a lesson's models may never be done with loading.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        wire.send(own, {"pid": os.getpid()})
        template.serve(own, order, begin_with)
    except BaseException:
        wire.send(own, {"error": reason()})
    finally:
        os._exit(0)


def reason() -> str:
    """What is wrong, in one line: the exception that is being handled."""
    error = sys.exc_info()[1]
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]


if __name__ == "__main__":
    main(int(sys.argv[1]))
