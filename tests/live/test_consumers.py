from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client

from tests.recording import Recording
from tutor.asgi import application
from tutor.live.fan_out import fan_out
from tutor.live.run_watch import watches
from tutor.runs.models import Run
from tutor.runs.signals import run_changed
from tutor.styles.moment import Moment, at_step
from tutor.styles.rendering import fragments, stage

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = 6
PATIENCE_S = 30


class PageSocket(WebsocketCommunicator):
    """The socket of a page that reports its state, and what it shows after each message, as `socket.js` does."""

    state: dict[str, Any]

    async def report(self, step: int, *, follow: bool, made: int = 0, ended: bool = False) -> None:
        self.state = {"step": step, "follow": follow, "made": made, "ended": ended}
        await self.send_to(text_data=json.dumps(self.state))

    async def show_next(self) -> str:
        """Receive the next message, and report that the page shows what is in it."""
        message = str(await self.receive_from(timeout=PATIENCE_S))
        step = re.search(r'data-step="(\d+)"', message)
        made = re.search(r'data-made="(\d+)"', message)
        assert made
        await self.report(
            int(step[1]) if step else self.state["step"],
            follow=self.state["follow"],
            made=int(made[1]),
            ended="data-ended" in message,
        )
        return message


def socket(run: Run, origin: str = "http://localhost") -> PageSocket:
    headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
    return PageSocket(application, f"/ws/runs/{run.public_id}/", headers=headers)


async def connected(run: Run, step: int, *, follow: bool) -> PageSocket:
    ws = socket(run)
    assert (await ws.connect(PATIENCE_S))[0]
    await ws.report(step, follow=follow)
    return ws


async def receive_until(ws: PageSocket, step: int) -> list[str]:
    """Return the messages up to the one whose stage shows `step`."""
    messages = [await ws.show_next()]
    while f'data-step="{step}"' not in messages[-1]:
        messages.append(await ws.show_next())
    return messages


@database_sync_to_async
def go_on(recording: Recording, kind: str | None = None) -> None:
    recording.go_on(lambda seen: seen.kind == kind)


@database_sync_to_async
def shown(run: Run, step: int) -> Moment:
    return at_step(Run.objects.get(pk=run.pk), step)


async def test_a_page_that_follows_gets_each_step_as_it_is_made(recording: Recording) -> None:
    ws = await connected(recording.run, 0, follow=True)
    await go_on(recording, "queued")
    assert "Pending" in (await receive_until(ws, 1))[-1]
    await go_on(recording, "started")
    assert "Running" in (await receive_until(ws, 2))[-1]
    await go_on(recording)
    await receive_until(ws, STEPS)
    await ws.disconnect()


async def test_a_page_that_does_not_follow_learns_of_new_steps_but_stays_at_its_own(recording: Recording) -> None:
    await go_on(recording, "queued")
    ws = await connected(recording.run, 1, follow=False)
    assert 'id="walk-nav"' in await ws.show_next()
    await go_on(recording, "stored")
    message = await ws.show_next()
    assert 'id="walk-nav"' in message
    assert 'id="stage"' not in message
    assert "-1.0" not in message
    await ws.disconnect()


async def test_a_stage_sent_live_is_byte_for_byte_the_one_rendered_from_the_store_later(recording: Recording) -> None:
    ws = await connected(recording.run, 0, follow=True)
    sent: dict[int, str] = {}
    while recording.rest:
        await go_on(recording, recording.rest[0].kind)
        if (made := (await shown(recording.run, STEPS)).made) not in {0, *sent}:
            sent[made] = (await receive_until(ws, made))[-1]
    while "data-ended" not in sent[STEPS]:
        sent[STEPS] = await ws.show_next()
    await ws.disconnect()
    assert list(sent) == [1, 2, 3, 4, 5, STEPS]
    for step, message in sent.items():
        moment = await shown(recording.run, step)
        assert await database_sync_to_async(stage)(moment) in message


async def test_a_socket_that_reconnects_after_every_event_ends_with_the_same_page(recording: Recording) -> None:
    ws = await connected(recording.run, 0, follow=True)
    step = 0
    while recording.rest:
        seen = recording.rest[0]
        await go_on(recording, seen.kind)
        await ws.disconnect()
        ws = await connected(recording.run, step, follow=True)
        if (made := (await shown(recording.run, 99)).made) > step:
            await receive_until(ws, made)
            step = made
    moment = await shown(recording.run, STEPS)
    assert step == moment.made == STEPS
    await ws.report(1, follow=True)
    assert (await receive_until(ws, STEPS))[-1] == await database_sync_to_async(fragments)(moment)
    await ws.disconnect()


