"""A class on a bad line, whose site is killed twice, and whose presenter moves: nothing is lost, and all are where the
presenter is."""

from __future__ import annotations

import asyncio
import json
import random
import re
import subprocess
import time
import urllib.error
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from copy import copy
from dataclasses import dataclass, field, replace
from http.client import HTTPException
from urllib.parse import urlencode

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tutor.benchmarks.answering import BROWSER, COOKIE, exchange, get
from tutor.benchmarks.page_state import PageState
from tutor.benchmarks.served_site import TOKEN, Browser, Site, new_site, serving
from tutor.benchmarks.slow_line import SlowLine, slow_line
from tutor.benchmarks.taught_class import TYPED, Presenter
from tutor.runs.models import Run

DELAY_S = 0.02
CUT_EVERY_S = 0.5
ONE_OF = 3
"""One connection in this many is cut at a time, and one request in this many is sent twice."""
RETRY_S, PATIENCE_S = 0.3, 120.0
ELSEWHERE = "127.0.0.2"
"""The address from which the presenter leads the class after a while."""
SAW = re.compile(r'name="saw" value="(\d+)"')
QUESTION = re.compile(r'name="(question|round)" value="(\d+)"')
STORED = """
SELECT browser, question_id, round, option
FROM classroom_answer JOIN classroom_member ON member_id = classroom_member.id
"""
Sent = tuple[str, int, int, int]
"""An answer: browser, question, round, option."""


@dataclass
class Member:
    """A page that follows the class, reports everything twice, gets everything twice, and answers every question."""

    presenter: Presenter
    cookies: str
    token: str
    browser: str
    chance: random.Random
    page: PageState = field(default_factory=PageState)
    socket: ClientConnection | None = None
    sent: set[Sent] = field(default_factory=set)
    acknowledged: set[Sent] = field(default_factory=set)
    answering: set[asyncio.Task[None]] = field(default_factory=set)

    async def follow(self) -> None:
        """Follow the class, and connect again whenever the line is lost."""
        origin = self.presenter.site.base
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with connect(self.presenter.socket, origin=origin, proxy=None, open_timeout=5) as socket:  # type: ignore[arg-type]
                    self.socket = socket
                    await self.report(socket)
                    async for message in socket:
                        for _ in range(2):
                            self.show(str(message))
                        await self.report(socket)
            await asyncio.sleep(RETRY_S * self.chance.random())

    async def report(self, socket: ClientConnection) -> None:
        for _ in range(2):
            await socket.send(self.page.report)

    def show(self, message: str) -> None:
        """Apply a message, unless it answers another state than the page's."""
        now = json.loads(self.page.report)
        if {name: json.loads(message)["from"][name] for name in now} != now:
            return
        self.page.apply(message)
        asked = {name: int(value) for name, value in QUESTION.findall(message.replace('\\"', '"'))}
        if asked:
            answer = self.browser, asked["question"], asked["round"], self.chance.randrange(4)
            if not any(each[:3] == answer[:3] for each in self.sent):
                self.sent.add(answer)
                self.answering.add(asyncio.create_task(self.answer(answer)))

    async def answer(self, answer: Sent) -> None:
        """Send an answer until the site has acknowledged or refused it."""
        _, question, round, option = answer
        fields = {"question": question, "round": round, "option": option, "do": "answer"}
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields})
        site = self.presenter.site
        head = (
            f"POST /rooms/{self.presenter.code}/ HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nConnection: close\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            f"Accept: text/plain\r\nOrigin: {site.base}\r\nCookie: {self.cookies}\r\n\r\n"
        )
        request, status = (head + body).encode(), b""
        while status not in (b"200", b"409"):
            times = 2 if self.chance.randrange(ONE_OF) == 0 else 1
            for each in await asyncio.gather(
                *[exchange(site.port, request) for _ in range(times)], return_exceptions=True
            ):
                status = status if isinstance(each, BaseException) or not each else each.split()[1]
                if status == b"200":
                    self.acknowledged.add(answer)
            await asyncio.sleep(RETRY_S * self.chance.random())


async def joined(presenter: Presenter, number: int) -> Member:
    page = (await exchange(presenter.site.port, get(presenter.member_page))).decode()
    found = TOKEN.search(page)
    assert found
    cookies = "; ".join(COOKIE.findall(page))
    return Member(presenter, cookies, found[1], BROWSER.findall(page)[0], random.Random(number))


