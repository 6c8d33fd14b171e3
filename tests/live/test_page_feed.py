from __future__ import annotations

import pytest

from tests.recording import Recording
from tutor.lessons import catalogue
from tutor.lessons.catalogue import Catalogue
from tutor.live.browser_state import BrowserState
from tutor.live.page_feed import PageFeed
from tutor.styles.moment import STEP_BY_STEP, at_step
from tutor.styles.rendering import fragments, walk_nav

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(recording: Recording) -> PageFeed:
    return PageFeed(recording.run, STEP_BY_STEP)


def report(feed: PageFeed, step: int, *, follow: bool, made: int = 0, ended: bool = False) -> None:
    feed.report(BrowserState(step, follow, made, ended))


def test_a_page_that_has_reported_nothing_lacks_nothing(recording: Recording, feed: PageFeed) -> None:
    recording.go_on()
    assert feed.missing_fragments() is None


def test_a_page_that_follows_lacks_the_newest_step_once(recording: Recording, feed: PageFeed) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    report(feed, 1, follow=True, made=1)
    assert feed.missing_fragments() == fragments(at_step(recording.run, 3))
    assert feed.missing_fragments() is None


def test_a_page_that_does_not_follow_lacks_the_navigation_at_its_own_step(recording: Recording, feed: PageFeed) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    report(feed, 1, follow=False, made=1)
    assert feed.missing_fragments() == walk_nav(at_step(recording.run, 1))
    assert feed.missing_fragments() is None


def test_a_page_that_shows_the_whole_run_lacks_nothing(recording: Recording, feed: PageFeed) -> None:
    recording.go_on()
    report(feed, 6, follow=True, made=6, ended=True)
    assert feed.missing_fragments() is None


def test_a_page_that_does_not_know_that_the_run_has_ended_lacks_that(recording: Recording, feed: PageFeed) -> None:
    recording.go_on()
    report(feed, 6, follow=True, made=6)
    assert "data-ended" in (feed.missing_fragments() or "")


def test_a_page_goes_on_with_its_version_when_the_lesson_is_gone(
    recording: Recording, feed: PageFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "current", lambda: Catalogue(()))
    recording.go_on()
    report(feed, 1, follow=True, made=1)
    assert "The task completes" in (feed.missing_fragments() or "")
