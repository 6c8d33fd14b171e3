from __future__ import annotations

import json
from dataclasses import asdict, replace
from functools import cache
from typing import Any

import pytest

from tests.recording import SLUG, Recording
from tests.styles.shown_page import ShownPage
from tutor.lessons import catalogue
from tutor.lessons.catalogue import Catalogue
from tutor.live.browser_state import BrowserState
from tutor.live.message import message
from tutor.live.page_feed import Lack, PageFeed
from tutor.runs.models import Run
from tutor.styles.moment import STEP_BY_STEP, Moment, at_step, newest_of, without_run
from tutor.styles.rendering import fragments

pytestmark = pytest.mark.django_db


@cache
def edition() -> str:
    """The edition of the pages of a run that is recorded now."""
    return without_run(catalogue.get(SLUG)).edition


@pytest.fixture
def feed() -> PageFeed:
    assert edition()
    return PageFeed(STEP_BY_STEP)


def report(feed: PageFeed, step: int, *, follow: bool, made: int = 0, ended: bool = False) -> None:
    feed.report(BrowserState(step, follow, made, ended, edition=edition()))


def send(feed: PageFeed, newest: Moment) -> str | None:
    """Return what the page shows after the text that it is sent; None if it's sent none."""
    if (lack := feed.lack(newest)) is None:
        return None
    feed.sent()
    before = newest.at(lack.shown.step, lack.style).when(*lack.shown.progress)
    page = ShownPage(fragments(before or newest))
    page.apply(json.loads(message(newest, lack))["changes"])
    return page.html


def test_a_page_that_has_reported_nothing_lacks_nothing(recording: Recording, feed: PageFeed) -> None:
    recording.go_on()
    assert feed.lack(newest_of(recording.run)) is None


def test_a_page_that_follows_lacks_the_newest_step_once(recording: Recording, feed: PageFeed) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    report(feed, 1, follow=True, made=1)
    newest = newest_of(recording.run)
    assert send(feed, newest) == fragments(at_step(recording.run, 3))
    assert send(feed, newest) is None
    report(feed, 3, follow=True, made=3)
    assert send(feed, newest) is None


def test_a_page_that_does_not_follow_lacks_the_navigation_at_its_own_step(recording: Recording, feed: PageFeed) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    report(feed, 1, follow=False, made=1)
    newest = newest_of(recording.run)
    assert send(feed, newest) == fragments(at_step(recording.run, 1))
    report(feed, 1, follow=False, made=3)
    assert send(feed, newest) is None


def test_a_page_that_has_not_reported_since_it_was_sent_a_text_is_sent_the_newest_one_after_that(
    recording: Recording, feed: PageFeed
) -> None:
    report(feed, 0, follow=True)
    for kind in ("queued", "started", "stored"):
        recording.go_on(lambda seen, kind=kind: seen.kind == kind)
        text = send(feed, newest_of(recording.run))
        assert (text is not None) == (kind == "queued")
    report(feed, 1, follow=True, made=1)
    assert send(feed, newest_of(recording.run)) == fragments(at_step(recording.run, 3))


def test_a_page_that_has_changed_before_a_text_came_lacks_what_its_new_state_lacks(
    recording: Recording, feed: PageFeed
) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    report(feed, 1, follow=True, made=1)
    newest = newest_of(recording.run)
    assert send(feed, newest)
    report(feed, 2, follow=False, made=2)
    assert send(feed, newest) == fragments(at_step(recording.run, 2))


def test_a_page_learns_its_place_in_the_run_queue_once(run: Run, feed: PageFeed) -> None:
    run.state, run.host = Run.State.WAITING, ""
    run.save()
    report(feed, 0, follow=True)
    newest = newest_of(run)
    assert "place 1" in (send(feed, newest) or "")
    feed.report(BrowserState(0, True, 0, False, 1, edition()))
    assert send(feed, newest) is None


def test_pages_that_lack_the_same_get_the_same_text(recording: Recording) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    newest = newest_of(recording.run)
    texts = []
    for _ in range(2):
        feed = PageFeed(STEP_BY_STEP)
        report(feed, 1, follow=True, made=1)
        lack = feed.lack(newest)
        assert lack == Lack(STEP_BY_STEP, BrowserState(1, True, 1, False, edition=edition()), 3)
        texts.append(message(newest, lack))
    assert texts[0] is texts[1]


