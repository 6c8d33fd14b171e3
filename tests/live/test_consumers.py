from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from tests.recording import Recording
from tests.styles.shown_page import ShownPage
from tutor.asgi import application
from tutor.live.consumers import FAILED, NOTHING_THERE, TOO_BIG, UNSUPPORTED
from tutor.live.fan_out import fan_out
from tutor.live.watch import watches
from tutor.patient_websocket import PatientWebSocket
from tutor.runs.models import Run
from tutor.runs.signals import run_changed
from tutor.styles.moment import at_step, newest_of
from tutor.styles.rendering import fragments

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = 6
PATIENCE_S = 30


class PageSocket(WebsocketCommunicator):
    """The socket of a page that reports what it shows, and applies the changes in messages, as `socket.js` does."""

    run: Run
    follow: bool
    page: ShownPage

    async def show(self, step: int, *, follow: bool) -> None:
        """Load the page at `step`, and report it."""
        self.follow = follow
        self.page = ShownPage(await loaded(self.run, step))
        await self.report()

    @property
    def state(self) -> dict[str, Any]:
        html = self.page.html
        nav = re.search(r'data-made="(\d+)"( data-ended)?(?: data-place="(\d+)")? data-edition="([^"]*)"', html)
        assert nav
        return {
            "step": int(re.findall(r'data-step="(\d+)"', html)[0]),
            "follow": self.follow,
            "made": int(nav[1]),
            "ended": bool(nav[2]),
            "place": int(nav[3]) if nav[3] else None,
            "edition": nav[4],
            "line": 0,
            "room": "",
        }

    async def report(self) -> None:
        await self.send_to(text_data=json.dumps(self.state))

    async def show_next(self) -> list[list[str]]:
        """Receive the next message, apply its changes and report what the page shows then; return the changes."""
        message = json.loads(await self.receive_from(timeout=PATIENCE_S))
        assert message["from"] == self.state
        self.page.apply(message["changes"])
        await self.report()
        return list(message["changes"])

    async def show_until(self, step: int) -> None:
        """Receive messages until the page shows `step`."""
        while self.state["step"] != step:
            await self.show_next()

    async def show_newest(self) -> None:
        """Receive messages until the page shows how far the run is."""
        newest = await database_sync_to_async(newest_of)(self.run)
        while (self.state["made"], self.state["ended"]) != (newest.made, newest.trace.ended is not None):
            await self.show_next()


def socket(run: Run, origin: str = "http://localhost") -> PageSocket:
    headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
    ws = PageSocket(application, f"/ws/runs/{run.public_id}/", headers=headers)
    ws.run = run
    return ws


async def connected(run: Run, step: int, *, follow: bool) -> PageSocket:
    ws = socket(run)
    assert (await ws.connect(PATIENCE_S))[0]
    await ws.show(step, follow=follow)
    return ws


@database_sync_to_async
def go_on(recording: Recording, kind: str | None = None) -> None:
    recording.go_on(lambda seen: seen.kind == kind)


@database_sync_to_async
def loaded(run: Run, step: int) -> str:
    """Return the fragments of a page that is loaded now."""
    moment = at_step(Run.objects.get(pk=run.pk), step)
    return fragments(moment if step else moment.at(0, moment.style))


async def test_a_page_that_follows_gets_each_step_as_it_is_made(recording: Recording) -> None:
    ws = await connected(recording.run, 0, follow=True)
    await go_on(recording, "queued")
    await ws.show_until(1)
    assert "Pending" in ws.page.html
    await go_on(recording, "started")
    await ws.show_until(2)
    assert "Running" in ws.page.html
    await go_on(recording)
    await ws.show_until(STEPS)
    await ws.disconnect()


async def test_a_page_that_does_not_follow_learns_of_new_steps_but_stays_at_its_own(recording: Recording) -> None:
    await go_on(recording, "queued")
    ws = await connected(recording.run, 1, follow=False)
    await go_on(recording, "stored")
    await ws.show_newest()
    assert (ws.state["step"], ws.state["made"]) == (1, 3)
    assert "-1.0" not in ws.page.html
    assert ws.page.html == await loaded(recording.run, 1)
    await ws.disconnect()


async def test_a_page_that_followed_is_byte_for_byte_one_that_is_loaded_from_the_store(recording: Recording) -> None:
    ws = await connected(recording.run, 0, follow=True)
    while recording.rest:
        await go_on(recording, recording.rest[0].kind)
        await ws.show_newest()
        assert ws.page.html == await loaded(recording.run, ws.state["made"])
    assert ws.page.html == await loaded(recording.run, STEPS)
    await ws.disconnect()


async def test_a_socket_that_reconnects_after_every_event_ends_with_the_same_page(recording: Recording) -> None:
    ws = await connected(recording.run, 0, follow=True)
    while recording.rest:
        await go_on(recording, recording.rest[0].kind)
        await ws.disconnect()
        page, ws = ws.page, socket(recording.run)
        assert (await ws.connect(PATIENCE_S))[0]
        ws.page, ws.follow = page, True
        await ws.report()
        await ws.show_newest()
    assert ws.page.html == await loaded(recording.run, STEPS)
    await ws.disconnect()


async def test_a_page_that_was_walked_while_a_message_came_gets_one_for_its_new_step(recording: Recording) -> None:
    await go_on(recording, "stored")
    ws = await connected(recording.run, 1, follow=True)
    late = json.loads(await ws.receive_from(timeout=PATIENCE_S))
    await ws.show(2, follow=False)
    assert late["from"] != ws.state
    await go_on(recording, "acknowledged")
    await go_on(recording)
    await ws.show_newest()
    assert ws.page.html == await loaded(recording.run, 2)
    await ws.disconnect()


