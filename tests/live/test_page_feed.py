from __future__ import annotations

import pytest

from tests.recording import Recording
from tutor.lessons import catalogue
from tutor.lessons.catalogue import Catalogue
from tutor.live.browser_state import BrowserState
from tutor.live.page_feed import Lack, PageFeed
from tutor.live.run_watch import rendered
from tutor.runs.models import Run
from tutor.styles.moment import STEP_BY_STEP, Moment, at_step, newest_of
from tutor.styles.rendering import fragments, walk_nav

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed() -> PageFeed:
    return PageFeed(STEP_BY_STEP)


def report(feed: PageFeed, step: int, *, follow: bool, made: int = 0, ended: bool = False) -> None:
    feed.report(BrowserState(step, follow, made, ended))


def send(feed: PageFeed, newest: Moment) -> str | None:
    """Return the text that the page is sent; None if it's sent none."""
    if (lack := feed.lack(newest)) is None:
        return None
    feed.sent(lack, newest)
    return rendered(newest, {lack})[lack]


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
    assert send(feed, newest) == walk_nav(at_step(recording.run, 1))
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


def test_a_page_that_has_dropped_a_text_lacks_the_navigation_at_its_own_step(
    recording: Recording, feed: PageFeed
) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    report(feed, 1, follow=True, made=1)
    newest = newest_of(recording.run)
    assert send(feed, newest)
    report(feed, 2, follow=False, made=0)
    assert send(feed, newest) == walk_nav(at_step(recording.run, 2))


def test_a_page_learns_its_place_in_the_run_queue_once(run: Run, feed: PageFeed) -> None:
    run.state = Run.State.WAITING
    run.save()
    report(feed, 0, follow=True)
    newest = newest_of(run)
    assert "place 1" in (send(feed, newest) or "")
    report(feed, 0, follow=True)
    assert send(feed, newest) is None


def test_pages_that_lack_the_same_have_equal_lacks(recording: Recording) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    newest = newest_of(recording.run)
    lacks = []
    for step in (0, 1, 2):
        feed = PageFeed(STEP_BY_STEP)
        report(feed, step, follow=True)
        lacks.append(feed.lack(newest))
    assert lacks == [Lack(STEP_BY_STEP, 3, is_whole=True)] * 3


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