def test_a_text_names_what_the_page_has_reported(recording: Recording, feed: PageFeed) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    newest = newest_of(recording.run)
    state = BrowserState(1, True, 2, False, edition=newest.edition)
    assert json.loads(message(newest, Lack(STEP_BY_STEP, state, 3)))["from"] == asdict(state)


def changes(newest: Moment, state: BrowserState) -> list[tuple[str, str]]:
    """Return what is done where in a page with this state."""
    return [
        (how, name) for how, name, _ in json.loads(message(newest, Lack(STEP_BY_STEP, state, newest.made)))["changes"]
    ]


WHOLE = [("replace", "walk-nav"), ("replace", "stage")]


def test_a_page_gets_the_changes_of_what_it_shows_and_nothing_else(recording: Recording) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    newest = newest_of(recording.run)
    found = changes(newest, BrowserState(2, True, 2, False, edition=newest.edition))
    assert ("after", "row-2") in found
    assert not set(WHOLE) & set(found)
    stays = Lack(STEP_BY_STEP, BrowserState(2, False, 2, False, edition=newest.edition), 2)
    assert "row-" not in message(newest, stays)


@pytest.mark.parametrize(
    "state",
    [
        BrowserState(2, True, 2, False, edition="of-another-build"),
        BrowserState(2, True, 2, False),
        BrowserState(2, True, 1, False),
        BrowserState(2, True, 2, True),
        BrowserState(9, True, 9, False),
    ],
)
def test_a_page_gets_everything_if_it_is_not_known_what_it_shows(recording: Recording, state: BrowserState) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    newest = newest_of(recording.run)
    if state.made != 2 or state.ended:
        state = replace(state, edition=newest.edition)
    assert changes(newest, state) == WHOLE


def test_with_debug_a_page_gets_everything_as_its_templates_may_have_changed(
    recording: Recording, settings: Any
) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    settings.DEBUG = True
    assert changes(newest_of(recording.run), BrowserState(2, True, 2, False)) == WHOLE


def test_a_page_that_was_loaded_later_is_ahead(recording: Recording, feed: PageFeed) -> None:
    recording.go_on(lambda seen: seen.kind == "queued")
    newest = newest_of(recording.run)
    assert not feed.is_ahead_of(newest)
    report(feed, 1, follow=False, made=1)
    assert not feed.is_ahead_of(newest)
    report(feed, 1, follow=False, made=2)
    assert feed.is_ahead_of(newest)


def test_a_page_that_shows_the_whole_run_lacks_nothing(recording: Recording, feed: PageFeed) -> None:
    recording.go_on()
    report(feed, 6, follow=True, made=6, ended=True)
    assert feed.lack(newest_of(recording.run)) is None


def test_a_page_that_does_not_know_that_the_run_has_ended_lacks_that(recording: Recording, feed: PageFeed) -> None:
    recording.go_on()
    report(feed, 6, follow=True, made=6)
    assert "data-ended" in (send(feed, newest_of(recording.run)) or "")


def test_a_page_goes_on_with_its_version_when_the_lesson_is_gone(
    recording: Recording, feed: PageFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "current", lambda: Catalogue(()))
    recording.go_on()
    report(feed, 1, follow=True, made=1)
    assert "The task completes" in (send(feed, newest_of(recording.run)) or "")


def test_a_page_at_a_line_stays_at_it(recording: Recording) -> None:
    recording.go_on()
    newest = newest_of(recording.run)
    frame = newest.trace.code.frames[-1]
    there = newest.at(0, "code").at_line(frame.number)
    state = BrowserState(there.position, False, newest.made, False, edition=newest.edition, line=there.line)
    live = there.when(*state.progress)
    assert live
    page = ShownPage(fragments(live))
    page.apply(json.loads(message(newest, Lack("code", state, state.step)))["changes"])
    assert page.html == fragments(there)
    nowhere = replace(state, line=frame.number + 1)
    found = json.loads(message(newest, Lack("code", nowhere, state.step)))["changes"]
    assert [(how, name) for how, name, _ in found] == WHOLE
