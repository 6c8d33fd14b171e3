"""What somebody does who isn't the presenter, or means no good."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

import pytest
from channels.testing import WebsocketCommunicator
from django.test import Client

from tests.recording import SLUG
from tutor.asgi import application
from tutor.classroom import lookup
from tutor.classroom.code import new_code
from tutor.classroom.models import Answer, Command, Lost, Question, Room, new_secret
from tutor.classroom.view import look_at
from tutor.pages.guessing import BURST, Guesses

from .conftest import Press

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = "<script>alert(1)</script>"
HUGE = "x" * 10_000_000
PATIENCE_S = 20
PLAIN = {"Accept": "text/plain"}


def command(client: Client, secret: str, do: str = "go 3") -> int:
    form = {"do": do, "saw": "0", "key": secrets.token_hex(8)}
    return int(client.post(f"/teach/{secret}/commands/", form).status_code)


def send(client: Client, room: Room, **form: object) -> int:
    return int(client.post(room.get_absolute_url(), form, headers=PLAIN).status_code)


@pytest.fixture
def other(room: Room, client: Client) -> Room:
    """Another class on the same lesson."""
    secret = client.post(f"/lessons/{SLUG}/teach/")["Location"].strip("/").rpartition("/")[2]
    return Room.objects.get(secret=secret)


def test_nobody_leads_a_class_without_its_secret(room: Room) -> None:
    member = Client()
    for forged in (new_secret(), room.code, room.code.lower(), room.secret[:-1], room.secret.swapcase(), "0"):
        assert command(member, forged) == 404
        for page in ("", "remote/", "remote/qr.svg", "record.csv"):
            assert member.get(f"/teach/{forged}/{page}").status_code == 404
    assert send(member, room, do="go 3", saw="0", key="a-forged-press") == 409
    assert Command.objects.count() == 0


def test_no_page_of_a_member_contains_the_secret(room: Room, press: Press) -> None:
    press("begin")
    press("ask class")
    address = room.get_absolute_url()
    for path in (address, f"{address}changes/?state=", f"{address}qr.svg"):
        assert room.secret not in Client().get(path).content.decode()


def test_a_form_of_another_site_does_nothing(room: Room) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert command(browser, room.secret) == 403
    assert send(browser, room, do="join", name="Eve") == 403
    assert Command.objects.count() == room.members.count() == 0


def test_a_question_of_another_class_takes_no_answer(room: Room, other: Room, press: Press) -> None:
    press("begin")
    press("ask class")
    question = Question.objects.get()
    assert send(Client(), other, do="answer", question=question.pk, round=1, option=0) == 409
    assert Answer.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"option": 99}, {"option": "-1"}, {"round": 2}, {"question": 999_999}, {"option": "٣"}]
)
def test_what_no_form_sends_is_refused(room: Room, press: Press, wrong: dict[str, object]) -> None:
    press("begin")
    press("ask class")
    form = {"do": "answer", "question": Question.objects.get().pk, "round": 1, "option": 0, **wrong}
    assert send(Client(), room, **form) == 409
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("style", ["predict", "quiz", "none", ""])
def test_a_class_is_led_to_no_style_in_which_everybody_is_asked_alone(room: Room, client: Client, style: str) -> None:
    assert command(client, room.secret, f"style {style}") == 400
    room.refresh_from_db()
    assert room.style == "step_by_step"


def test_nobody_is_lost_at_a_step_that_the_run_has_not_made(room: Room, press: Press) -> None:
    press("begin")
    assert send(Client(), room, do="lost", step=999_999) == 409
    assert send(Client(), room, do="lost", step=0) == 409
    assert Lost.objects.count() == 0


def test_a_huge_form_is_refused_and_the_class_goes_on(room: Room, press: Press) -> None:
    fields, encoded = {"do": "join", "name": HUGE}, {"content_type": "application/x-www-form-urlencoded"}
    for address in (room.get_absolute_url(), f"/teach/{room.secret}/commands/", "/join/"):
        assert Client().post(address, fields).status_code == 400
        assert Client().post(address, urlencode(fields), **encoded).status_code == 400
    assert room.members.count() == 0
    assert press("go 2").status_code == 200


def test_a_script_in_a_name_is_text(room: Room, press: Press, client: Client) -> None:
    press("begin")
    assert send(Client(), room, do="join", name=SCRIPT) == 200
    shown = client.get(f"/teach/{room.secret}/remote/").content.decode()
    assert SCRIPT not in shown
    assert "&lt;script&gt;alert" in shown


def test_a_script_in_a_question_is_text_on_every_page_and_in_every_message(room: Room, press: Press) -> None:
    press("begin")
    press("ask typed", text=SCRIPT, options=f"{SCRIPT}\n{{% csrf_token %}}\n`{SCRIPT}`")
    view = look_at(room.pk).prepare(["member", "presenter", "remote"])
    for element in view.elements.values():
        assert "<script" not in element
        assert "{% csrf_token %}" in element
    press("shares")
    press("end")
    assert SCRIPT not in Client().get(room.get_absolute_url()).content.decode()


def test_a_browser_that_answers_again_and_again_stores_one_answer(room: Room, press: Press) -> None:
    press("begin")
    press("ask class")
    member, question = Client(), Question.objects.get()
    for number in range(30):
        assert send(member, room, do="answer", question=question.pk, round=1, option=number % 2) == 200
    assert (room.members.count(), Answer.objects.count()) == (1, 1)


@pytest.fixture
def guesser(monkeypatch: pytest.MonkeyPatch) -> str:
    """An address that has sent as many wrong codes as it may."""
    monkeypatch.setattr(lookup, "guesses", Guesses())
    guesser, tries = Client(REMOTE_ADDR="192.0.2.7"), iter(range(int(BURST) + 10))
    while guesser.post("/join/", {"code": new_code()}).status_code != 429:
        next(tries)
    return "192.0.2.7"


def test_who_has_guessed_too_often_is_not_told_of_right_codes(room: Room, guesser: str) -> None:
    guessing, other = Client(REMOTE_ADDR=guesser), Client(REMOTE_ADDR="192.0.2.8")
    assert guessing.post("/join/", {"code": room.code}).status_code == 429
    for path in ("", "changes/", "qr.svg"):
        assert guessing.get(f"{room.get_absolute_url()}{path}").status_code == 429
    assert other.post("/join/", {"code": room.code}).status_code == 302


async def test_who_has_guessed_too_often_opens_no_socket(room: Room, guesser: str) -> None:
    headers = [(b"origin", b"http://localhost"), (b"host", b"localhost")]
    socket = WebsocketCommunicator(application, f"/ws/rooms/{room.code}/", headers=headers)
    socket.scope["client"] = [guesser, 1234]
    await socket.connect(PATIENCE_S)
    assert (await socket.receive_output(PATIENCE_S))["code"] == 4404


def test_who_is_in_the_class_goes_on_when_others_behind_the_same_address_guess(
    room: Room, press: Press, guesser: str
) -> None:
    press("begin")
    member = Client()
    assert member.get(room.get_absolute_url()).status_code == 200
    assert member.get(room.get_absolute_url(), REMOTE_ADDR=guesser).status_code == 200
    form = {"do": "lost", "step": 1}
    assert member.post(room.get_absolute_url(), form, headers=PLAIN, REMOTE_ADDR=guesser).status_code == 200
    assert member.post("/join/", {"code": new_code()}, REMOTE_ADDR=guesser).status_code == 429
