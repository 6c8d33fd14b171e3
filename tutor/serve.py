"""`make run`: check the platform and the port, update the database, start the labs, and serve the site with Daphne."""

from __future__ import annotations

import errno
import logging
import os
import socket
import sys
import tempfile
from pathlib import Path

from django.db import DatabaseError

from tutor.protocol.limits import MIB
from tutor.protocol.wire import UnsupportedPlatform, check_platform

ADDRESS = os.environ.get("TUTOR_ADDRESS", "127.0.0.1")
LONGEST_MESSAGE = 64 * 1024
"""The bytes of a message to a websocket above which nothing more of it is read. Pages send some 200."""
BACKLOG = 1024
"""Connections that may wait to be accepted. When a web process dies, all of its pages connect to the others at once."""
LEAST_ROOM = 8 * MIB
"""The bytes that the site wants to be free before it starts."""
ADVICE = "Make room there and make it writable, or choose another folder: TUTOR_VAR=/another/folder make run"


def main(port: str) -> None:
    """Serve on `port` of `ADDRESS` until Ctrl-C or SIGTERM. Exit with a one-line message if that fails."""
    try:
        check_platform()
        check_port(port)
    except (UnsupportedPlatform, ValueError) as error:
        raise SystemExit(str(error)) from None
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutor.settings")
    try:
        prepare()
    except (OSError, DatabaseError) as error:
        raise SystemExit(obstacle(error)) from None
    say(f"Starting Task Tutor at http://{ADDRESS}:{port}/. Quit with Ctrl-C.")
    serve(port)


def say(line: str) -> None:
    """Print a line for people, or log it if lines are for programs."""
    from django.conf import settings

    if settings.TUTOR_LOG == "json":
        logging.getLogger("tutor.serve").info(line)
    else:
        print(line, flush=True)


def obstacle(error: Exception) -> str:
    """Return in one line why the site can't start."""
    if isinstance(error, DatabaseError) and os.environ.get("DATABASE_URL"):
        return f"Can't use the database of DATABASE_URL: {' '.join(str(error).split())}"
    return f"Can't write to {folder()}: {error}. {ADVICE}"


def folder() -> Path:
    """Return the folder of what the site stores. The settings create it, and so may not be there if that fails."""
    return Path(os.environ.get("TUTOR_VAR", "var")).absolute()


def prepare() -> None:
    """Update what is stored, and start the threads of the site. Raise OSError or DatabaseError if it can't write."""
    import django

    django.setup()
    # Modules that need models can only be imported after django.setup().
    from django.conf import settings

    from tutor.assignments import making
    from tutor.assignments.forgetting import forget_old_quizzes
    from tutor.classroom.forgetting import forget_old_classes
    from tutor.quizzes import question_maker
    from tutor.runs import cleaner, labs, reference_maker

    database = "Updating" if settings.TUTOR_ROLE == "all" else "Checking"
    say(f"{database} the database, and collecting the static files…")
    check_room(folder())
    update()
    labs.start()
    if settings.TUTOR_ROLE == "all":
        reference_maker.start(labs.host_and_queue()[0])
    question_maker.start()
    cleaner.start(forget_old_classes, forget_old_quizzes)
    making.start()


def update() -> None:
    """Update the database, and this process's static files. Raise OSError or DatabaseError if it can't write.

    The database of several processes is updated by an operator. Until then, new code doesn't serve: raise SystemExit.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    from tutor.runs.own_host import PENDING, migrations_are_pending

    if settings.TUTOR_ROLE == "all":
        call_command("migrate", verbosity=0)
    elif migrations_are_pending():
        raise SystemExit(PENDING)
    with transaction.atomic():  # Takes the lock of a writer; without new migrations, nothing else would.
        pass
    call_command("collectstatic", interactive=False, verbosity=0)


def check_room(folder: Path) -> None:
    """Raise OSError if `folder` has no room for the first minutes, or can't be written to."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(LEAST_ROOM))
        file.flush()


def serve(port: str) -> None:
    """Run Daphne in this process."""
    from django.conf import settings

    from .daphne import CommandLine  # It installs the reactor.

    endpoint = f"tcp:port={port}:interface={ADDRESS}:backlog={BACKLOG}"
    options = ["--verbosity", "0", "--no-server-name", "-e", endpoint]
    options += [f"--websocket-max-{each}-size={LONGEST_MESSAGE}" for each in ("message", "frame")]
    if settings.TUTOR_PROXY:
        options.append("--proxy-headers")  # Otherwise all visitors have the proxy's address.
    CommandLine().run([*options, "tutor.asgi:application"])


def check_port(port: str) -> None:
    """Raise ValueError, with a one-line message, if the site can't be served on `port`."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f'"{port}" isn\'t a port; choose one from 1 to 65535: make run PORT=8001')
    with socket.socket() as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            end.bind((ADDRESS, int(port)))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
                raise ValueError(f"TUTOR_ADDRESS is {ADDRESS}, which isn't an IPv4 address of this machine.") from None
            raise ValueError(f"Port {port} is taken; choose another one: make run PORT={int(port) + 1}") from None


if __name__ == "__main__":
    main(sys.argv[1])
