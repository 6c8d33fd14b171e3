"""Private servers of PostgreSQL and Redis: each has a temporary folder, and a port that is free.

    python -m tests.services PATH…

runs tests with PostgreSQL as the store; it hands the paths and options to pytest.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAME = "tutor"
SERVER_USER = "postgres"
"""The user that Debian's package adds. The server refuses to run as root."""
FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
"""What is stored need not outlive a power failure."""


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="tutor-postgresql-") as name, postgresql(Path(name)) as address:
        environment = {**os.environ, "DATABASE_URL": address}
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment).returncode


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Run a server whose files are in `folder`. Yield the DATABASE_URL of an empty database."""
    port, data = free_port(), folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, SERVER_USER)
    run([program("initdb"), "-D", str(data), "-A", "trust", "-U", NAME, "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"])
    options = ["-D", str(data), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1", *FAST]
    process = subprocess.Popen([program("postgres"), *options], stderr=subprocess.DEVNULL, **as_server())
    try:
        ready = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"]
        wait_for(ready, process)
        yield f"postgres://{NAME}@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run a server whose files are in `folder`. Yield its address."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    try:
        wait_for(["redis-cli", "-p", str(port), "ping"], process)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(30)


def wait_for(ready: list[str], process: subprocess.Popen[bytes]) -> None:
    """Return once a server accepts connections, which `ready` tests."""
    while subprocess.run(ready, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} has ended before it accepted connections.")


def run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **as_server())


def as_server() -> dict[str, Any]:
    """Return the arguments for a process of the server: root starts it as the package's user."""
    if os.geteuid():
        return {}
    user = pwd.getpwnam(SERVER_USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "cwd": "/"}


def program(name: str) -> str:
    """Return the path of a program of the newest PostgreSQL; Debian keeps the server's out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(found[-1]) if found else name


def free_port() -> int:
    with socket.socket() as end:
        end.bind(("127.0.0.1", 0))
        return int(end.getsockname()[1])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
