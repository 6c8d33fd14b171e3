"""A site to measure: a real Daphne with files of its own, and browser sessions and websockets that use it."""

from __future__ import annotations

import asyncio
import http.cookiejar
import os
import re
import socket
import ssl
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

from .child import start_child
from .lesson import measured_lesson
from .page_state import PageState
from .store import SETTINGS, Store

START_TIMEOUT_S, END_TIMEOUT_S, TIMEOUT_S = 180.0, 20.0, 30.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NO_PROXY = urllib.request.ProxyHandler({})
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Site(Store):
    """A running site."""

    port: int
    ssl: ssl.SSLContext | None = None
    """Whom its visitors trust; None for what they trust anyway."""

    @property
    def base(self) -> str:
        return f"{'https' if self.ssl else 'http'}://127.0.0.1:{self.port}"

    @property
    def lesson(self) -> str:
        """The address of the measured lesson."""
        return f"{self.base}/lessons/{measured_lesson().slug}/"


@contextmanager
def served_site(lessons: Path | None = None) -> Iterator[Site]:
    """Serve a site on a free port of the loopback address, with the lessons in a folder, too; remove it afterwards.

    A first run of the measured lesson is over, so that its configuration has been used before.
    """
    with new_site() as site, serving(site, lessons):
        arrivals(site, Browser(site).press({}))
        yield site


@contextmanager
def new_site() -> Iterator[Site]:
    """Yield a site that isn't served, on a free port, in a folder that is removed afterwards."""
    with socket.socket() as end:
        end.bind(("127.0.0.1", 0))
        port = end.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="tutor-bench-", ignore_cleanup_errors=True) as folder:
        yield Site(Path(folder), port)


@contextmanager
def serving(
    site: Site,
    lessons: Path | None = None,
    log: Any = None,
    *,
    module: str = "tutor.serve",
    environment: Mapping[str, str] = NOTHING,
) -> Iterator[subprocess.Popen[bytes]]:
    """Serve `site` during the block, which gets its process. What it writes to stderr goes to the file `log`.

    `environment` is added to that of the process.
    The kernel ends it if this process is killed, or the thread that has called this ends.
    """
    process = start_child(
        [sys.executable, "-m", module, str(site.port)],
        env={**os.environ, **SETTINGS, "TUTOR_VAR": str(site.var), "TUTOR_LESSONS": str(lessons or ""), **environment},
        stdout=subprocess.DEVNULL,
        stderr=log,
    )
    try:
        wait_until_it_answers(site, process)
        yield process
    finally:
        terminate(process)
        wait_until_labs_are_gone(site)


def wait_until_it_answers(site: Site, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            get(site.base, {})
            return
        except OSError:
            time.sleep(0.1)
    raise CommandError("The site did not start.")


def terminate(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_labs_are_gone(site: Site) -> None:
    """Wait until the fork server of a stopped site has removed the folder of its labs, its last action."""
    deadline = time.monotonic() + END_TIMEOUT_S
    while any(site.var.glob("labs/*/")) and time.monotonic() < deadline:
        time.sleep(0.02)


def request(address: str, headers: Mapping[str, str], data: bytes | None = None) -> urllib.request.Request:
    return urllib.request.Request(address, data, dict(headers))  # noqa: S310  (always the site that was started here)


def get(address: str, headers: Mapping[str, str]) -> tuple[bytes, bytes]:
    """Return (headers, body) of the answer to a GET as they came over the wire."""
    with urllib.request.build_opener(NO_PROXY).open(request(address, headers), timeout=TIMEOUT_S) as answer:
        return bytes(answer.headers), answer.read()


class Browser:
    """A browser session that has loaded the lesson's page, or another one with a form."""

    def __init__(self, site: Site, address: str = "") -> None:
        self.site, self.address = site, address or site.lesson
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        trust = urllib.request.HTTPSHandler(context=site.ssl)
        self.opener = urllib.request.build_opener(NO_PROXY, cookies, trust)
        with self.opener.open(self.address, timeout=TIMEOUT_S) as page:
            found = TOKEN.search(page.read().decode())
        assert found
        self.token = found[1]

    def press(self, knobs: Mapping[str, str]) -> str:
        """Press Run and load the run's page; return the run's public id."""
        return self.post(f"{self.site.lesson}run/", knobs).rstrip("/").rsplit("/", 1)[-1]

    def post(self, address: str, form: Mapping[str, str], headers: Mapping[str, str] = NOTHING) -> str:
        """Send a form, and load the page that it leads to; return its address. Raises urllib.error.HTTPError."""
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **form}).encode()
        with self.opener.open(request(address, {"Referer": self.address, **headers}, data), timeout=TIMEOUT_S) as page:
            page.read()
            return str(page.geturl())


def arrivals(site: Site, run: str) -> dict[int, float]:
    """Follow a run live to its end; see `follow`."""
    return asyncio.run(follow(site, run))


async def follow(site: Site, run: str) -> dict[int, float]:
    """Follow a run live, as its page does, until its last step is shown, or for TIMEOUT_S.

    Return step → the monotonic second at which it arrived. Steps that arrive in one message have the same second.
    """
    try:
        from websockets.asyncio.client import connect
    except ImportError:
        raise CommandError("This needs the development dependencies: make install-dev") from None
    arrived: dict[int, float] = {}
    page = PageState()
    origin: Any = site.base
    address = f"ws://127.0.0.1:{site.port}/ws/runs/{run}/"
    async with connect(address, origin=origin, open_timeout=TIMEOUT_S, proxy=None) as connection:
        await connection.send(page.report)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                while not (page.ended and page.step == page.made):
                    message, moment = str(await connection.recv()), time.monotonic()
                    page.apply(message)
                    arrived |= dict.fromkeys(range(len(arrived) + 1, page.step + 1), moment)
                    await connection.send(page.report)
        except TimeoutError:
            pass
    return arrived
