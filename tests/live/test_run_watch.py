from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import connection

from tests.recording import Recording
from tutor.live import run_watch
from tutor.live.browser_state import BrowserState
from tutor.live.fan_out import fan_out
from tutor.live.page_feed import PageFeed
from tutor.live.run_watch import RunWatch, watch_of_run
from tutor.live.watch import watches
from tutor.runs.models import Run
from tutor.runs.signals import run_changed
from tutor.styles import rendering
from tutor.styles.moment import STEP_BY_STEP, Moment, at_step
from tutor.styles.rendering import fragments

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 30
STEPS = 6


def html(text: str) -> str:
    """Return the HTML in a text that a page was sent."""
    return "".join(html for _, _, html in json.loads(text)["changes"])


def state_after(text: str) -> BrowserState:
    """Return the state of a page without a known edition, which follows the run, after a text."""
    step, made = (re.search(rf'data-{name}="(\d+)"', html(text)) for name in ("step", "made"))
    assert step
    assert made
    return BrowserState(int(step[1]), True, int(made[1]), "data-ended" in text)


class Page:
    """A page that keeps what it is sent. Unless it is slow, it reports that it shows it."""

    def __init__(self, watch: RunWatch, *, is_slow: bool = False) -> None:
        self.watch, self.is_slow = watch, is_slow
        self.feed = PageFeed(STEP_BY_STEP)
        self.texts: list[str] = []
        self.given = asyncio.Semaphore(0)
        self.has_failed = asyncio.Event()

    async def give(self, text: str) -> None:
        self.texts.append(text)
        self.given.release()
        if not self.is_slow:
            self.report(state_after(text))

    async def fail(self) -> None:
        self.has_failed.set()

    def report(self, state: BrowserState) -> None:
        self.feed.report(state)
        self.watch.hear(self)

    async def until_given(self) -> str:
        """Wait for the next text."""
        await asyncio.wait_for(self.given.acquire(), PATIENCE_S)
        return self.texts[-1]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """The looks at the store so far, each as the SELECTs that it made."""
    monkeypatch.setattr("tutor.live.watch.LOOK_EVERY_S", 1000.0)
    made: list[list[str]] = []
    look = run_watch.look

    def noted(run: Run) -> Moment:
        queries: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            if sql.startswith("SELECT"):
                queries.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            moment = look(run)
        made.append(queries)
        return moment

    monkeypatch.setattr(run_watch, "look", noted)
    yield made


async def followers(run: Run, number: int, *, is_slow: bool = False) -> list[Page]:
    """Return pages that follow `run` and show none of its steps."""
    watch = watch_of_run(run)
    pages = [Page(watch, is_slow=is_slow) for _ in range(number)]
    for page in pages:
        await watch.join(page)
        page.report(BrowserState(0, True, 0, False))
    return pages


async def all_leave(pages: list[Page]) -> None:
    for page in pages:
        await page.watch.leave(page)


@database_sync_to_async
def go_on(recording: Recording, kind: str | None = None) -> None:
    recording.go_on(lambda seen: seen.kind == kind)


@database_sync_to_async
def shown(run: Run, step: int) -> str:
    return fragments(at_step(run, step))


