"""What the watch of a class does besides sending."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tutor.classroom import room_watch
from tutor.classroom.models import Room
from tutor.classroom.room_watch import MOST_LACKS, RoomWatch
from tutor.live.browser_state import BrowserState


async def test_a_next_step_is_rendered_once_the_class_is_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered = list[Any]()
    monkeypatch.setattr(room_watch, "render_ahead", rendered.append)
    watch, passed, newest = RoomWatch(Room()), view(), view()
    await watch.send_to([], passed)
    await watch.send_to([], newest)
    await watch.send_to([], newest)
    assert rendered == []
    assert watch.ahead
    await watch.ahead
    assert rendered == [newest]
    watch.task.cancel()


async def test_what_pages_lack_is_found_once_for_all_that_show_the_same() -> None:
    watch, newest, found = RoomWatch(Room()), view(), list[Any]()
    for state in (BrowserState(1, True, 1, False), BrowserState(1, True, 1, False), BrowserState(2, True, 2, False)):
        watch.lack(page(state, found), newest)
    assert [state.step for state in found] == [1, 2]
    watch.lack(page(BrowserState(1, True, 1, False), found), view())
    assert [state.step for state in found] == [1, 2, 1]
    watch.task.cancel()


async def test_pages_that_report_ever_new_states_fill_no_memory() -> None:
    watch, newest = RoomWatch(Room()), view()
    for step in range(2 * MOST_LACKS + 1):
        watch.lack(page(BrowserState(step, True, step, False), []), newest)
    assert len(watch.lacks) == 1
    watch.task.cancel()


def view() -> Any:
    return SimpleNamespace()


def page(state: BrowserState, found: list[Any]) -> Any:
    """Return a page that shows `state`, and adds it to `found` when it is asked what it lacks."""
    feed = SimpleNamespace(state=state, is_busy=False, role="member", style="step_by_step", secret="")
    feed.lack_of = lambda newest: found.append(state)
    return SimpleNamespace(feed=feed)
