"""The keeper: the first process of a lab, which starts the others and leaves none of them behind.

It is the leader of the lab's session and the reaper of its orphans, so whatever a program forks stays within its reach;
when its lifeline to the host ends, everything ends.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tutor.protocol import wire
from tutor.protocol.actions import is_for_the_cluster
from tutor.protocol.limits import MIB, Limits

from . import caller, cluster, hooks, orphans, probe
from .observe import tracer, values
from .template import place_caches


def run(order: Mapping[str, Any], sockets: list[int], template: Path, told: Mapping[str, Any]) -> None:
    """Be the keeper of the lab that `order` describes; `sockets` are observations, asks and the lifeline.

    `template` holds the databases and files that the lab begins with; `told` is what `opened` says of it.
    """
    os.setsid()
    orphans.adopt()
    observations, asks, lifeline = (socket.socket(fileno=number) for number in sockets)
    probe.open_with(observations, asks, Limits(**order["limits"]), order["breakpoints"])
    set_backstops(probe.limits)
    folder, files = Path(order["folder"]), template / "files"
    prepare(folder, template)
    path = folder / "program.py"
    path.write_text(order["program"])
    tracer.watch(path, files)
    values.hide(folder, files)
    hooks.redirect()
    probe.emit("opened", {name: told[name] for name in ("python", "django", "django_q", "settings")})
    for warning in told["warned"]:
        probe.emit("warned", {"text": warning})
    Keeper(lifeline, start(order["program"], path, lifeline)).watch()


def set_backstops(limits: Limits) -> None:
    """Have the kernel refuse to each process what would be far too much before the host could measure it."""
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


def prepare(folder: Path, template: Path) -> None:
    """Make `folder` the lab's own: its databases, its cache, its working directory."""
    from django.conf import settings
    from django.db import connections

    os.chdir(folder)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    for alias in connections:
        database = folder / f"{alias}.sqlite3"
        shutil.copyfile(template / database.name, database)
        connections.settings[alias]["NAME"] = settings.DATABASES[alias]["NAME"] = str(database)
        connections[alias].settings_dict["NAME"] = str(database)
    place_caches(settings.CACHES, folder)


def start(program: str, path: Path, lifeline: socket.socket) -> dict[str, int]:
    """Start the cluster, and the caller that runs `program` once the cluster runs; returns the pid of each."""
    ready_out, ready_in = os.pipe()

    def cluster_main() -> None:
        os.close(ready_out)
        cluster.run(lambda: os.write(ready_in, b"1"))

    def caller_main() -> None:
        os.close(ready_in)
        caller.run(program, path, ready_out)

    children = {"cluster": fork(cluster_main, lifeline), "caller": fork(caller_main, lifeline)}
    os.close(ready_in)
    return children


def fork(main: Callable[[], Any], lifeline: socket.socket) -> int:
    """Run `main` in a child of the keeper; returns its pid."""
    if pid := os.fork():
        return pid
    status = 1
    try:
        lifeline.close()
        main()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(status)


class Keeper:
    """Waits for the host's word and for the ends of the caller and the cluster, whichever comes."""

    def __init__(self, lifeline: socket.socket, children: Mapping[str, int]) -> None:
        self.lifeline = lifeline
        self.children = {os.pidfd_open(pid): (role, pid) for role, pid in children.items()}
        self.died_out, died_in = os.pipe2(os.O_NONBLOCK)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(died_in)

    def watch(self) -> None:
        """Return never: this process ends with the lab."""
        while True:
            own = self.lifeline.fileno()
            for descriptor in wire.readable([own, self.died_out, *self.children]):
                if descriptor == own:
                    self.hear()
                elif descriptor in self.children:
                    self.reap(descriptor)
            self.reap_orphans()

    def hear(self) -> None:
        said = wire.receive(self.lifeline)
        if said is None or said[0]["do"] == "end":
            orphans.end_all()
            if said:
                wire.send(self.lifeline, {"ended": True})
            os._exit(0)
        if is_for_the_cluster(said[0]["do"]):
            for role, pid in self.children.values():
                if role == "cluster":
                    cluster.intervene(pid, said[0]["do"])
        elif said[0]["do"] == "count":
            seen = values.rows()
            wire.send(self.lifeline, {"waiting": seen["OrmQ"]["count"] if seen else None})
        elif said[0]["do"] == "look":
            seen = values.rows()
            waiting = seen["OrmQ"]["count"] if seen else None
            idle = waiting == 0 or said[0]["even_if_waiting"]
            if idle:
                probe.emit("idle", {"rows": seen, "waiting": waiting})
            wire.send(self.lifeline, {"idle": idle})

    def reap_orphans(self) -> None:
        """Reap those whose own parent died before them, and say how they died; the host knows what they were."""
        with suppress(BlockingIOError):
            os.read(self.died_out, 4096)
        own = {pid for _, pid in self.children.values()}
        with suppress(ChildProcessError):
            while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and ended.si_pid not in own:
                _, status = os.waitpid(ended.si_pid, 0)
                if code := os.waitstatus_to_exitcode(status):
                    cluster.tell_died("", ended.si_pid, code)

    def reap(self, descriptor: int) -> None:
        role, pid = self.children.pop(descriptor)
        os.close(descriptor)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code:
            cluster.tell_died(role, pid, code)
        wire.send(self.lifeline, {"gone": role})
