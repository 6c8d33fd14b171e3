"""What a class does besides following: runs of its own, an exit ticket, lectures, worksheets, words and names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.recording import SLUG, Recording
from tutor.classroom.forgetting import forget_old_classes
from tutor.classroom.lookup import COOKIE, remember_room, room_of_socket
from tutor.classroom.models import Answer, Lecture, Lost, Member, OwnRun, Room, Ticket, TicketAnswer
from tutor.classroom.own_runs import outcomes_of
from tutor.classroom.tickets import shares_of, ticket_of, unclear_in
from tutor.classroom.view import PRESENTER, REMOTE, look_at
from tutor.lessons import catalogue
from tutor.runs.models import Run

from .conftest import Press

pytestmark = pytest.mark.django_db(transaction=True)
KNOBS = {name: str(value) for name, value in catalogue.get(SLUG).defaults.items()}
SCRIPT = {"Accept": "text/plain"}


def send(member: Client, room: Room, do: str, **form: str) -> tuple[int, str]:
    response = member.post(room.get_absolute_url(), {"do": do, **form}, headers=SCRIPT)
    return response.status_code, response.content.decode()


def test_a_ticket_asks_two_questions_that_the_class_was_not_asked_and_what_is_unclear(
    room: Room, press: Press, client: Client
) -> None:
    press("begin")
    press("ticket")
    ticket = ticket_of(room)
    assert ticket
    assert len(ticket.questions) == 2
    page = Client().get(room.get_absolute_url()).content.decode()
    assert "What is still unclear?" in page
    right = {f"ticket-{number}": str(each["right"]) for number, each in enumerate(ticket.questions)}
    assert send(Client(), room, "ticket", **right, unclear="<b>Why</b> a cluster?")[0] == 200
    assert send(Client(), room, "ticket", **{"ticket-0": "9", "ticket-1": "x"})[0] == 200
    assert [[count for _, count, is_right in each.shares if is_right] for each in shares_of(ticket)] == [[1], [1]]
    assert unclear_in(ticket) == ["<b>Why</b> a cluster?"]
    press("end")
    after = client.get(f"/teach/{room.secret}/").content.decode()
    assert "&lt;b&gt;Why&lt;/b&gt; a cluster?" in after
    assert "Why" not in Client().get(room.get_absolute_url()).content.decode()


def test_members_run_it_with_their_own_inputs_and_the_presenter_sees_what_came_of_it(room: Room, press: Press) -> None:
    assert Client().post(f"/rooms/{room.code}/run/", KNOBS).status_code == 409
    press("begin")
    press("runs")
    started = Client().post(f"/rooms/{room.code}/run/", KNOBS)
    own = OwnRun.objects.get(room=room).run
    assert started["Location"] == own.get_absolute_url()
    assert outcomes_of(room).going_on == 1
    Recording(own).go_on()
    own.refresh_from_db()
    assert (outcomes_of(room).counts, outcomes_of(room).going_on) == ((("finished", 1),), 0)
    assert "<b>1</b> finished" in look_at(room.pk).prepare([REMOTE]).elements[REMOTE]


def test_who_waits_is_offered_a_run_of_the_class_with_the_same_inputs_and_told_whose_it_is(
    room: Room, press: Press
) -> None:
    press("begin")
    press("runs")
    Client().post(f"/rooms/{room.code}/run/", KNOBS)
    first = OwnRun.objects.get(room=room).run
    Recording(first).go_on()
    waiting = Client().post(f"/rooms/{room.code}/run/", KNOBS).content.decode()
    assert first.get_absolute_url() in waiting
    assert "it is theirs, not yours" in waiting


def test_inputs_out_of_bounds_are_said_beside_their_field(room: Room, press: Press) -> None:
    press("begin")
    press("runs")
    wrong = Client().post(f"/rooms/{room.code}/run/", {**KNOBS, "x": "x" * 500})
    assert wrong.status_code == 422
    assert "field__error" in wrong.content.decode()
    assert not OwnRun.objects.exists()


def test_a_lecture_is_saved_from_a_class_and_taught_again(room: Room, press: Press, client: Client) -> None:
    press("begin")
    press("go 2")
    press("ask typed", text="Why?", options="a\nb")
    press("away")
    press("go 3")
    press("end")
    saved = client.post(f"/teach/{room.secret}/lecture/")
    lecture = Lecture.objects.get()
    assert [each["kind"] for each in lecture.items] == ["go", "ask", "go"]
    page = client.get(saved["Location"]).content.decode()
    assert "Ask: Why?" in page
    opened = client.post(saved["Location"])
    again = Room.objects.get(secret=opened["Location"].strip("/").rpartition("/")[2])
    assert again.lecture == lecture
    assert again.run
    Recording(again.run).go_on()
    for number in range(3):
        form = {"do": "item", "saw": str(number), "key": f"press-number-{number}"}
        assert client.post(f"/teach/{again.secret}/commands/", form, headers={"HX-Request": "true"}).status_code == 200
    view = look_at(again.pk)
    assert view.place.step == 3
    assert view.room.questions.get().text == "Why?"


def test_a_lecture_says_where_the_run_of_this_class_departs(room: Room, press: Press) -> None:
    press("begin")
    items = [{"kind": "go", "detail": {"step": "3"}, "rule": "another-rule"}]
    room.lecture = Lecture.objects.create(version_id=room.version_id, items=items)
    Room.objects.filter(pk=room.pk).update(lecture=room.lecture)
    assert "This run departs: its step 3 is" in look_at(room.pk).prepare([REMOTE]).elements[REMOTE]


def test_a_worksheet_has_blank_cells_and_its_key_on_a_sheet_of_its_own(room: Room, client: Client) -> None:
    sheet, key = client.get(f"/teach/{room.secret}/worksheet/").content.decode().split('class="worksheet__key"')
    assert "Success" not in sheet
    assert "Success" in key
    assert sheet.count("<tr>") == key.count("<tr>")


def test_a_new_seat_locks_other_devices_out(room: Room, press: Press, client: Client) -> None:
    old = room.secret
    to = press("seat")["HX-Redirect"]
    assert client.get(f"/teach/{old}/").status_code == 404
    assert client.get(to, follow=True).status_code == 200


def test_a_word_is_asked_for_once(room: Room, press: Press) -> None:
    press("begin")
    press("word", word="Rabbit hole")
    member = Client()
    assert "The word of this class" in member.get(room.get_absolute_url()).content.decode()
    assert send(member, room, "join", word="wrong")[0] == 409
    assert send(member, room, "lost", step="1")[0] == 409
    assert send(member, room, "join", word="rabbit hole ")[0] == 200
    assert 'id="stage"' in member.get(room.get_absolute_url()).content.decode()


def test_nobody_follows_a_class_or_makes_a_run_in_it_without_its_word(room: Room, press: Press) -> None:
    press("begin")
    press("word", word="kiwi")
    press("runs")
    stranger, member = Client(), Client()
    state = {"state": '{"step": 0, "follow": true, "made": 0, "ended": false}'}
    assert stranger.get(f"/rooms/{room.code}/changes/", state).status_code == 403
    assert stranger.post(f"/rooms/{room.code}/run/", KNOBS)["Location"] == room.get_absolute_url()
    assert not OwnRun.objects.exists()
    assert not Member.objects.exists()
    assert send(member, room, "join", word="kiwi")[0] == 200
    member.get(room.get_absolute_url())
    assert member.get(f"/rooms/{room.code}/changes/", state).status_code == 200
    assert member.post(f"/rooms/{room.code}/run/", KNOBS)["Location"] == OwnRun.objects.get().run.get_absolute_url()


async def test_a_websocket_of_a_class_with_a_word_is_for_those_who_have_entered_it(room: Room) -> None:
    await Room.objects.filter(pk=room.pk).aupdate(word="kiwi")
    pages = await database_sync_to_async(remember_room)(HttpResponse(), room)
    cookie = f"{COOKIE}={pages.cookies[COOKIE].value}".encode()
    for headers, is_in in (((), False), (((b"cookie", cookie),), True)):
        scope = {"headers": headers, "client": ("127.0.0.1", 1)}
        found = await database_sync_to_async(room_of_socket)(scope, room.code)
        assert (found == room) is is_in


def test_names_are_on_the_remote_only_and_can_be_hidden(room: Room, press: Press) -> None:
    press("begin")
    send(Client(), room, "join", name="<i>Ada</i>")
    view = look_at(room.pk).prepare([PRESENTER, REMOTE])
    assert "&lt;i&gt;Ada&lt;/i&gt;" in view.elements[REMOTE]
    assert "Ada" not in view.elements[PRESENTER]
    press(f"hide {Member.objects.get().pk}")
    assert "Ada" not in look_at(room.pk).prepare([REMOTE]).elements[REMOTE]


def answered(room: Room, press: Press, *members: Client) -> None:
    """Ask a question, and have members answer it, the first one with a name and lost, and the last one a ticket."""
    press("begin")
    press("ask typed", text="Why?", options="a\nb")
    for number, member in enumerate(members):
        send(member, room, "answer", question=str(room.questions.get().pk), round="1", option=str(number % 2))
    send(members[0], room, "join", name="Ada")
    send(members[0], room, "lost", step="1")
    press("ticket")
    send(members[-1], room, "ticket", **{"ticket-0": "0"}, unclear="Who unlocks it?")


@pytest.mark.parametrize("is_over", [False, True])
def test_what_a_member_sent_is_deleted_on_request_and_that_of_others_stays(
    room: Room, press: Press, *, is_over: bool
) -> None:
    member, other = Client(), Client()
    answered(room, press, member, other)
    if is_over:
        press("end")
        assert "Delete what I sent" in member.get(room.get_absolute_url()).content.decode()
    assert send(member, room, "forget")[0] == 200
    assert [each.option for each in Answer.objects.all()] == [1]
    assert Member.objects.get(room=room).name == ""
    assert not Lost.objects.exists()
    assert send(member, room, "forget")[0] == 200
    assert Member.objects.count() == 1


def test_a_presenter_deletes_names_and_single_answers_and_the_shares_stay(
    room: Room, press: Press, client: Client
) -> None:
    answered(room, press, Client(), Client(), Client())
    client.post(f"/teach/{room.secret}/forget/")
    assert Member.objects.count() == 3
    press("end")
    before = client.get(f"/teach/{room.secret}/record.csv").content
    after = client.post(f"/teach/{room.secret}/forget/", follow=True).content.decode()
    assert "None are stored" in after
    assert "Who unlocks it?" not in after
    for each in (Member, Answer, TicketAnswer):
        assert not each.objects.exists()
    assert client.get(f"/teach/{room.secret}/record.csv").content == before
    assert shares_of(Ticket.objects.get())[0].shares[0][1] == 1
    client.post(f"/teach/{room.secret}/forget/")
    assert client.get(f"/teach/{room.secret}/record.csv").content == before


def test_after_90_days_a_class_is_deleted_with_all_that_was_sent_to_it(room: Room, press: Press) -> None:
    answered(room, press, Client())
    press("end")
    for days, is_kept in ((89, True), (91, False)):
        Room.objects.update(used_at=timezone.now() - timedelta(days=days))
        forget_old_classes()
        for each in (Room, Member, Answer, TicketAnswer, Lost):
            assert each.objects.exists() is is_kept
    assert Run.objects.exists()
