"""The start of a lab: a fork of the forker becomes its supervisor and forks the cluster and the caller."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from socket import socket
from typing import Any

from django.conf import settings
from django.db import connections

from tutor.protocol import wire
from tutor.protocol.lanes import Lane
from tutor.protocol.limits import MIB, Limits
from tutor.protocol.when import When

from . import actions, caller, cluster, processes
from .lab_settings import place_caches
from .observe import clusters, output, values
from .observe.probe import probe
from .observe.rows import rows
from .observe.tracer import tracer
from .pipe_reader import PipeReader
from .supervisor import Supervisor


def run_lab(order: Mapping[str, Any], sockets: list[int], template: Path, opened: Mapping[str, Any]) -> None:
    """Run the lab that `order` describes, with this process as its supervisor, until the lab ends.

    `sockets` are the descriptors for observations, questions and the lifeline. `template` is the folder of the initial
    databases and files. `opened` is the payload of the lab's `opened` event, with django-q2's warnings as `warned`.
    """
    os.setsid()
    processes.adopt_orphans()
    observations, questions, lifeline = (socket(fileno=number) for number in sockets)
    limits = Limits(**order["limits"])
    breakpoints = [When.from_json(each) for each in order["breakpoints"]]
    probe.connect(observations, questions, limits, breakpoints, actions.IN_THE_PROCESS)
    set_backstops(limits)
    folder, files = Path(order["folder"]), template / "files"
    move_into(folder, template)
    path = folder / "program.py"
    path.write_text(order["program"])
    tracer.watch(path, files)
    values.of_server.hide(folder, files, *folder.parents)
    pipes, announcements = wire.pair()
    output.redirect(announcements)
    probe.emit("opened", {name: opened[name] for name in ("python", "django", "django_q", "settings")})
    for warning in opened["warned"]:
        probe.emit("warned", {"text": warning})
    written = PipeReader(pipes)
    clusters.run_also(order["clusters"])
    children = start(order["program"], path, lifeline)
    Supervisor(lifeline, children, rows, written, clusters.rows_by_cluster).supervise()
    processes.end_descendants()
    written.read_all()
    with suppress(OSError):  # The host may have ended.
        wire.send(lifeline, {"ended": True})


def set_backstops(limits: Limits) -> None:
    """Let the kernel limit each process to about twice the run's limits, for usage between the host's measurements."""
    backstops = {
        resource.RLIMIT_DATA: 2 * limits.memory_mib * MIB,
        resource.RLIMIT_FSIZE: 2 * limits.folder_mib * MIB,
        resource.RLIMIT_CPU: int(2 * limits.cpu_s) + 5,
        resource.RLIMIT_CORE: 0,
    }
    for number, most in backstops.items():
        _, hard = resource.getrlimit(number)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(number, (bound, bound))


def move_into(folder: Path, template: Path) -> None:
    """Use `folder` for the lab's databases, which are copied from `template`, its caches and its working directory."""
    os.chdir(folder)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    for alias in connections:
        database = folder / f"{alias}.sqlite3"
        shutil.copyfile(template / database.name, database)
        connections.settings[alias]["NAME"] = settings.DATABASES[alias]["NAME"] = str(database)
        connections[alias].settings_dict["NAME"] = str(database)
    place_caches(settings.CACHES, folder)


def start(program: str, path: Path, lifeline: socket) -> dict[int, Lane]:
    """Fork the clusters and the caller, which runs `program` once all of them are running; return pid → lane."""
    ready_out, ready_in = os.pipe()

    def run_cluster(name: str) -> None:
        lifeline.close()
        os.close(ready_out)
        cluster.run(name, lambda: os.write(ready_in, b"1"))

    def run_caller() -> None:
        lifeline.close()
        os.close(ready_in)
        caller.run(program, path, ready_out, len(clusters.running))

    children = {processes.fork(partial(run_cluster, name)): Lane.CLUSTER for name in clusters.running}
    children[processes.fork(run_caller)] = Lane.CALLER
    os.close(ready_in)
    return children
