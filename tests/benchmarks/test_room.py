"""What the benchmark of a class sends and reads."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.classroom.conftest import Press, empty_caches, press, queue, recording, room  # noqa: F401
from tutor.benchmarks.answering import answer_of
from tutor.benchmarks.page_state import PageState
from tutor.classroom.models import Answer, Room
from tutor.classroom.room_feed import text_for
from tutor.classroom.view import MEMBER, look_at
from tutor.live.browser_state import BrowserState
from tutor.styles.moment import STEP_BY_STEP

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_member_sends_what_the_form_of_a_class_sends(room: Room, press: Press) -> None:  # noqa: F811
    press("begin")
    press("ask typed", text="How long?", options="short\nlong")
    address = f"http://testserver{room.get_absolute_url()}"
    page = Client().get(address)
    cookies = "".join(f"{each}\r\n" for each in page.cookies.values())
    answer = answer_of(address, cookies + page.content.decode(), 1)
    request, *lines = answer.head.decode().strip().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    client, form = Client(enforce_csrf_checks=True), headers["Content-Type"]
    assert client.post(request.split()[1], answer.body.decode(), content_type=form, headers=headers).status_code == 200
    stored = Answer.objects.get()
    assert (stored.option, stored.member.browser) == (1, answer.token)


def test_a_page_reports_what_it_shows_of_the_run_and_of_the_room(room: Room, press: Press) -> None:  # noqa: F811
    press("begin")
    press("go 3")
    view, page = look_at(room.pk).prepare([MEMBER]), PageState()
    message = text_for(view, MEMBER, STEP_BY_STEP, BrowserState.from_message(page.report))
    assert message
    assert len(json.loads(message)["changes"]) == 3
    page.apply(message)
    assert (page.step, page.room) == (3, view.editions[MEMBER])
    assert text_for(view, MEMBER, STEP_BY_STEP, BrowserState.from_message(page.report)) is None
