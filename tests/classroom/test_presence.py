"""How many members are here, follow, and are behind."""

from __future__ import annotations

import time

import pytest
from django.db import DatabaseError

from tutor.classroom.models import Presence, Room
from tutor.classroom.presence import BEHIND_AFTER_S, Counts, PresenceLog, counted
from tutor.classroom.room_feed import RoomFeed
from tutor.classroom.view import MEMBER, PRESENTER, REMOTE, look_at
from tutor.live.browser_state import BrowserState
from tutor.styles.moment import STEP_BY_STEP


def feed(role: str = MEMBER, *, follows: bool = True, sent_s_ago: float | None = None) -> RoomFeed:
    """Return the feed of a page at step 1, which was perhaps sent the next one and hasn't reported since."""
    found = RoomFeed(STEP_BY_STEP, role)
    found.report(BrowserState(1, follows, 1, False))
    if sent_s_ago is not None:
        found.sent()
        found.sent_at = time.monotonic() - sent_s_ago
    return found


LATE = 2 * BEHIND_AFTER_S


def test_a_member_is_behind_who_follows_and_has_not_reported_for_a_while_what_it_was_sent() -> None:
    at_the_step, just_sent, behind, elsewhere = (
        feed(),
        feed(sent_s_ago=0),
        feed(sent_s_ago=LATE),
        feed(follows=False, sent_s_ago=LATE),
    )
    assert counted([at_the_step, just_sent, behind, elsewhere]) == Counts(here=4, following=3, behind=1)
    behind.report(BrowserState(2, True, 2, False))
    assert counted([at_the_step, just_sent, behind, elsewhere]).behind == 0


def test_devices_of_the_presenter_and_pages_that_have_reported_nothing_are_not_followers() -> None:
    new = RoomFeed(STEP_BY_STEP, MEMBER)
    assert counted([feed(PRESENTER, sent_s_ago=LATE), feed(REMOTE), new]) == Counts(here=1, following=0, behind=0)


def test_the_presenter_sees_how_many_are_behind(room: Room) -> None:
    PresenceLog(room).note([feed(), feed(sent_s_ago=LATE)])
    view = look_at(room.pk)
    assert (view.pulse.here, view.pulse.following, view.pulse.behind) == (2, 2, 1)
    assert "<dt>behind</dt><dd>1</dd>" in view.prepare([REMOTE]).html(REMOTE)
    room.has_begun = True
    room.save()
    assert "2 following, 1 of them behind" in look_at(room.pk).prepare([PRESENTER]).html(PRESENTER)


def test_presence_is_noted_rarely(room: Room) -> None:
    log = PresenceLog(room)
    log.note([feed()])
    log.note([feed(), feed()])
    assert Presence.objects.get().here == 1
    log.noted_at -= 10
    log.note([feed(), feed()])
    assert Presence.objects.get().here == 2


def test_a_class_goes_on_while_presence_can_not_be_noted(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise DatabaseError

    log = PresenceLog(room)
    monkeypatch.setattr(log, "store", fail)
    log.note([feed()])
    assert log.noted is None
