from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from tutor.serve import check_port


def test_importing_the_application_starts_no_labs() -> None:
    code = "import threading, tutor.asgi; from tutor.runs.labs import made_once as made\n"
    code += "print(threading.active_count(), made.cache_info().currsize)"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "0"]


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
