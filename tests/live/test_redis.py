"""Redis carries the wake-ups from the process in which something has changed to the pages of the others."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer

from tests.live.test_fan_out import Consumer
from tutor.benchmarks import services
from tutor.live.fan_out import FanOut


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with services.redis(tmp_path_factory.mktemp("redis")) as server:
        yield server.address


def process(address: str) -> FanOut:
    """Return the fan-out of what is as good as a process of its own."""
    fan_out = FanOut(asyncio.get_running_loop())
    fan_out.layer = RedisPubSubChannelLayer(hosts=[address], prefix="tutor")
    return fan_out


async def test_a_change_in_one_process_wakes_the_pages_of_another(address: str) -> None:
    here, there = process(address), process(address)
    page, other = Consumer(), Consumer()
    await there.group_add("run.a", page)
    await there.group_add("run.b", other)
    await here.group_send("run.a")
    await page.until_woken()
    assert other.woken.locked()


async def test_a_process_hears_again_after_redis_has_lost_all_connections(address: str) -> None:
    here, there = process(address), process(address)
    page = Consumer()
    await there.group_add("run.a", page)
    kill: Any = ["redis-cli", "--no-auth-warning", "-u", address, "client", "kill", "type", "pubsub"]
    subprocess.run(kill, check=True, stdout=subprocess.DEVNULL)
    heard = asyncio.create_task(page.until_woken())
    while not heard.done():  # What is sent before the process has connected again is lost.
        await here.group_send("run.a")
        await asyncio.wait([heard], timeout=0.05)
    await heard
