"""The django-q2 cluster of a lab host, as a program of its own.

    python -m tutor.engine.workers DOOR FOLDER

DOOR is the descriptor of the socket through which workers ask for turns, FOLDER that of the host's labs. The program is
the first of its process group. SIGTERM lets the workers finish their runs.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from socket import socket

from tutor.protocol import wire


def main(descriptor: str, folder: str) -> None:
    """Run the cluster until it is stopped, or the first process of the lab host has ended."""
    import django

    django.setup()
    # Modules that need models can only be imported after django.setup().
    from django_q.cluster import Cluster

    from . import worker

    worker.door, worker.folder = socket(fileno=int(descriptor)), Path(folder)
    threading.Thread(target=end_with, args=[worker.door], name="door", daemon=True).start()
    cluster = Cluster()
    cluster.start()
    cluster.sentinel.join()


def end_with(door: socket) -> None:
    """Kill the whole cluster when the first process of the lab host has ended, as nobody gives it turns any more."""
    wire.receive(door)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