async def test_a_page_of_another_build_gets_everything(recording: Recording) -> None:
    await go_on(recording, "queued")
    ws = await connected(recording.run, 1, follow=True)
    ws.page = ShownPage(ws.page.html.replace('data-edition="', 'data-edition="not-').replace("Pending", "Enqueued"))
    await ws.report()
    await go_on(recording, "started")
    assert [(how, name) for how, name, _ in await ws.show_next()] == [("replace", "walk-nav"), ("replace", "stage")]
    assert ws.page.html == await loaded(recording.run, 2)
    await ws.disconnect()


async def test_a_page_gets_every_step_even_if_no_wake_up_ever_comes(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_changed, "send", lambda sender, run: None)
    monkeypatch.setattr("tutor.live.watch.LOOK_EVERY_S", 0.05)
    ws = await connected(recording.run, 0, follow=True)
    await go_on(recording)
    await ws.show_until(STEPS)
    await ws.disconnect()


async def test_another_site_can_not_open_a_socket(run: Run) -> None:
    connected, _ = await socket(run, origin="https://elsewhere.example").connect(PATIENCE_S)
    assert not connected


async def test_a_socket_of_an_unknown_run_is_closed(run: Run) -> None:
    ws = WebsocketCommunicator(
        application, "/ws/runs/nothere/", headers=[(b"origin", b"http://localhost"), (b"host", b"localhost")]
    )
    await ws.connect(PATIENCE_S)
    assert (await ws.receive_output(PATIENCE_S))["code"] == NOTHING_THERE


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
    assert (await ws.receive_output(timeout=PATIENCE_S))["code"] == UNSUPPORTED


async def test_a_group_forgets_a_consumer_that_ended_by_an_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.live.consumers.BrowserState.from_message", lambda text: 1 / 0)
    ws = socket(run)
    await ws.connect(PATIENCE_S)
    await ws.send_to(text_data="anything")
    with pytest.raises(ZeroDivisionError):
        await ws.wait(PATIENCE_S)
    assert fan_out().groups == {}


async def test_a_socket_that_can_not_get_news_is_refused_and_its_group_forgotten(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(group: str, channel: str) -> None:
        raise ConnectionError("the layer is gone")

    monkeypatch.setattr(fan_out().layer, "group_add", fail)
    ws = socket(run)
    assert await ws.connect(PATIENCE_S) == (False, FAILED)
    await ws.wait(PATIENCE_S)
    assert (fan_out().groups, watches) == ({}, {})


async def test_a_socket_whose_run_can_not_be_looked_up_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.live.consumers.Run.objects", Unavailable())
    assert await socket(run).connect(PATIENCE_S) == (False, FAILED)


async def test_a_socket_whose_news_can_not_be_had_is_closed_and_comes_back(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    await go_on(recording, "queued")
    with monkeypatch.context() as patch:
        patch.setattr("tutor.live.run_watch.newest_of", Unavailable().filter)
        ws = await connected(recording.run, 0, follow=True)
        assert (await ws.receive_output(PATIENCE_S))["code"] == FAILED
        await ws.disconnect()
    assert watches == {}
    ws = await connected(recording.run, 0, follow=True)
    await ws.show_until(1)
    await ws.disconnect()


class Unavailable:
    """A store that fails."""

    def filter(self, *args: Any, **names: Any) -> Any:
        raise OperationalError("database is locked")


@pytest.mark.parametrize("code", [NOTHING_THERE, UNSUPPORTED, TOO_BIG, FAILED])
def test_a_close_code_is_one_that_autobahn_accepts_and_the_page_knows(
    code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(PatientWebSocket, "sendCloseFrame", lambda self, code, **names: sent.append(code))
    websocket = PatientWebSocket()
    websocket.state = websocket.STATE_OPEN
    websocket.handle_reply({"type": "websocket.close", "code": code})
    assert sent == [code]
    final = re.search(r"FINAL = \[(.*?)\]", (settings.BASE_DIR / "static/live/socket.js").read_text())
    assert final and (str(code) in final[1].split(", ")) == (code != FAILED)


async def test_a_closed_socket_leaves_no_task_and_no_group(recording: Recording) -> None:
    await go_on(recording, "queued")
    ws = await connected(recording.run, 0, follow=True)
    await ws.show_until(1)
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
    assert (await ws.receive_output(PATIENCE_S))["code"] == NOTHING_THERE


@pytest.mark.parametrize("origin", ["http://[", "http://localhost:99999999", "null", ""])
async def test_a_socket_with_an_invalid_origin_is_refused(run: Run, origin: str) -> None:
    connected, _ = await socket(run, origin=origin).connect(PATIENCE_S)
    assert not connected


async def test_a_binary_message_closes_the_socket(run: Run) -> None:
    ws = socket(run)
    await ws.connect(PATIENCE_S)
    await ws.send_to(bytes_data=b"\x00\x01")
    assert (await ws.receive_output(timeout=PATIENCE_S))["code"] == UNSUPPORTED


async def test_a_message_that_is_too_long_closes_the_socket(run: Run) -> None:
    ws = socket(run)
    await ws.connect(PATIENCE_S)
    await ws.send_to(text_data='{"step": 1, "follow": true, "more": "' + "x" * 17_000 + '"}')
    assert (await ws.receive_output(timeout=PATIENCE_S))["code"] == TOO_BIG


def test_a_fragment_over_http_is_the_one_of_a_page(recording: Recording, client: Client) -> None:
    recording.go_on()
    moment = at_step(recording.run, 3)
    response = client.get(f"/runs/{recording.run.public_id}/?step=3", headers={"hx-request": "true"})
    assert response.content.decode() == fragments(moment)
