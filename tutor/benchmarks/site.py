"""The site as a browser meets it: a real Daphne, real websockets, a class that presses Run."""

from __future__ import annotations

import asyncio
import http.cookiejar
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .figures import Figure, below, benchmark, plain
from .labs import first_lesson

LEARNERS, PRESS_WITHIN_S, FIRST_WITHIN_S, ALL_WITHIN_S = 40, 5.0, 3.0, 6.0
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tutor.settings", "TUTOR_RUNS_PER_MINUTE": "1000"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SHOWN = re.compile(r'id="stage"[^>]*data-step="(\d+)"')
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Site:
    """A site of its own, with its files in `var`."""

    port: int
    var: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def events(self, public_id: str) -> list[tuple[str, int, dict[str, Any]]]:
        """(kind, monotonic moment in ns, payload) of a run's events."""
        with sqlite3.connect(f"file:{self.var / 'site.sqlite3'}?mode=ro", uri=True) as store:
            found = store.execute(
                "SELECT kind, at, payload FROM runs_event JOIN runs_run ON run_id = runs_run.id"
                " WHERE public_id = ? ORDER BY number",
                [public_id],
            ).fetchall()
        began = json.loads(found[0][2])["monotonic_ns"]
        return [(kind, began + at, json.loads(payload)) for kind, at, payload in found]


@contextmanager
def site() -> Iterator[Site]:
    """A site on a free port of the loopback address, ended and removed afterwards."""
    with socket.socket() as end:
        end.bind(("127.0.0.1", 0))
        port = end.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="tutor-bench-") as folder:
        served = Site(port, Path(folder))
        process = subprocess.Popen(
            [sys.executable, "-m", "tutor.serve", str(port)],
            env={**os.environ, **SETTINGS, "TUTOR_VAR": folder},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            until_it_answers(served, process)
            yield served
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def until_it_answers(served: Site, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(served.base, timeout=5).close()  # noqa: S310
            browser = Browser(served)
            browser.press({})  # The first run finds its lab's configuration being made ready.
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError("The site did not start.")


class Browser:
    """One browser session."""

    def __init__(self, served: Site) -> None:
        self.site = served
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.lesson = f"{served.base}/lessons/{first_lesson().slug}/"
        with self.opener.open(self.lesson) as page:
            found = TOKEN.search(page.read().decode())
        assert found
        self.token = found[1]

    def press(self, knobs: Mapping[str, str]) -> str:
        """Press Run and read the page that comes; returns the run's id."""
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **knobs}).encode()
        request = urllib.request.Request(f"{self.lesson}run/", data, {"Referer": self.lesson})  # noqa: S310
        with self.opener.open(request) as page:
            page.read()
            return str(page.geturl().rstrip("/").rsplit("/", 1)[-1])


async def watch(served: Site, run: str, steps: int) -> dict[int, float]:
    """Follow a run until step `steps` is shown; step → the monotonic second at which it came."""
    from websockets.asyncio.client import connect  # Of the development dependencies.

    came: dict[int, float] = {}
    async with connect(f"ws://127.0.0.1:{served.port}/ws/runs/{run}/", origin=served.base) as line:  # type: ignore[arg-type]
        await line.send(json.dumps({"step": 0, "follow": True, "made": 0, "ended": False}))
        while max(came, default=0) < steps:
            message = await asyncio.wait_for(line.recv(), 30)
            if shown := SHOWN.search(str(message)):
                came.setdefault(int(shown[1]), time.monotonic())
    return came


@benchmark("browser")
def transition_to_browser(rounds: int) -> Iterator[Figure]:
    """From a transition in the lab to its row at a websocket: the later rows of runs whose task is tried again."""
    delays = []
    with site() as served:
        browsers = [Browser(served) for _ in range(max(1, -(-rounds // 2)))]
        for browser in browsers:
            run = browser.press({"function": "math.fmod", "x": "1", "y": "0"})
            came = asyncio.run(watch(served, run, 8))
            delays += [(came[step] - moment) * 1000 for step, moment in later_steps(served, run) if step in came]
    yield below("transition in the lab to its row at a browser", "ms", delays, 50, of="p95")


def later_steps(served: Site, run: str) -> Iterator[tuple[int, float]]:
    """(step, monotonic second of its event) for the second delivery's steps, by which time the socket is open."""
    second = [
        at / 1e9
        for kind, at, payload in served.events(run)
        if (kind == "started" and payload["delivery"] == 2)
        or (kind == "stored" and payload["attempt_count"] == 2)
        or kind == "idle"
    ]
    yield from enumerate(second, 6)


@benchmark("page")
def page_bytes(rounds: int) -> Iterator[Figure]:
    """The lesson's page over the wire, first load, with all that it loads, compressed as a browser asks for it."""
    with site() as served:
        page = f"/lessons/{first_lesson().slug}/"
        text = urllib.request.urlopen(served.base + page).read().decode()  # noqa: S310
        total = sum(wire_bytes(served.base + path) for path in [page, *sorted(set(ASSET.findall(text)))])
    yield below("the lesson's page over the wire, first load", "kB", [total / 1000], 60)


def wire_bytes(address: str) -> int:
    """Bytes of the answer, headers included."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return len(answer.read()) + len(str(answer.headers))


@benchmark("class")
def class_presses_run(rounds: int) -> Iterator[Figure]:
    """A class from one address: 40 browsers press Run within 5 s, each follows its own run."""
    with site() as served:
        browsers = [Browser(served) for _ in range(LEARNERS)]
        timed = asyncio.run(press_together(served, browsers))
    first, whole = [each[0] for each in timed], [each[1] for each in timed]
    yield below(f"a class of {LEARNERS}: Run to the first row", "s", first, FIRST_WITHIN_S, of="p95")
    yield below(f"a class of {LEARNERS}: Run to the sixth row", "s", whole, ALL_WITHIN_S, of="p95")
    yield plain(f"a class of {LEARNERS}: the slowest learner's sixth row", "s", [max(whole)])


async def press_together(served: Site, browsers: list[Browser]) -> list[tuple[float, float]]:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(LEARNERS) as threads:

        async def learner(number: int, browser: Browser) -> tuple[float, float]:
            await asyncio.sleep(number * PRESS_WITHIN_S / LEARNERS)
            began = time.monotonic()
            run = await loop.run_in_executor(threads, browser.press, {})
            came = await watch(served, run, 6)
            return min(came.values()) - began, came[6] - began

        return await asyncio.gather(*(learner(number, browser) for number, browser in enumerate(browsers)))