async def test_a_page_gets_every_step_even_if_no_wake_up_ever_comes(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_changed, "send", lambda sender, run: None)
    monkeypatch.setattr("tutor.live.run_watch.LOOK_EVERY_S", 0.05)
    ws = await connected(recording.run, 0, follow=True)
    await go_on(recording)
    await receive_until(ws, STEPS)
    await ws.disconnect()


async def test_another_site_can_not_open_a_socket(run: Run) -> None:
    connected, _ = await socket(run, origin="https://elsewhere.example").connect(PATIENCE_S)
    assert not connected


async def test_a_socket_of_an_unknown_run_is_closed(run: Run) -> None:
    ws = WebsocketCommunicator(
        application, "/ws/runs/nothere/", headers=[(b"origin", b"http://localhost"), (b"host", b"localhost")]
    )
    await ws.connect(PATIENCE_S)
    assert (await ws.receive_output(PATIENCE_S))["code"] == 4404


@pytest.mark.parametrize(
    "message",
    [
        "null",
        "{",
        "[]",
        '"step"',
        '{"step": "3", "follow": true, "made": 1, "ended": false}',
        '{"step": -1, "follow": true, "made": 1, "ended": false}',
        '{"step": 1, "follow": 1, "made": 1, "ended": false}',
        '{"step": true, "follow": true, "made": 1, "ended": false}',
        '{"step": 1}',
        "[" * 16_000,
    ],
)
async def test_a_malformed_message_closes_the_socket(run: Run, message: str) -> None:
    ws = socket(run)
    await ws.connect(PATIENCE_S)
    await ws.send_to(text_data=message)
    assert (await ws.receive_output(timeout=PATIENCE_S))["code"] == 1003


async def test_a_group_forgets_a_consumer_that_ended_by_an_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.live.consumers.BrowserState.from_message", lambda text: 1 / 0)
    ws = socket(run)
    await ws.connect(PATIENCE_S)
    await ws.send_to(text_data="anything")
    with pytest.raises(ZeroDivisionError):
        await ws.wait(PATIENCE_S)
    assert fan_out().groups == {}


async def test_a_group_forgets_a_consumer_that_could_not_join_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(group: str, channel: str) -> None:
        raise ConnectionError("the layer is gone")

    monkeypatch.setattr(fan_out().layer, "group_add", fail)
    ws = socket(run)
    await ws.connect(PATIENCE_S)
    with pytest.raises(ConnectionError):
        await ws.wait(PATIENCE_S)
    assert fan_out().groups == {}


async def test_a_closed_socket_leaves_no_task_and_no_group(recording: Recording) -> None:
    await go_on(recording, "queued")
    ws = await connected(recording.run, 0, follow=True)
    await receive_until(ws, 1)
    own = [each for each in asyncio.all_tasks() if getattr(each.get_coro(), "__name__", "") == "watch"]
    assert len(own) == 1
    await ws.disconnect()
    done, _ = await asyncio.wait(own, timeout=PATIENCE_S)
    assert done == set(own)
    assert (fan_out().groups, watches) == ({}, {})


async def test_a_socket_at_an_unknown_address_is_closed() -> None:
    headers = [(b"origin", b"http://localhost"), (b"host", b"localhost")]
    ws = WebsocketCommunicator(application, "/ws/other/", headers=headers)
    await ws.connect(PATIENCE_S)
    assert (await ws.receive_output(PATIENCE_S))["code"] == 4404


@pytest.mark.parametrize("origin", ["http://[", "http://localhost:99999999", "null", ""])
async def test_a_socket_with_an_invalid_origin_is_refused(run: Run, origin: str) -> None:
    connected, _ = await socket(run, origin=origin).connect(PATIENCE_S)
    assert not connected


async def test_a_binary_message_closes_the_socket(run: Run) -> None:
    ws = socket(run)
    await ws.connect(PATIENCE_S)
    await ws.send_to(bytes_data=b"\x00\x01")
    assert (await ws.receive_output(timeout=PATIENCE_S))["code"] == 1003


async def test_a_message_that_is_too_long_closes_the_socket(run: Run) -> None:
    ws = socket(run)
    await ws.connect(PATIENCE_S)
    await ws.send_to(text_data='{"step": 1, "follow": true, "more": "' + "x" * 17_000 + '"}')
    assert (await ws.receive_output(timeout=PATIENCE_S))["code"] == 1009


def test_a_fragment_over_http_is_the_one_that_a_socket_sends(recording: Recording, client: Client) -> None:
    recording.go_on()
    moment = at_step(recording.run, 3)
    response = client.get(f"/runs/{recording.run.public_id}/?step=3", headers={"hx-request": "true"})
    assert response.content.decode() == fragments(moment)
