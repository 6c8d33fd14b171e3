from __future__ import annotations

import asyncio

import pytest

from tutor.live import fan_out as module
from tutor.live.fan_out import FanOut, announce, fan_out
from tutor.runs.models import Run

PATIENCE_S = 30


class Consumer:
    """Counts how often it is woken up."""

    def __init__(self) -> None:
        self.woken = asyncio.Semaphore(0)

    def wake_up(self) -> None:
        self.woken.release()

    async def until_woken(self) -> None:
        await asyncio.wait_for(self.woken.acquire(), PATIENCE_S)


async def test_every_consumer_of_a_group_is_woken_and_no_other() -> None:
    first, second, other = Consumer(), Consumer(), Consumer()
    await fan_out().group_add("run.a", first)
    await fan_out().group_add("run.a", second)
    await fan_out().group_add("run.b", other)
    await fan_out().group_send("run.a")
    await first.until_woken()
    await second.until_woken()
    assert other.woken.locked()


async def test_a_consumer_that_has_left_is_woken_no_more() -> None:
    stays, leaves = Consumer(), Consumer()
    for each in (stays, leaves):
        await fan_out().group_add("run.a", each)
    await fan_out().group_discard("run.a", leaves)
    await fan_out().group_send("run.a")
    await stays.until_woken()
    assert leaves.woken.locked()


async def test_a_process_leaves_a_group_with_its_last_consumer() -> None:
    first, last = Consumer(), Consumer()
    for each in (first, last):
        await fan_out().group_add("run.a", each)
    await fan_out().group_discard("run.a", first)
    assert fan_out().channel in fan_out().layer.groups["run.a"]
    await fan_out().group_discard("run.a", last)
    assert fan_out().groups == {}
    assert fan_out().channel not in fan_out().layer.groups.get("run.a", {})


async def test_leaving_a_group_twice_or_without_joining_does_nothing() -> None:
    await fan_out().group_discard("run.a", Consumer())
    assert fan_out().groups == {}


async def test_consumers_are_woken_again_after_the_layer_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0)
    consumer, group = Consumer(), FanOut(asyncio.get_running_loop())
    receive, failed = group.layer.receive, asyncio.Event()

    async def fail_once(channel: str) -> object:
        if not failed.is_set():
            failed.set()
            raise ConnectionError("the layer is gone")
        return await receive(channel)

    monkeypatch.setattr(group.layer, "receive", fail_once)
    await group.group_add("run.a", consumer)
    await failed.wait()
    await group.group_send("run.a")
    await consumer.until_woken()


async def test_a_run_is_announced_from_any_thread() -> None:
    run, consumer = Run(public_id="abc"), Consumer()
    await fan_out().group_add(run.group, consumer)
    await asyncio.to_thread(announce, run)
    await consumer.until_woken()


def test_without_a_server_an_announcement_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "current", None)
    announce(Run(public_id="abc"))
