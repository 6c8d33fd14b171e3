"""Private servers of PostgreSQL and Redis: each has a folder of its own, and a port that is free.

A server can be stopped or killed, and starts again on the same port with the same data. It ends with this process.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from tutor.labs.inside.processes import descendants

from .child import start_child

NAME = "tutor"
SERVER_USER = "postgres"
"""The user that Debian's package adds. The server refuses to run as root."""
UNSAFE = ["-c", "fsync=off", "-c", "full_page_writes=off"]
"""What is stored outlives the server, even if that is killed. It need not outlive a power failure."""
LOOPBACK = "127.0.0.1"
START_S, END_S, LOOK_EVERY_S = 60.0, 30.0, 0.02


@dataclass
class Server:
    """A server program on one port, with its files in one folder."""

    command: Sequence[str]
    ready: Sequence[str]
    """A command that succeeds once the server accepts connections."""
    address: str
    """How the site names it, in DATABASE_URL or TUTOR_REDIS_URL, with the host 127.0.0.1."""
    user: str | None = None
    """The user that root starts it as."""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server; return once it accepts connections. Raise RuntimeError if it doesn't."""
        self.process = start_child(
            self.command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_user(self.user),
        )
        deadline = time.monotonic() + START_S
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.command[0]} doesn't accept connections.")
            time.sleep(LOOK_EVERY_S)

    def is_ready(self) -> bool:
        """Return whether the server accepts connections."""
        asked = subprocess.run(self.ready, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return asked.returncode == 0

    def stop(self) -> None:
        """End the server as its operator does. Do nothing if it has ended."""
        if self.process:
            self.process.send_signal(signal.SIGINT)  # PostgreSQL ends its connections; for SIGTERM it waits for them.
            self.process.wait(END_S)

    def kill(self) -> None:
        """End the server, and the processes that it has started, at once."""
        assert self.process
        server = psutil.Process(self.process.pid)
        killed = [server, *descendants(server)]
        for each in killed:
            try:
                each.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.wait()
        psutil.wait_procs(killed, END_S)  # PostgreSQL doesn't start while one of its own processes is left.

    def at(self, host: str) -> str:
        """Return the address of the server by another of the machine's addresses."""
        return self.address.replace(LOOPBACK, host)


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """Yield a folder that PostgreSQL's user can pass through, and that is removed afterwards."""
    with TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@contextmanager
def postgresql(folder: Path, hosts: Sequence[str] = (LOOPBACK,)) -> Iterator[Server]:
    """Run a server whose files are in `folder`, which its user can reach. Its database is empty.

    It listens on all addresses `hosts`, and knows everybody who connects to it from one of their networks of 24 bits.
    """
    port, data = free_port(), folder / "data"
    user = SERVER_USER if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    options = ["-D", str(data), "-A", "trust", "-U", NAME, "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([program("initdb"), *options], check=True, stdout=subprocess.DEVNULL, **as_user(user))
    with (data / "pg_hba.conf").open("a") as rules:
        rules.writelines(f"host all all {host}/24 trust\n" for host in hosts)
    listen = f"listen_addresses={','.join(hosts)}"
    server = Server(
        [program("postgres"), "-D", str(data), "-p", str(port), "-k", str(folder), "-c", listen, *UNSAFE],
        [program("pg_isready"), "-q", "-h", LOOPBACK, "-p", str(port), "-t", "1"],
        f"postgres://{NAME}@{LOOPBACK}:{port}/postgres",
        user,
    )
    with running(server):
        yield server


@contextmanager
def redis(folder: Path, hosts: Sequence[str] = (LOOPBACK,)) -> Iterator[Server]:
    """Run a server whose files are in `folder`, and that listens on all addresses `hosts`. It has a password.

    Like Debian's, it writes what it keeps to a file when it is stopped, and loses that when it is killed.
    """
    port, password = str(free_port()), secrets.token_hex(16)
    options = ["--port", port, "--bind", *hosts, "--dir", str(folder), "--requirepass", password]
    server = Server(
        ["redis-server", *options, "--save", "3600 1"],
        ["redis-cli", "--no-auth-warning", "-p", port, "-a", password, "-e", "ping"],
        f"redis://:{password}@{LOOPBACK}:{port}/0",
    )
    with running(server):
        yield server


@contextmanager
def running(server: Server) -> Iterator[None]:
    """Run a server during the block. It may be ended and started in it."""
    try:
        server.start()
        yield
    finally:
        server.stop()


def as_user(name: str | None) -> dict[str, Any]:
    """Return the arguments for a process of another user; None for this one."""
    if name is None:
        return {}
    user = pwd.getpwnam(name)
    return {"user": user.pw_uid, "group": user.pw_gid, "cwd": "/"}


def program(name: str) -> str:
    """Return the path of a program of the newest PostgreSQL; Debian keeps the server's out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(found[-1]) if found else name


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as end:
        end.bind((LOOPBACK, 0))
        return int(end.getsockname()[1])
