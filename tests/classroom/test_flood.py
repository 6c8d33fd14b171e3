"""A real site with a class: what one socket or form sends too much of is bounded, and the others are served."""

from __future__ import annotations

import asyncio
import urllib.error
from collections.abc import Iterator
from itertools import count

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tutor.benchmarks.followers import origin_of
from tutor.benchmarks.page_state import PageState, report
from tutor.benchmarks.raw_socket import RawSocket
from tutor.benchmarks.taught_class import TaughtClass, taught_class
from tutor.protocol.limits import MIB

BYTES, FORMS = 10_000_000, 8
GROWTH = 16 * MIB
PATIENCE_S = 60.0


pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def taught() -> Iterator[TaughtClass]:
    with taught_class() as taught:
        yield taught


class Member:
    """A member whose page follows the class."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.page = socket, PageState()

    async def show(self, step: int) -> None:
        """Receive messages until the page shows `step`."""
        async with asyncio.timeout(PATIENCE_S):
            await self.socket.send(self.page.report)
            while self.page.step != step:
                self.page.apply(str(await self.socket.recv()))
                await self.socket.send(self.page.report)


async def test_a_socket_that_reports_without_end_keeps_no_step_from_the_others(taught: TaughtClass) -> None:
    address, origin = taught.presenter.socket, origin_of(taught.presenter.socket)
    async with connect(address, origin=origin, proxy=None) as socket:  # type: ignore[arg-type]
        member, flood = Member(socket), RawSocket(address, origin)
        await member.show(taught.presenter.step)
        await flood.open()
        before = taught.process.memory_info().rss
        sending = asyncio.create_task(send_all(flood))
        for _ in range(3):
            await asyncio.to_thread(taught.presenter.ask)
            await member.show(taught.presenter.steps[-1])
        assert not sending.done()
        sending.cancel()
        await asyncio.to_thread(taught.presenter.ask)
        await member.show(taught.presenter.steps[-1])
        assert taught.process.memory_info().rss - before < GROWTH
        flood.leave()


async def send_all(flood: RawSocket) -> None:
    """Report one state after another, as fast as the site reads, and read nothing."""
    for number in count():
        await flood.send(report(number % 5, room=str(number)))
        await asyncio.sleep(0)


async def test_a_huge_message_closes_its_socket_alone(taught: TaughtClass) -> None:
    address, origin = taught.presenter.socket, origin_of(taught.presenter.socket)
    async with connect(address, origin=origin, proxy=None) as socket:  # type: ignore[arg-type]
        member = Member(socket)
        await member.show(taught.presenter.step)
        before = taught.process.memory_info().rss
        async with connect(address, origin=origin, proxy=None) as other:  # type: ignore[arg-type]
            with pytest.raises((ConnectionClosed, OSError)):
                await other.send("x" * BYTES)
                await other.recv()
        await asyncio.to_thread(taught.presenter.ask)
        await member.show(taught.presenter.steps[-1])
        assert taught.process.memory_info().rss - before < GROWTH


def test_huge_forms_are_refused_and_leave_nothing(taught: TaughtClass) -> None:
    presenter = taught.presenter
    before = taught.process.memory_info().rss
    for _ in range(FORMS):
        with pytest.raises(urllib.error.URLError):
            presenter.browser.post(presenter.member_page, {"do": "join", "name": "x" * BYTES})
    presenter.ask()
    assert presenter.step == presenter.steps[-1]
    assert taught.process.memory_info().rss - before < GROWTH
