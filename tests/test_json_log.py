from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve

from tutor.json_log import SiteJsonFormatter, log_thread_error, role
from tutor.live.run_watch import RunWatch
from tutor.runs.models import Run
from tutor.short_log import MOST


def logged(message: str = "It failed.", *args: Any, error: Exception | None = None, **extra: Any) -> dict[str, Any]:
    """Return what a line says."""
    about: Any = (type(error), error, error.__traceback__) if error else None
    record = logging.getLogger("tutor.any").makeRecord(
        "tutor.any", logging.ERROR, "", 1, message, args, about, extra=extra or None
    )
    line = SiteJsonFormatter().format(record)
    assert "\n" not in line and line.isascii()
    found: dict[str, Any] = json.loads(line)
    return found


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def test_a_line_says_when_who_and_what() -> None:
    line = logged("Run %s is “%s”.", "abc", "odd\nname")
    assert datetime.fromisoformat(line.pop("time")).utcoffset() is not None
    assert line == {
        "level": "ERROR",
        "logger": "tutor.any",
        "message": "Run abc is “odd\nname”.",
        "process": {"role": "site", "pid": os.getpid()},
    }


def test_a_line_about_a_run_has_its_public_id() -> None:
    assert logged(run="m5knd4mven")["run"] == "m5knd4mven"


def test_an_error_is_a_field_with_its_traceback() -> None:
    line = logged(error=raised(ValueError("a mistake")))
    assert line["message"] == "It failed."
    assert line["traceback"].startswith("Traceback ") and line["traceback"].endswith("ValueError: a mistake")


def test_a_failure_of_the_store_has_no_traceback() -> None:
    line = logged(error=raised(OperationalError("database is locked")))
    assert line["message"] == "It failed.: OperationalError('database is locked')" and "traceback" not in line


def test_texts_are_cut_that_a_visitor_makes_long() -> None:
    line = logged("x" * 1_000_000, error=raised(ValueError("y" * 1_000_000)), request=request("/" + "z" * 1_000_000))
    assert [len(line[name]) for name in ("message", "traceback", "path")] == [MOST] * 3


def request(path: str) -> HttpRequest:
    return RequestFactory().get(path, {"q": "a query"})


def test_an_error_of_a_request_has_its_path_and_status() -> None:
    line = logged("Internal Server Error: %s", "/quizzes/", request=request("/quizzes/"), status_code=500)
    assert (line["path"], line["status"]) == ("/quizzes/", 500) and "run" not in line


def test_an_error_at_the_page_of_a_run_is_about_that_run() -> None:
    asked = request("/runs/m5knd4mven/")
    asked.resolver_match = resolve(asked.path)
    assert logged(request=asked, status_code=500)["run"] == "m5knd4mven"


async def test_what_a_watch_of_a_run_says_is_about_that_run() -> None:
    watch = RunWatch(Run(public_id="m5knd4mven"))
    watch.task.cancel()
    assert watch.log_fields == {"run": "m5knd4mven"}


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["manage.py", "move", "x"], "move"),
        (["tutor/engine/workers.py", "7", "x"], "workers"),
        (["tutor/serve.py", "8000"], "site"),
        (["/bin/daphne"], "site"),
        ([], "site"),
    ],
)
def test_a_process_is_the_site_or_a_command(arguments: list[str], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", arguments)
    assert role() == name


def test_an_error_that_ends_a_thread_is_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", log_thread_error)
    thread = threading.Thread(target=lambda: 1 // 0, name="a worker")
    thread.start()
    thread.join()
    (record,) = caplog.records
    assert record.getMessage() == "An error has ended the thread a worker" and record.exc_info


LOG = """
import django
django.setup()
import logging, warnings
logging.getLogger("tutor.any").warning("Careful.")
warnings.warn("Old.")
"""


def said(**environment: str) -> list[str]:
    """Return the lines that a process logs with these settings."""
    own = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **environment}
    done = subprocess.run([sys.executable, "-c", LOG], env=own, capture_output=True, text=True)
    return done.stderr.splitlines()


def test_the_setting_makes_each_line_json() -> None:
    assert [json.loads(line)["logger"] for line in said(TUTOR_LOG="json")] == ["tutor.any", "py.warnings"]


def test_the_log_is_short_text_by_default() -> None:
    assert said()[0].endswith(" WARNING  Careful.")


def test_a_log_of_another_kind_ends_the_start_with_one_line() -> None:
    assert said(TUTOR_LOG="xml") == ['TUTOR_LOG is "xml" (known: text, json).']


def test_a_part_of_the_site_is_named(settings: Any) -> None:
    settings.TUTOR_ROLE = "web"
    assert logged()["process"]["role"] == "web"
