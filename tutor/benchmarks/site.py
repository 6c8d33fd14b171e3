"""The site as a browser meets it: a real Daphne with files of its own, browser sessions, websockets."""

from __future__ import annotations

import asyncio
import http.cookiejar
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from .labs import first_lesson

OWN = {
    "DJANGO_SETTINGS_MODULE": "tutor.settings",
    "TUTOR_HOSTS": "127.0.0.1",
    "TUTOR_HTTPS": "",
    "TUTOR_PROXY": "",
}
"""What is not as in this process's environment; rates, limits and the number of labs are."""
START_S, END_S, GIVE_UP_S = 60.0, 20.0, 30.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
STAGE = re.compile(r'id="stage"[^>]*data-step="(\d+)"')
NAV = re.compile(r'id="walk-nav"[^>]*data-made="(\d+)"( data-ended)?')
DIRECT = urllib.request.ProxyHandler({})
"""Nothing of this goes through a proxy."""


@dataclass(frozen=True)
class Site:
    """A site that is served."""

    port: int
    var: Path
    """The folder with its database and its labs."""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def lesson(self) -> str:
        return f"{self.base}/lessons/{first_lesson().slug}/"

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What its database answers."""
        store = sqlite3.connect(f"file:{self.var / 'site.sqlite3'}?mode=ro", uri=True, timeout=20)
        try:
            return store.execute(query, values).fetchall()
        finally:
            store.close()

    def events(self, run: str) -> list[tuple[str, float, dict[str, Any]]]:
        """(kind, monotonic second at which it was, payload) of a run's events."""
        found = self.read(
            "SELECT kind, at, payload FROM runs_event JOIN runs_run ON run_id = runs_run.id"
            " WHERE public_id = ? ORDER BY number",
            run,
        )
        events = [(kind, at, json.loads(payload)) for kind, at, payload in found]
        began = events[0][2]["monotonic_ns"]
        return [(kind, told.get("raw_at", began + at) / 1e9, told) for kind, at, told in events]


@contextmanager
def site() -> Iterator[Site]:
    """A site on a free port of the loopback address, with a first run behind it; ended and removed afterwards."""
    with socket.socket() as end:
        end.bind(("127.0.0.1", 0))
        port = end.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="tutor-bench-", ignore_cleanup_errors=True) as folder:
        served = Site(port, Path(folder))
        process = subprocess.Popen(
            [sys.executable, "-m", "tutor.serve", str(port)],
            env={**os.environ, **OWN, "TUTOR_VAR": folder},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            until_it_answers(served, process)
            asyncio.run(watch(served, Browser(served).press({}), 6))
            yield served
        finally:
            terminate(process)
            until_labs_are_gone(served)


def until_it_answers(served: Site, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            get(served.base, {})
            return
        except OSError:
            time.sleep(0.1)
    raise CommandError("The site did not start.")


def terminate(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until_labs_are_gone(served: Site) -> None:
    """The fork server of a site that has ended removes the labs' folder as the last thing that it does."""
    until = time.monotonic() + END_S
    while any(served.var.glob("labs/*/")) and time.monotonic() < until:
        time.sleep(0.02)


def request(address: str, headers: Mapping[str, str], data: bytes | None = None) -> urllib.request.Request:
    return urllib.request.Request(address, data, dict(headers))  # noqa: S310  (always the site that was started here)


def get(address: str, headers: Mapping[str, str]) -> tuple[bytes, bytes]:
    """(headers, body) of the answer to a GET, as they came over the wire."""
    with urllib.request.build_opener(DIRECT).open(request(address, headers), timeout=GIVE_UP_S) as answer:
        return bytes(answer.headers), answer.read()


class Browser:
    """One browser session, which has loaded the lesson's page."""

    def __init__(self, served: Site) -> None:
        self.site = served
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(DIRECT, cookies)
        with self.opener.open(served.lesson, timeout=GIVE_UP_S) as page:
            found = TOKEN.search(page.read().decode())
        assert found
        self.token = found[1]

    def press(self, knobs: Mapping[str, str]) -> str:
        """Press Run and read the page that comes; returns the run's id."""
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **knobs}).encode()
        form = request(f"{self.site.lesson}run/", {"Referer": self.site.lesson}, data)
        with self.opener.open(form, timeout=GIVE_UP_S) as page:
            page.read()
            return str(page.geturl().rstrip("/").rsplit("/", 1)[-1])


async def watch(served: Site, run: str, steps: int) -> dict[int, float]:
    """Follow a run live until step `steps` is shown, as the page does; step → the monotonic second at which it came.

    A step that came together with a later one came with that one. What has not come after `GIVE_UP_S` is missing.
    """
    try:
        from websockets.asyncio.client import connect
    except ImportError:
        raise CommandError("This needs the development dependencies: make install-dev") from None
    came: dict[int, float] = {}
    standing = {"step": 0, "follow": True, "made": 0, "ended": False}
    address = f"ws://127.0.0.1:{served.port}/ws/runs/{run}/"
    origin: Any = served.base
    async with connect(address, origin=origin, open_timeout=GIVE_UP_S, proxy=None) as line:
        await line.send(json.dumps(standing))
        try:
            async with asyncio.timeout(GIVE_UP_S):
                while steps not in came:
                    message, moment = str(await line.recv()), time.monotonic()
                    if nav := NAV.search(message):
                        standing |= {"made": int(nav[1]), "ended": bool(nav[2])}
                    if stage := STAGE.search(message):
                        came |= {step: moment for step in range(1, int(stage[1]) + 1) if step not in came}
                        await line.send(json.dumps({**standing, "step": int(stage[1])}))
        except TimeoutError:
            pass
    return came
