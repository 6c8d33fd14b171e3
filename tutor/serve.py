"""`make run`: look whether the site can be served here, bring its database up to date, and serve it with Daphne."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from tutor.protocol.wire import UnsupportedPlatform, check_platform

ADDRESS = "127.0.0.1"


def main(port: str) -> None:
    """Serve on `port` of the loopback address until Ctrl-C; ends with one line where that can't be."""
    try:
        check_platform()
        check_port(port)
    except (UnsupportedPlatform, ValueError) as error:
        raise SystemExit(str(error)) from None
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutor.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    print("Bringing the database and the static files up to date…", flush=True)
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"Task Tutor is on http://{ADDRESS}:{port}/ in a moment. Ctrl-C ends it.", flush=True)
    daphne = str(Path(sys.executable).with_name("daphne"))
    options = ["--verbosity", "0", "--no-server-name", "-b", ADDRESS, "-p", port]
    if settings.TUTOR_PROXY:
        options.append("--proxy-headers")  # Or all visitors would have the proxy's address.
    os.execv(daphne, [daphne, *options, "tutor.asgi:application"])  # noqa: S606


def check_port(port: str) -> None:
    """Raise ValueError, in one line, if nothing can be served on `port`."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"“{port}” is no port; choose one from 1 to 65535: make run PORT=8001")
    with socket.socket() as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            end.bind((ADDRESS, int(port)))
        except OSError:
            raise ValueError(f"Port {port} is taken; choose another one: make run PORT={int(port) + 1}") from None


if __name__ == "__main__":
    main(sys.argv[1])
