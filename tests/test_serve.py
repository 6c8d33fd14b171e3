from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.protocol.limits import MIB
from tutor.serve import ADVICE, LEAST_ROOM, check_port, check_room


def test_importing_the_application_starts_no_labs() -> None:
    code = "import threading, tutor.asgi; from tutor.runs.labs import made_once as made\n"
    code += "print(threading.active_count(), made.cache_info().currsize)"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "0"]


def start(folder: Path, limit: int = resource.RLIM_INFINITY) -> tuple[int, str]:
    """Start a site with SQLite in `folder`, where it can't store anything; return its status and what it says.

    No file may have more bytes than `limit`.
    """
    own = {"DJANGO_SETTINGS_MODULE": "tutor.settings", "DATABASE_URL": "", "TUTOR_VAR": str(folder)}
    environment = {**os.environ, **own}
    with socket.socket() as end:
        end.bind(("127.0.0.1", 0))
        port = str(end.getsockname()[1])
    limited = f"ulimit -f {limit // 1024}; " if limit != resource.RLIM_INFINITY else ""
    command = ["bash", "-c", f'{limited}exec "$@"', "start", sys.executable, "-m", "tutor.serve", port]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


def test_a_folder_that_can_not_be_made_ends_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "var"
    status, said = start(folder)
    assert (status, said.count("\n")) == (1, 1)
    assert said.startswith(f"Can't write to {folder}: ") and said.endswith(f"{ADVICE}\n")


def test_a_database_that_can_not_be_written_ends_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "site.sqlite3").mkdir()
    status, said = start(tmp_path)
    assert (status, said) == (1, f"Can't write to {tmp_path}: unable to open database file. {ADVICE}\n")


def test_a_folder_without_room_ends_the_start_with_one_line(tmp_path: Path) -> None:
    status, said = start(tmp_path, LEAST_ROOM - MIB)
    assert (status, said) == (1, f"Can't write to {tmp_path}: [Errno 27] File too large. {ADVICE}\n")


def test_a_folder_without_room_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.serve.LEAST_ROOM", 2 * MIB)
    check_room(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MIB, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            check_room(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("port", ["banana", "0", "65536", "-1", "80.5"])
def test_what_is_not_a_port_is_refused_with_a_port_that_is(port: str) -> None:
    with pytest.raises(ValueError, match="isn't a port; choose one from 1 to 65535: make run PORT=8001"):
        check_port(port)


def test_a_port_that_is_taken_is_refused_with_the_next_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ValueError, match=f"Port {port} is taken; choose another one: make run PORT={port + 1}"):
            check_port(str(port))


@pytest.mark.parametrize("address", ["192.0.2.1", "::1", "nowhere.invalid"])
def test_an_address_of_another_machine_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr("tutor.serve.ADDRESS", address)
    with pytest.raises(ValueError, match=f"TUTOR_ADDRESS is {address}, which isn't an IPv4 address of this machine"):
        check_port("8001")
