"""Starting runs for visitors, within limits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.utils import timezone

from tutor.lessons.lesson import Lesson

from .labs import run_queue
from .models import Run
from .run_queue import in_queue
from .versions import version_of

MINUTE = timedelta(minutes=1)
MIB = 1024 * 1024


class TooManyRuns(Exception):
    """A limit on the number of runs is reached. The message tells the visitor what to do."""


def start(
    lesson: Lesson,
    knobs: dict[str, Any],
    *,
    session: SessionBase,
    address: str | None,
    interventions: Sequence[dict[str, Any]] = (),
) -> Run:
    """Add a run of `lesson` to the run queue and return it.

    A browser session has one live run, which a new one replaces. Raises TooManyRuns.
    """
    run = store(lesson, knobs, session=session, address=address, interventions=interventions)
    enqueue(run)
    return run


def store(
    lesson: Lesson,
    knobs: dict[str, Any],
    *,
    session: SessionBase,
    address: str | None,
    interventions: Sequence[dict[str, Any]] = (),
) -> Run:
    """Store a run, which has to be enqueued as soon as it is committed. Raises TooManyRuns."""
    check_limits(known_key(session), address)
    if session.session_key is None:
        session.create()
    owner = session.session_key or ""
    return new_run(lesson, knobs, owner=owner, address=address, interventions=interventions)


def store_for_class(
    lesson: Lesson,
    knobs: dict[str, Any],
    *,
    owner: str,
    address: str | None,
    closed_until: datetime,
    goes_first: bool = False,
    interventions: Sequence[dict[str, Any]] = (),
) -> Run:
    """Store a run that only a class sees until then, which has to be enqueued as soon as it is committed.

    `owner` is the class, which has one live run as a browser session has. With `goes_first`, the class waits for it.
    Raises TooManyRuns.
    """
    check_limits(owner, address)
    more = {"closed_until": closed_until, "goes_first": goes_first}
    return new_run(lesson, knobs, owner=owner, address=address, interventions=interventions, **more)


def new_run(
    lesson: Lesson,
    knobs: dict[str, Any],
    *,
    owner: str,
    address: str | None,
    interventions: Sequence[dict[str, Any]],
    **more: Any,
) -> Run:
    inputs = {"version": version_of(lesson), "knobs": knobs, "interventions": list(interventions)}
    return Run.objects.create(lesson=lesson.slug, session=owner, address=valid_address(address), **inputs, **more)


def enqueue(*runs: Run) -> None:
    """Put stored runs of one browser session into the run queue, in the place of its live runs."""
    queue = run_queue()
    for run in runs:
        queue.add(run)  # First, as the run is stored: if the store fails now, it doesn't wait for long.
    for older in live_runs(runs[0].session):
        if older not in runs:
            queue.cancel(older, "A newer run of the same browser took its place.")


def known_key(session: SessionBase) -> str | None:
    """Return the key of a stored session; None for a new one, or for a key that the store doesn't have."""
    session.keys()  # Loads the session, and makes the response vary on the cookie.
    return session.session_key


def valid_address(address: str | None) -> str | None:
    """Return `address` if it is an IP address, or else None. A proxy may pass on anything."""
    try:
        return str(ip_address(address or ""))
    except ValueError:
        return None


def check_room() -> None:
    """Raise TooManyRuns if the database has reached its maximum size."""
    size = store_bytes()
    if size and size >= settings.TUTOR_MAX_STORE_MIB * MIB:
        raise TooManyRuns(
            "The site has no room for more runs. Please tell its administrators. Recorded runs are still available."
        )


def store_bytes() -> int:
    """Return the size of the database in bytes; 0 if it is a file that isn't there."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    return file_bytes(Path(str(settings.DATABASES["default"]["NAME"])))


def file_bytes(store: Path) -> int:
    """Return the size of an SQLite database with its write-ahead log; 0 if there is no file.

    The log has what isn't in the database's own file yet. While a reader keeps it in use, it can be the larger one.
    """
    size = 0
    for path in (store, Path(f"{store}-wal")):
        with suppress(FileNotFoundError):
            size += path.stat().st_size
    return size


def check_limits(session: str | None, address: str | None) -> None:
    """Raise TooManyRuns if a limit on runs, or the maximum size of the database, is reached."""
    check_rates(session, valid_address(address))
    check_room()


def check_rates(session: str | None, address: str | None) -> None:
    """Raise TooManyRuns if a limit is reached: of a browser session, of an address (a school's), or of the site."""
    recent = Run.objects.filter(asked_at__gt=timezone.now() - MINUTE)
    allowed = settings.TUTOR_RUNS_PER_MINUTE
    if session and recent.filter(session=session).count() >= allowed:
        raise TooManyRuns(f"You started {allowed} runs in a minute. Walk through one of them, then press Run again.")
    if recent.filter(address=address).count() >= allowed * settings.TUTOR_SESSIONS_PER_ADDRESS:
        raise TooManyRuns("Too many runs come from your network. Try again in a minute.")
    if in_queue().count() >= settings.TUTOR_MAX_WAITING:
        raise TooManyRuns("The run queue is full. Try again in a minute.")


def live_runs(session: str) -> list[Run]:
    return list(Run.objects.filter(session=session).exclude(state=Run.State.ENDED))


def recent_runs(session: str | None, lesson: Lesson, number: int = 5) -> list[Run]:
    """Return the last runs of `lesson` by a browser session, the newest first."""
    if not session:
        return []
    return list(Run.objects.filter(session=session, lesson=lesson.slug).order_by("-pk")[:number])


def last_run(session: str | None) -> Run | None:
    """Return the newest run of a browser session; None if it has none."""
    return Run.objects.filter(session=session).order_by("-pk").first() if session else None


def lessons_run(session: str | None) -> frozenset[str]:
    """Return the slugs of the lessons that a browser session has run."""
    if not session:
        return frozenset()
    return frozenset(Run.objects.filter(session=session).order_by().values_list("lesson", flat=True).distinct())