async def cut(members: list[Member]) -> None:
    """Abort a third of the connections, again and again."""
    chance = random.Random(len(members))
    while True:
        await asyncio.sleep(CUT_EVERY_S)
        for each in chance.sample(members, len(members) // ONE_OF):
            if each.socket:
                each.socket.transport.abort()


def certainly(presenter: Presenter, do: str, key: str) -> None:
    """Send a command, with the same key, until the site has carried it out."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            return presenter.command(do, TYPED if do == "ask typed" else {}, key=key)
        except urllib.error.HTTPError:
            raise
        except (OSError, HTTPException):
            time.sleep(RETRY_S)
    raise TimeoutError("The site did not come back.")


def teach(presenter: Presenter, seconds: float, part: int) -> None:
    """Walk, ask, ask again and show the shares; then load the page again, which knows the same last command."""
    until, turn = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        turn += 1
        for do in ("go 2", "ask typed", "go 1", "close", "again", "shares", "away", "go 3"):
            certainly(presenter, do, f"press-{part}-{turn}-{do.replace(' ', '-')}")
            time.sleep(CUT_EVERY_S / 2)
    shown = SAW.search(presenter.browser.opener.open(presenter.page).read().decode())
    assert shown
    assert int(shown[1]) == presenter.number


def moved(presenter: Presenter, line: SlowLine) -> Presenter:
    """Return the presenter on another device, on a line of another address. It knows the secret address alone."""
    site = replace(presenter.site, port=line.port)
    address = f"{site.base}/teach/{presenter.secret}/"
    there = copy(presenter)
    there.site, there.browser = site, Browser(site, address)
    with there.browser.opener.open(address) as page:
        there.page, shown = page.geturl(), SAW.search(page.read().decode())
    assert shown
    there.number = int(shown[1])
    return there


@asynccontextmanager
async def running(site: Site) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Serve the site during the block, which gets its process. Members go on trying while it starts."""
    context = serving(site)
    process = await asyncio.to_thread(context.__enter__)
    try:
        yield process
    finally:
        await asyncio.to_thread(context.__exit__, None, None, None)


async def at_the_step(members: list[Member], step: int) -> None:
    """Wait until every page shows that step, and the same of its room."""
    async with asyncio.timeout(PATIENCE_S):
        while {each.page.step for each in members} != {step} or len({each.page.room for each in members}) > 1:
            await asyncio.sleep(RETRY_S)


async def runs_are_over(site: Site) -> None:
    """Wait until no run goes on, and none counts as going on."""
    async with asyncio.timeout(PATIENCE_S):
        while {state for (state,) in site.read("SELECT state FROM runs_run")} != {Run.State.ENDED}:
            await asyncio.sleep(RETRY_S)


@pytest.mark.thorough
@pytest.mark.parametrize(("number", "seconds"), [(12, 6), (100, 60)])
async def test_a_class_whose_lines_are_cut_whose_presenter_moves_and_whose_site_is_killed_twice_loses_nothing(
    number: int, seconds: float
) -> None:
    with new_site() as site, slow_line(site.port, DELAY_S) as line, slow_line(site.port, DELAY_S, ELSEWHERE) as other:
        async with running(site) as process:
            presenter = await asyncio.to_thread(Presenter, replace(site, port=line.port))
            members = [await joined(presenter, each) for each in range(number)]
            tasks = [asyncio.create_task(each.follow()) for each in members] + [asyncio.create_task(cut(members))]
            await asyncio.to_thread(certainly, presenter, "begin", "the-beginning")
            await asyncio.to_thread(teach, presenter, seconds / 3, 1)
            await asyncio.to_thread(certainly, presenter, "case fails", "another-run")
            process.kill()  # While that run goes on.
        async with running(site) as process:
            await runs_are_over(site)
            await asyncio.to_thread(certainly, presenter, "case fails", "the-same-run-again")
            await asyncio.to_thread(teach, presenter, seconds / 6, 2)
            presenter = await asyncio.to_thread(moved, presenter, other)
            await asyncio.to_thread(teach, presenter, seconds / 6, 3)
            await asyncio.to_thread(certainly, presenter, "ask typed", "before-the-end")
            process.kill()  # While the class answers.
        async with running(site):
            await asyncio.to_thread(teach, presenter, seconds / 3, 4)
            await asyncio.to_thread(certainly, presenter, "go 1", "the-last-press")
            await at_the_step(members, 1)
            for member in members:
                await asyncio.gather(*member.answering)
            for task in tasks:
                task.cancel()
        rows = site.read(STORED)
        assert len(set(rows)) == len(rows)
        assert set[Sent]().union(*[each.acknowledged for each in members]) <= set(rows)
        assert set(rows) <= set[Sent]().union(*[each.sent for each in members])
        assert all(each.acknowledged for each in members)
        assert presenter.stored("number") == presenter.number
