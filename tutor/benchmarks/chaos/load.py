"""The load: learners who press Run and follow, browsers that answer, and a class."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from ..answering import OK, answer_of, exchange, get
from ..lesson import failing_knobs, measured_lesson
from ..page_state import PageState
from ..served_site import Browser, Site

LEARNERS, ANSWERING, MEMBERS = 6, 4, 20
RETRY_S, PAUSE_S = 1.0, 1.0
"""Seconds until something is tried again, and until a learner or a browser does the next thing."""
FOLLOW_S = 150.0
"""Maximum seconds from Run to the last step, with all that may happen meanwhile."""
AWAY = (OSError, WebSocketException, EOFError, TimeoutError)
"""What the loss of a line raises. It includes an answer with status 5xx, which `urllib` raises."""


@dataclass
class Load:
    """What the load has seen."""

    site: Site
    answered_page: str
    """The page of a run with questions."""
    over: bool = False
    """Whether nothing new is begun."""
    made: dict[str, int | None] = field(default_factory=dict)
    """Public id of a run whose start was acknowledged → the steps that its follower has seen when it ended; None if it
    hasn't seen the end."""
    tokens: list[str] = field(default_factory=list)
    """Those of the answers that were acknowledged."""
    shown: dict[int, int] = field(default_factory=dict)
    """Member → the step that its page shows."""
    refused: Counter[str] = field(default_factory=Counter)
    """What was refused though the site was there → how often."""
    away: int = 0
    """How often something had to be tried again."""

    def tasks(self) -> list[Coroutine[Any, Any, None]]:
        """Return what all of them do until the load is over."""
        return [
            *(self.learn(number) for number in range(LEARNERS)),
            *(self.answer(number) for number in range(ANSWERING)),
        ]

    async def learn(self, number: int) -> None:
        """Press Run and follow the run to its end, again and again. Every other run lasts for seconds."""
        browser: Browser | None = None
        knobs = failing_knobs(measured_lesson()) if number % 2 else {}
        while not self.over:
            try:
                if browser is None:
                    browser = await asyncio.to_thread(Browser, self.site)
                run = await asyncio.to_thread(browser.press, knobs)
            except AWAY as error:
                browser = None if isinstance(error, HTTPError) else browser
                await self.try_again(error)
                continue
            self.made[run] = None
            self.made[run] = await self.follow(run)
            await asyncio.sleep(PAUSE_S)

    async def follow(self, run: str) -> int | None:
        """Follow a run as its page does, and connect again whenever the line is lost; return how many steps it has when
        it has ended, or None if that isn't seen."""
        page, until = PageState(), time.monotonic() + FOLLOW_S
        while time.monotonic() < until:
            try:
                async with self.connected(f"/ws/runs/{run}/") as socket, asyncio.timeout(until - time.monotonic()):
                    await socket.send(page.report)
                    while not (page.ended and page.step == page.made):
                        page.apply(await socket.recv())
                        await socket.send(page.report)
                    return page.made
            except AWAY as error:
                await self.try_again(error)
        return None

    async def answer(self, number: int) -> None:
        """Load a page with questions in a new browser and answer one of them, again and again."""
        while not self.over:
            try:
                page = await exchange(self.site.port, get(self.answered_page), self.site.ssl)
                if not page.startswith(OK):
                    raise OSError("The page was not served.")
            except AWAY as error:
                await self.try_again(error)
                continue
            answer = answer_of(self.answered_page, page.decode(), number)
            if await self.acknowledged(answer.head + answer.body):
                self.tokens.append(answer.token)
            await asyncio.sleep(PAUSE_S)

    async def acknowledged(self, request: bytes) -> bool:
        """Send an answer until it is acknowledged, as a page does; return False if it is refused."""
        while True:
            try:
                response = await exchange(self.site.port, request, self.site.ssl)
                if response.startswith(OK):
                    return True
                status = response[9:12].decode()
                if status.startswith("4"):
                    self.refused[f"an answer: {status}"] += 1
                    return False
                raise OSError(status)
            except AWAY as error:
                await self.try_again(error)

    async def attend(self, path: str, number: int) -> None:
        """Be a member of a class, and connect again whenever the line is lost. Never returns."""
        page = PageState()
        while True:
            with suppress(*AWAY):
                async with self.connected(path) as socket:
                    await socket.send(page.report)
                    while True:
                        page.apply(await socket.recv())
                        self.shown[number] = page.step
                        await socket.send(page.report)
            await asyncio.sleep(random.uniform(0, RETRY_S))

    def connected(self, path: str) -> connect:
        """Return the websocket at a path, not yet opened."""
        address = f"{self.site.base.replace('https', 'wss')}{path}"
        options: dict[str, Any] = {"origin": self.site.base, "ssl": self.site.ssl, "proxy": None, "open_timeout": 10}
        return connect(address, ping_interval=5, ping_timeout=5, **options)

    async def try_again(self, error: BaseException) -> None:
        """Note that the site was away, or that it refuses, and wait."""
        if isinstance(error, HTTPError) and error.code < 500:
            self.refused[f"Run: {error.code}"] += 1
        self.away += 1
        await asyncio.sleep(RETRY_S)
