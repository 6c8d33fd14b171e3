"""A log whose lines are JSON objects, for TUTOR_LOG=json."""

from __future__ import annotations

import logging
import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from pythonjsonlogger.json import JsonFormatter

from tutor.short_log import error_of, is_away, shortened


class SiteJsonFormatter(JsonFormatter):
    """Formats a record as one line. Its texts are as short as those of the other log; a field that is empty is missing.

    The run that a record is about is the `extra` field `run` of the call, or that of the address that was requested.
    """

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Put the fields of `record` into `log_data`. A failure of the store or of Redis has no traceback."""
        error = error_of(record)
        says_all = is_away(error)
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": shortened(f"{record.message}: {error!r}" if says_all else record.message),
            "run": getattr(record, "run", None),
            **of_request(record),
            "traceback": shortened(message_dict.get("exc_info", "")) if not says_all else "",
            "process": {"role": role(), "pid": os.getpid()},
        }
        log_data.update((name, value) for name, value in fields.items() if value)


def of_request(record: logging.LogRecord) -> dict[str, Any]:
    """Return the path, the status and the run of the request that `record` is about; nothing if it is about none."""
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest):
        return {}
    found = {"path": shortened(request.path), "status": getattr(record, "status_code", None)}
    run = request.resolver_match.kwargs.get("public_id") if request.resolver_match else None
    return {**found, "run": run} if run else found


def role() -> str:
    """Return what this process is: a management command, the workers of a lab host, or the site or a part of it."""
    path, *arguments = sys.argv or [""]
    program = Path(path).name
    if program == "manage.py" and arguments:
        return arguments[0]
    return "workers" if program == "workers.py" else {"all": "site"}.get(settings.TUTOR_ROLE, settings.TUTOR_ROLE)


def log_the_rest() -> None:
    """Log what Python would print as text: warnings, and errors that end a thread."""
    logging.captureWarnings(True)
    threading.excepthook = log_thread_error


def log_thread_error(ended: threading.ExceptHookArgs) -> None:
    """Log the error that has ended a thread."""
    name = ended.thread.name if ended.thread else "unknown"
    error = ended.exc_value or ended.exc_type()
    logging.getLogger("tutor.threads").error("An error has ended the thread %s", name, exc_info=error)