async def until(watch: RunWatch, holds: Callable[[], bool]) -> None:
    """Wake the watch until something holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            watch.wake_up()
            await asyncio.sleep(0)


async def test_a_hundred_pages_get_the_same_string_of_one_look_and_one_rendering(
    recording: Recording, looks: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    render = rendering.rendered

    def noted(template: str, context: dict[str, Any]) -> str:
        rendered.append(template)
        return render(template, context)

    monkeypatch.setattr(rendering, "rendered", noted)
    await go_on(recording, "queued")
    pages = await followers(recording.run, 100)
    for page in pages:
        await page.until_given()
    assert len({id(page.texts[0]) for page in pages}) == 1
    assert sorted(rendered) == ["styles/parts/walk_nav.html", "styles/step_by_step.html"]
    assert len(looks) == 1
    await all_leave(pages)


async def test_a_look_with_nothing_new_is_one_query_and_no_rendering_for_all_pages(
    recording: Recording, looks: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    await go_on(recording, "queued")
    pages = await followers(recording.run, 100)
    for page in pages:
        await page.until_given()
    before = len(looks)
    monkeypatch.setattr(run_watch, "rendered", lambda newest, lacks: 1 / 0)
    await until(pages[0].watch, lambda: len(looks) > before + 1)
    assert all(len(queries) == 1 for queries in looks[before:])
    assert all(len(page.texts) == 1 for page in pages)
    await all_leave(pages)


async def test_a_page_that_reports_is_answered_without_a_look_at_the_others(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    await go_on(recording, "queued")
    pages = await followers(recording.run, 100)
    for page in pages:
        await page.until_given()
    asked: list[object] = []
    lack = RunWatch.lack

    def noted(watch: RunWatch, page: Any, newest: Moment) -> Any:
        asked.append(page)
        return lack(watch, page, newest)

    monkeypatch.setattr(RunWatch, "lack", noted)
    pages[7].report(BrowserState(0, True, 0, False))
    await pages[7].until_given()
    assert set(asked) == {pages[7]}
    await all_leave(pages)


async def test_a_slow_page_is_sent_nothing_more_until_it_reports_and_then_the_newest(recording: Recording) -> None:
    (slow,) = await followers(recording.run, 1, is_slow=True)
    (quick,) = await followers(recording.run, 1)
    await go_on(recording, "queued")
    await slow.until_given()
    while recording.rest:
        await go_on(recording, recording.rest[0].kind)
    while "data-ended" not in (await quick.until_given()):
        pass
    assert len(slow.texts) == 1
    slow.report(BrowserState(1, True, 1, False))
    assert html(await slow.until_given()) == await shown(recording.run, STEPS)
    assert len(slow.texts) == 2
    await all_leave([slow, quick])


async def test_a_page_that_reports_while_its_text_is_rendered_is_sent_the_one_for_its_new_state(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    (page,) = await followers(recording.run, 1)
    render, loop = run_watch.rendered, asyncio.get_running_loop()

    def pause_meanwhile(newest: Moment, lacks: Any) -> Any:
        monkeypatch.setattr(run_watch, "rendered", render)
        loop.call_soon_threadsafe(page.report, BrowserState(0, False, 0, False))
        return render(newest, lacks)

    monkeypatch.setattr(run_watch, "rendered", pause_meanwhile)
    await go_on(recording, "queued")
    assert json.loads(await page.until_given())["from"]["follow"] is False
    await all_leave([page])


async def test_a_page_that_was_loaded_later_than_the_last_look_makes_the_watch_look(
    recording: Recording, looks: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    await go_on(recording, "queued")
    (page,) = await followers(recording.run, 1)
    await page.until_given()
    monkeypatch.setattr(run_changed, "send", lambda sender, run: None)
    await go_on(recording)
    before = len(looks)
    page.report(BrowserState(2, False, 2, False))
    assert 'data-position="2"' in html(await page.until_given())
    assert len(looks) == before + 1
    await all_leave([page])


async def test_a_socket_that_fails_does_not_disturb_the_others(recording: Recording) -> None:
    broken, whole = await followers(recording.run, 2)

    async def fail(text: str) -> None:
        raise ConnectionError("the browser is gone")

    broken.give = fail  # type: ignore[method-assign]
    await go_on(recording, "queued")
    await whole.until_given()
    assert broken.has_failed.is_set()
    await all_leave([broken, whole])


async def test_a_page_that_leaves_in_the_middle_is_sent_nothing_more(recording: Recording) -> None:
    stays, leaves = await followers(recording.run, 2)
    await go_on(recording, "queued")
    await stays.until_given()
    await leaves.until_given()
    await leaves.watch.leave(leaves)
    await go_on(recording)
    while "data-ended" not in (await stays.until_given()):
        pass
    assert len(leaves.texts) == 1
    await all_leave([stays])


async def test_the_last_page_that_leaves_ends_the_watch(run: Run) -> None:
    pages = await followers(run, 2)
    watch = pages[0].watch
    await all_leave(pages)
    await asyncio.wait([watch.task], timeout=PATIENCE_S)
    assert watch.task.cancelled()
    assert (fan_out().groups, watches) == ({}, {})


async def test_after_an_error_the_sockets_are_closed_and_the_next_page_has_a_new_watch(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_watch, "look", lambda run: 1 / 0)
    pages = await followers(recording.run, 2)
    for page in pages:
        await asyncio.wait_for(page.has_failed.wait(), PATIENCE_S)
    monkeypatch.undo()
    assert watch_of_run(recording.run) is not pages[0].watch
    (other,) = await followers(recording.run, 1)
    await go_on(recording, "queued")
    assert html(await other.until_given()) == await shown(recording.run, 1)
    await all_leave([*pages, other])
