"""A real site whose live run is followed by real websockets, some of which misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tutor.benchmarks.crowd_sockets import Crowd
from tutor.benchmarks.followed_site import STEPS, WATCHES
from tutor.benchmarks.followers import live_site, origin_of, recorded_run
from tutor.benchmarks.measured_process import Process
from tutor.benchmarks.page_state import report
from tutor.benchmarks.raw_socket import RawSocket
from tutor.benchmarks.served_site import Site, follow
from tutor.protocol.limits import MIB

TASKS = 8
FOLLOWERS, IDLE, LEAVING = 12, 300, 200
REPORTS = 600
GROWTH = 12 * MIB
"""The answers to that many reports have more than twice as many bytes."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with the events of a run in a real lab."""
    with recorded_run(TASKS * len(STEPS)) as folder:
        yield folder


@pytest.fixture
def errors(tmp_path: Path) -> Path:
    """The file of what the site prints on its standard error."""
    return tmp_path / "errors"


@pytest.fixture
def served(folder: Path, tmp_path: Path, errors: Path) -> Iterator[tuple[Process, str]]:
    """A site, and the address of the websocket of its run, which is stored step by step."""
    with errors.open("w") as log, live_site(folder, tmp_path.name, log) as site:
        yield site


async def no_watch(site: Process) -> None:
    """Wait until no run is watched."""
    async with asyncio.timeout(60):
        while await asyncio.to_thread(site.ask, WATCHES) != "0":
            pass


async def test_every_step_reaches_all_who_follow_beside_a_crowd_that_misbehaves(
    served: tuple[Process, str], errors: Path, tmp_path: Path
) -> None:
    site, address = served
    crowd, url = Crowd(address, origin_of(address)), urlsplit(address)
    await crowd.open(IDLE)
    run = url.path.rstrip("/").rsplit("/", 1)[-1]
    following = [asyncio.create_task(follow(Site(tmp_path, url.port or 0), run)) for _ in range(FOLLOWERS)]
    last = TASKS * len(STEPS)
    for _ in range(last + 1):  # The end of the run follows its last step.
        await asyncio.gather(asyncio.to_thread(site.ask), crowd.come_and_leave(-(-LEAVING // last)))
        await crowd.slow.read(1)
        await crowd.deaf.send(report(0))
    arrived = await asyncio.gather(*following)
    made = max(arrived[0])
    assert made >= last
    assert [sorted(each) for each in arrived] == [list(range(1, made + 1))] * FOLLOWERS

    assert len(await crowd.slow.read_all()) == 1
    await crowd.slow.send(report(1))
    while not (messages := await crowd.slow.read_all()):
        pass
    assert [f'data-step=\\"{made}\\"' in each for each in messages] == [True]

    crowd.leave()
    await no_watch(site)
    assert errors.read_text() == ""


async def test_what_a_socket_does_not_read_is_not_kept(served: tuple[Process, str], errors: Path) -> None:
    site, address = served
    for _ in range(TASKS * len(STEPS)):
        site.ask()
    deaf, other = (RawSocket(address, origin_of(address)) for _ in range(2))
    await deaf.open()
    await other.open()
    process = psutil.Process(site.process.pid)
    before = process.memory_info().rss
    for _ in range(REPORTS):
        await deaf.send(report(0))
        for _ in range(3):
            await other.read_all()  # The site has had the time to answer.
    assert process.memory_info().rss - before < GROWTH
    assert len(await deaf.read_all()) < REPORTS / 2
    for each in (deaf, other):
        each.leave()
    await no_watch(site)
    assert errors.read_text() == ""
