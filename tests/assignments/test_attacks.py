"""Ways to another's answers, the key, more time or a better score, that don't lead there."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.apps import apps
from django.contrib.auth.models import User
from django.core.signing import get_cookie_signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from tests.assignments.conftest import Browser, Given
from tests.recording import SLUG
from tutor.asgi import application
from tutor.assignments import students, taking
from tutor.assignments.changes import close_now
from tutor.assignments.models import Assignment, Draft, Student, new_secret
from tutor.assignments.results import results_of
from tutor.assignments.urls import urlpatterns
from tutor.pages.guessing import Guesses, passwords
from tutor.quizzes.models import Response
from tutor.runs.models import Run

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"
HTMX = {"HX-Request": "true"}
TELLS = re.compile(r"option--|Right\.|The answer is|verdict__text--|checked|misconception|points</|right_in|\bkey\b")
"""What a page says only of answers that it has judged."""


def score(assignment: Assignment) -> list[float]:
    return [each.score for each in results_of(assignment).students]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def rows() -> list[tuple[str, list[Any]]]:
    """Return everything that is stored of quizzes, and of their answers and runs."""
    models = [*apps.get_app_config("assignments").get_models(), *apps.get_app_config("quizzes").get_models()]
    return [(each.__name__, list(each._default_manager.order_by("pk").values())) for each in models]


def as_student(assignment: Assignment, cookie: str) -> Client:
    """Return a browser with a cookie that says which student it is."""
    client = Client()
    client.cookies["student"] = cookie
    return client


@pytest.fixture
def after(give: Given) -> Assignment:
    """A quiz with feedback after it has closed."""
    return give(feedback="after", number=30)


# Another's answers


def test_the_cookie_of_another_quiz_is_that_of_nobody(give: Given, ada: Browser) -> None:
    other = give(title="Week 4")
    client = as_student(other, ada.client.cookies["student"].value)
    assert "Your name" in text_of(client.get(other.get_absolute_url()))
    assert client.get(f"{other.get_absolute_url()}mine.json").status_code == 404
    assert client.get(f"{other.get_absolute_url()}me/{ada.key}/").status_code == 404


def test_a_cookie_that_the_site_hasnt_signed_is_that_of_nobody(given: Assignment, ada: Browser) -> None:
    bob = Browser(given, "Bob")
    _, *signature = bob.client.cookies["student"].value.split(":")
    unsigned = [ada.key, ":".join([ada.key, *signature]), f"{ada.key}:", "", "::", "gone", "\x00"]
    of_another_name = get_cookie_signer(salt="browser" + given.code).sign(ada.key)
    for forged in [*unsigned, of_another_name]:
        client = as_student(given, forged)
        assert client.get(f"{ada.page}mine.json").status_code == 404
        assert client.post(f"{ada.page}answers/{ada.ids()[0]}/", {"kind": "answer"}).status_code == 404


def test_nobody_reads_the_results_with_what_a_student_has(given: Assignment, ada: Browser, give: Given) -> None:
    other = give(title="Week 4")
    for forged in (given.code, ada.key, other.code, given.secret[:-1], given.secret.swapcase(), new_secret(), "0"):
        for page in ("", "results.csv", "grades.csv", "qr.svg", "questions.gift", "questions.xml"):
            assert ada.client.get(f"/given/{forged}/{page}").status_code == 404
        for page in ("close/", "times/", "again/", "students/", "students/delete/", "question/", "preview/", "delete/"):
            assert ada.client.post(f"/given/{forged}/{page}", {"sure": "yes"}).status_code == 404
    assert Assignment.objects.count() == 2


def test_the_secret_of_one_quiz_shows_nothing_of_another(client: Client, ada: Browser, give: Given) -> None:
    other = give(title="Week 4")
    Browser(other, "Grace Hopper")
    ada.answer(ada.ids()[0], right=True)
    Student.objects.filter(assignment=ada.assignment).update(name="Ada of Week 3")
    for page in ("", "results.csv", "grades.csv"):
        assert "Ada of" not in text_of(client.get(f"{other.teacher_address}{page}"))


def test_the_secret_of_the_teacher_is_on_no_page_of_a_student(given: Assignment, ada: Browser) -> None:
    for page in ("", f"?question={ada.ids()[1]}", "mine.json"):
        assert given.secret not in text_of(ada.client.get(f"{ada.page}{page}"))
    assert given.secret not in text_of(Client().get(ada.page))
    assert ada.client.get(ada.page)["Referrer-Policy"] == "same-origin"


def test_guessing_the_secret_of_a_teacher_is_cheap_for_the_site(given: Assignment, client: Client) -> None:
    assert len(given.secret) >= 24
    client.get("/given/a-first-guess/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(f"/given/{new_secret()}/").status_code == 404
    assert len(queries) <= 3
    assert client.get(f"/given/{'x' * 5000}/").status_code == 404


async def socket_closes(path: str, origin: str = "http://localhost") -> bool:
    """Return whether a websocket is refused or closed at once, without having been sent anything."""
    socket = WebsocketCommunicator(application, path, headers=[(b"origin", origin.encode()), (b"host", b"localhost")])
    is_connected, _ = await socket.connect()
    if not is_connected:
        return True
    first = await socket.receive_output()
    await socket.disconnect()
    return first["type"] == "websocket.close"


@pytest.mark.django_db(transaction=True)
async def test_the_socket_of_the_results_opens_for_the_secret_and_pages_of_the_site_alone(give: Given) -> None:
    given = await sync_to_async(give)()
    for secret in (given.code, new_secret()):
        assert await socket_closes(f"/ws/given/{secret}/")
    assert await socket_closes(f"/ws/given/{given.secret}/", "https://evil.example")
    assert not await socket_closes(f"/ws/given/{given.secret}/")


# The key


def test_nobody_sees_a_question_before_beginning(given: Assignment, client: Client) -> None:
    page = given.get_absolute_url()
    client.post(page, {"name": "Eve"})
    number = given.questions.first().number  # type: ignore[union-attr]
    form = {"kind": "answer", "token": "a-token-of-16-ch", "option": "0"}
    seen = [client.get(page), client.get(f"{page}?question={number}"), client.get(f"{page}mine.json")]
    seen += [client.post(f"{page}{what}/{number}/", form, headers=HTMX) for what in ("answers", "drafts")]
    assert not any("Is it" in text_of(each) for each in seen)
    assert [each.status_code for each in seen[-2:]] == [409, 409]
    assert not Draft.objects.exists()


def test_no_page_before_the_answer_contains_the_key(given: Assignment, ada: Browser) -> None:
    for id in ada.ids():
        text = text_of(ada.client.get(f"{ada.page}?question={id}"))
        form = text[text.index('<form class="question"') : text.index("</form>", text.index('<form class="question"'))]
        assert not TELLS.search(form)
        assert set(re.findall(r"data-[\w-]+", form)) <= {
            "data-drafts",
            "data-student",
            "data-draft",
            "data-order",
            "data-order-row",
        }
        assert "So." not in text
    data = text_of(ada.client.get(f"{ada.page}mine.json"))
    assert "points" not in data
    assert "So." not in data


def test_with_feedback_later_no_response_tells_whether_an_answer_is_right(after: Assignment) -> None:
    ada = Browser(after)
    id = next(each.number for each in after.questions.all() if each.document["text"].startswith("Is it"))

    def told(right: bool) -> str:
        form = {"kind": "answer", "token": secrets.token_hex(8), "option": ada.place(id, right=right)}
        response = ada.client.post(f"{ada.page}answers/{id}/", form, headers=HTMX)
        text = text_of(response) + text_of(ada.client.get(f"{ada.page}?question={id}"))
        assert not TELLS.search(text)
        own = re.sub(r'(csrfmiddlewaretoken|token)" value="[\w-]+"|\b(yes|no)\b|\d+ s left|data-left-s="\d+"', "", text)
        return re.sub(r"&quot;option&quot;: &quot;\d&quot;", "", own)

    told(True)  # The first answer changes what the button says.
    assert told(False) == told(True)


def test_with_feedback_later_there_are_no_hints_and_nobody_gives_up(after: Assignment) -> None:
    ada = Browser(after)
    one = ada.ids()[0]
    for kind in ("hint", "key"):
        assert ada.send(one, kind=kind).status_code == 409
    assert ada.send(one, kind="answer hint").status_code == 400
    assert not Response.objects.exists()


def test_nobody_is_told_the_answer_before_the_last_try(ada: Browser, given: Assignment) -> None:
    one = ada.ids()[0]
    response = ada.send(one, kind="key")
    assert response.status_code == 409
    assert "The answer is" not in text_of(ada.client.get(f"{ada.page}?question={one}"))
    assert not Response.objects.exists()


def test_the_order_of_the_options_tells_nothing(given: Assignment, ada: Browser, settings: Any) -> None:
    places = {
        ada.place(each.number, right=True) for each in given.questions.all() if len(each.document["options"]) == 2
    }
    assert places == {"0", "1"}
    orders = []
    for key in ("one secret", "another secret"):
        settings.SECRET_KEY = key
        orders.append([ada.place(each.number, right=True) for each in given.questions.all()])
    assert orders[0] != orders[1]  # What is known of the quiz and the lesson isn't enough to compute it.


def test_the_site_asks_the_questions_of_a_quiz_nowhere_else(given: Assignment, client: Client) -> None:
    run = given.runs.get().run
    for page in (
        "/quizzes/",
        f"/quizzes/{SLUG}/",
        f"/quizzes/{SLUG}/{given.seed}/",
        f"/lessons/{SLUG}/",
        "/runs/",
        "/",
    ):
        text = text_of(client.get(page, follow=True))
        assert run.public_id not in text
        assert given.code not in text
    assert given.code not in text_of(client.get("/sitemap.xml"))


def addresses_of(public_id: str) -> Iterator[tuple[str, str]]:
    """Yield the method and the address of every page that takes the id of a run."""
    for pattern in get_resolver().url_patterns:
        if "public_id" in getattr(pattern.pattern, "converters", {}):
            values: dict[str, Any] = {"public_id": public_id, "id": "1", "position": 1, "number": 1, "step": 1}
            names = {name: values[name] for name in pattern.pattern.converters}
            yield from ((method, reverse(pattern.name, kwargs=names)) for method in ("get", "post"))


STYLES = ("step_by_step", "timeline", "flow", "code", "read", "quiz", "predict", "compare", "break_it")


def test_the_runs_of_a_quiz_open_at_no_address_until_it_closes(given: Assignment, client: Client, give: Given) -> None:
    run = given.runs.get().run
    addresses = list(addresses_of(run.public_id))
    assert len(addresses) >= 26
    for method, address in addresses:
        for headers in ({}, HTMX):
            assert getattr(client, method)(address, headers=headers).status_code in (404, 405), address
    for style in STYLES:
        for headers in ({}, HTMX):
            assert client.get(f"/runs/{run.public_id}/?style={style}&step=3", headers=headers).status_code == 404
    closed = give(title="Week 2")
    close_now(closed, timezone.now())
    other = closed.runs.get().run.public_id
    assert client.get(f"/runs/{other}/").status_code == 200
    for page in (f"/runs/{other}/", f"/lessons/{SLUG}/"):
        for style in STYLES:
            shown = client.get(f"{page}?style={style}&with={run.public_id}&step=3")
            assert shown.status_code == 404 or run.get_absolute_url() not in text_of(shown)
    assert client.get(f"/runs/{other}/?style=compare&with={run.public_id}").status_code == 404
    assert client.post("/runs/delete/", {"run": run.public_id}).status_code in (302, 400, 404, 422)
    client.cookies["sessionid"] = run.session
    assert run.public_id not in text_of(client.get("/runs/")) + text_of(client.get(f"/lessons/{SLUG}/"))
    assert client.post(f"/runs/{run.public_id}/change/", {"do": "delete"}).status_code == 404
    assert Run.objects.filter(pk=run.pk).exists()


@pytest.mark.django_db(transaction=True)
async def test_the_socket_of_a_run_of_a_quiz_opens_for_nobody(give: Given) -> None:
    given = await sync_to_async(give)()
    run = await sync_to_async(lambda: given.runs.get().run)()
    assert await socket_closes(f"/ws/runs/{run.public_id}/?style=step_by_step")


# More time


def test_nothing_counts_before_the_quiz_opens(give: Given) -> None:
    given = give(opens_at=timezone.now() + timedelta(hours=1))
    ada = Browser(given)
    assert ada.student.begun_at is None
    assert ada.answer(given.questions.first().number, right=True).status_code == 409  # type: ignore[union-attr]
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Date": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"X-Received-At": "0", "Received-At": "0"},
        {"X-Request-Start": "t=0"},
    ],
)
def test_the_clock_of_the_browser_doesnt_count(ada: Browser, given: Assignment, headers: dict[str, str]) -> None:
    one = ada.ids()[0]
    close_now(given, timezone.now())
    form = {
        "kind": "answer",
        "token": "a-token-of-16-ch",
        "option": "0",
        "received_at": "0",
        "now": "0",
        "sent_at": "0",
    }
    assert ada.client.post(f"{ada.page}answers/{one}/?now=0&received_at=0", form, headers=headers).status_code == 409
    assert not Response.objects.exists()


def test_an_answer_after_the_teacher_has_closed_the_quiz_meanwhile_doesnt_count(
    ada: Browser, given: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = taking.response_in

    def close_first(*args: Any) -> Response:
        close_now(Assignment.objects.get(pk=given.pk), timezone.now() - timedelta(seconds=1))
        return read(*args)

    monkeypatch.setattr(taking, "response_in", close_first)
    assert ada.answer(ada.ids()[0], right=True).status_code == 409
    assert score(given) == [0]


@pytest.mark.parametrize("again", ["begin/", "me", "join", "another browser"])
def test_the_own_time_begins_once(give: Given, again: str) -> None:
    given = give(minutes=5)
    ada = Browser(given)
    Student.objects.update(begun_at=timezone.now() - timedelta(minutes=6))
    begun = ada.student.begun_at
    key = ada.key
    client = Client() if again == "another browser" else ada.client
    if again in ("me", "another browser"):
        client.get(f"{ada.page}me/{key}/")
    if again == "join":
        client.post(ada.page, {"name": "Ada"})
    client.post(f"{ada.page}begin/")
    assert Student.objects.get().begun_at == begun
    assert (
        client.post(
            f"{ada.page}answers/{ada.ids()[0]}/", {"kind": "answer", "token": "a" * 16, "option": "0"}
        ).status_code
        == 409
    )


def test_who_deletes_their_answers_cant_begin_again(give: Given) -> None:
    given = give(minutes=5)
    ada, address = Browser(given), f"{given.get_absolute_url()}me/"
    key = ada.key
    ada.client.post(f"{ada.page}forget/", {"sure": "yes"})
    assert ada.client.get(f"{address}{key}/").status_code == 404
    refused = ada.client.post(ada.page, {"name": "Ada"})
    assert refused.status_code == 422
    assert "takes part no more" in text_of(ada.client.get(ada.page))
    ada.client.post(f"{ada.page}begin/")
    assert not Student.objects.exists()


def test_a_listed_student_who_deletes_everything_has_no_address_any_more(client: Client, given: Assignment) -> None:
    client.post(f"{given.teacher_address}students/", {"list": "Ada, ada@example.org"})
    key, ada = Student.objects.get().key, Client()
    ada.get(f"{given.get_absolute_url()}me/{key}/")
    ada.post(f"{given.get_absolute_url()}begin/")
    assert "only your teacher" in text_of(ada.post(f"{given.get_absolute_url()}forget/"))
    ada.post(f"{given.get_absolute_url()}forget/", {"sure": "yes"})
    assert ada.get(f"{given.get_absolute_url()}me/{key}/").status_code == 404
    assert Client().post(given.get_absolute_url(), {"name": "Ada"}).status_code == 422


def test_no_student_opens_a_quiz_again_that_has_closed(ada: Browser, given: Assignment) -> None:
    close_now(given, timezone.now())
    form = {"closes_at": "2099-01-01T00:00", "opens_at": ""}
    for page in ("times/", "close/", "begin/", "students/", "preview/", ""):
        ada.client.post(f"{ada.page}{page}", form)
    late = Client()
    late.post(ada.page, {"name": "Eve"})
    late.post(f"{ada.page}begin/")
    given.refresh_from_db()
    assert given.closes_at <= timezone.now()
    assert not Student.objects.filter(name="Eve", begun_at__isnull=False).exists()


# A better score


def test_questions_that_arent_asked_take_no_answer(give: Given) -> None:
    given = give(number=2)
    ada = Browser(given)
    others = [each.number for each in given.questions.all() if each.number not in ada.ids()]
    for id in (others[0], 0, 99_999, 10**30, "9" * 5000, "-1", "1.0", "class", "repair-1", "made-1"):
        response = ada.client.post(f"{ada.page}answers/{id}/", {"kind": "answer", "token": "a" * 16, "option": "0"})
        assert response.status_code == 404
        assert ada.client.post(f"{ada.page}drafts/{id}/", {"option": "0"}).status_code == 404
    text = text_of(ada.client.get(f"{ada.page}?question={others[0]}"))
    assert text.count('class="question"') == 1
    assert f'id="question-{others[0]}"' not in text
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"option": "99"},
        {"option": "-1"},
        {"option": "٣"},
        {"option": ""},
        {"token": ""},
        {"token": "short"},
        {"token": "x" * 5000},
        {"kind": "right"},
        {"kind": ""},
    ],
)
def test_what_no_form_sends_is_refused(ada: Browser, wrong: dict[str, str]) -> None:
    form = {"option": "0", "is_right": "1", "answer": "0", "points": "1", **wrong}
    assert ada.send(ada.ids()[0], **form).status_code in (400, 422)
    assert not Response.objects.exists()


def test_a_token_that_is_sent_again_with_another_answer_changes_nothing(ada: Browser, given: Assignment) -> None:
    one = ada.ids()[0]
    for right in (False, True, True):
        ada.send(one, option=ada.place(one, right=right), token="the-same-token-1")
    assert score(given) == [0]
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tries", [1, 2])
def test_of_answers_at_the_same_moment_only_so_many_count_as_there_are_tries(give: Given, tries: int) -> None:
    given = give(tries=tries, number=30)
    ada = Browser(given)
    one = next(each.number for each in given.questions.all() if len(each.document["options"]) > 2)
    options = [str(place) for place in range(len(given.questions.get(number=one).document["options"]))]
    right = ada.place(one, right=True)
    barrier, cookie = Barrier(len(options)), ada.client.cookies["student"].value

    def send(option: str) -> int:
        client = as_student(given, cookie)
        form = {"kind": "answer", "token": f"token-of-{option:0>7}", "option": option}
        barrier.wait()
        try:
            return int(client.post(f"{ada.page}answers/{one}/", form).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(options)) as threads:
        statuses = list(threads.map(send, [each for each in options if each != right] + [right]))
    counted = Response.objects.count()
    assert set(statuses) <= {302, 409}
    assert statuses.count(302) == counted <= tries
    assert Response.objects.filter(is_right=False).count() <= tries


def test_an_answer_that_is_right_already_isnt_worth_more_the_second_time(ada: Browser, given: Assignment) -> None:
    one = ada.ids()[0]
    assert [ada.answer(one, right=True).status_code for _ in range(3)] == [302, 409, 409]
    assert score(given) == [1]


def test_a_teacher_changes_no_question_of_another_quiz(client: Client, give: Given) -> None:
    one, other = give(number=1), give(title="Week 4")
    other.questions.filter(number__gt=3).delete()
    for number in ("4", "99", "0", "-1", "٣", "9" * 5000, "1 OR 1", ""):
        form = {"number": number, "do": "out", "note": "x"}
        assert client.post(f"{other.teacher_address}question/", form).status_code == 422
    assert not one.questions.filter(taken_out_at__isnull=False).exists()
    assert not other.questions.filter(taken_out_at__isnull=False).exists()


def test_a_question_that_is_taken_out_takes_no_answer(client: Client, ada: Browser, given: Assignment) -> None:
    one = ada.ids()[0]
    client.post(f"{given.teacher_address}question/", {"number": str(one), "do": "out", "note": SCRIPT})
    assert ada.answer(one, right=True).status_code == 409
    assert SCRIPT not in text_of(ada.client.get(f"{ada.page}?question={one}"))


def test_an_answer_of_somebody_who_deletes_everything_meanwhile_is_refused(
    ada: Browser, given: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, read = ada.ids()[0], taking.response_in

    def forget_first(*args: Any) -> Response:
        students.forget(Student.objects.get())
        return read(*args)

    monkeypatch.setattr(taking, "response_in", forget_first)
    assert ada.send(one, option="0").status_code == 409
    assert not Response.objects.exists()
    students.begin(Student(pk=1), given)
    assert not Student.objects.exists()


# The site


def test_a_form_of_another_site_does_nothing(given: Assignment, ada: Browser) -> None:
    before = rows()
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["student"] = ada.client.cookies["student"].value
    for address in every_address(given, ada):
        assert browser.post(address, {"sure": "yes", "name": "Eve"}).status_code in (403, 405), address
    assert rows() == before


def test_reading_changes_nothing(given: Assignment, ada: Browser) -> None:
    before = rows()
    for address in every_address(given, ada):
        for client in (ada.client, Client()):
            client.get(address)
            client.head(address)
    assert rows() == before


def every_address(given: Assignment, ada: Browser) -> list[str]:
    """Return the addresses of a quiz, those of its teacher and of a student."""
    values = {"secret": given.secret, "code": given.code, "id": ada.ids()[0], "key": ada.key}
    return [reverse(each.name, kwargs={name: values[name] for name in each.pattern.converters}) for each in urlpatterns]


def test_huge_forms_are_refused(given: Assignment, ada: Browser) -> None:
    before = rows()
    encoded = {"content_type": "application/x-www-form-urlencoded"}
    one = ada.ids()[0]
    for address in (
        ada.page,
        f"{ada.page}answers/{one}/",
        f"{ada.page}drafts/{one}/",
        "/give/",
        f"{given.teacher_address}students/",
        "/teachers/sign-in/",
    ):
        for body in (urlencode({"name": "x" * 10_000_000}), "&".join(f"f{each}=" for each in range(10_000))):
            assert ada.client.post(address, body, **encoded).status_code == 400
            assert Client().post(address, body, **encoded).status_code == 400
    assert rows() == before


def test_names_titles_and_notes_are_shown_as_text(client: Client, give: Given) -> None:
    given = give(title=SCRIPT)
    eve = Browser(given, f"{SCRIPT} \x00\x07\u202eevil\u2028 {'x' * 500}")
    eve.answer(eve.ids()[0], right=False)
    client.post(f"{given.teacher_address}question/", {"number": str(eve.ids()[1]), "do": "out", "note": SCRIPT})
    client.post(f"{given.teacher_address}students/", {"list": f"{SCRIPT}, \u202e{SCRIPT}\nBob, b"})
    for seen in (client.get(given.teacher_address), eve.client.get(eve.page), Client().get(eve.page)):
        assert SCRIPT not in text_of(seen)
        assert not re.search("[\x00\x07\u202e\u2028]", text_of(seen))
    assert len(eve.student.name) == students.LONGEST_NAME
    assert Client().post(eve.page, {"name": "\u200b\u2060\x00\u200d"}).status_code == 422


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@A1", "\t=1", " =1", "＝1", "\x00=1", "\u200b=1"])
def test_no_name_is_a_formula(client: Client, given: Assignment, sign: str) -> None:
    Browser(given, sign)
    Student.objects.update(identity=students.one_line(sign, 60))
    for file in ("results.csv", "grades.csv"):
        for row in csv.reader(io.StringIO(text_of(client.get(f"{given.teacher_address}{file}")))):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in row)


def test_drafts_are_bounded(ada: Browser) -> None:
    one, *others = ada.ids()
    address = f"{ada.page}drafts/{one}/"
    assert ada.client.post(address, {"value": "x" * 1000}).status_code == 422
    assert ada.client.post(address, {"x" * 1000: "1"}).status_code in (400, 422)
    assert ada.client.post(address, {f"item{number}": "1" for number in range(30)}).status_code == 422
    for number in range(20):
        for id in (one, *others):
            ada.client.post(f"{ada.page}drafts/{id}/", {"value": f"{SCRIPT}{number}"})
    assert Draft.objects.count() == 1 + len(others)
    assert SCRIPT not in text_of(ada.client.get(f"{ada.page}?question={one}"))


def test_the_changes_of_an_answer_are_bounded(after: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "MOST_CHANGES", 3)
    ada = Browser(after)
    one = ada.ids()[0]
    assert [ada.send(one, option=str(number % 2)).status_code for number in range(5)] == [302] * 3 + [409] * 2
    assert Response.objects.count() == 3


def test_the_names_from_one_network_are_bounded(given: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(students, "MOST_PER_ADDRESS", 3)
    statuses = [Client().post(given.get_absolute_url(), {"name": f"S{number}"}).status_code for number in range(5)]
    assert statuses == [302] * 3 + [422] * 2
    elsewhere = Client(REMOTE_ADDR="10.0.0.1").post(given.get_absolute_url(), {"name": "Ada"})
    assert elsewhere.status_code == 302
    assert Student.objects.count() == 4


def test_passwords_cant_be_guessed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.assignments.accounts.passwords", Guesses(replace(passwords.limits, burst=2)))
    User.objects.create_user("grace", password="a-long-passphrase")
    wrong = {"username": "grace", "password": "guess"}
    statuses = [client.post("/teachers/sign-in/", wrong).status_code for _ in range(4)]
    assert statuses == [422, 422, 429, 429]
    right = {"username": "grace", "password": "a-long-passphrase"}
    assert client.post("/teachers/sign-in/", right).status_code == 429
    assert client.post("/teachers/sign-in/", right, REMOTE_ADDR="10.0.0.1").status_code == 302


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client: Client, where: str) -> None:
    User.objects.create_user("grace", password="a-long-passphrase")
    form = {"username": "grace", "password": "a-long-passphrase", "next": where}
    assert client.post(f"/teachers/sign-in/?{urlencode({'next': where})}", form)["Location"] == "/teachers/"


def test_a_teacher_sees_no_quiz_of_another_in_the_list(client: Client, given: Assignment) -> None:
    grace, eve = (User.objects.create_user(name, password="a-long-passphrase") for name in ("grace", "eve"))
    Assignment.objects.update(owner=grace)
    client.force_login(eve)
    assert given.title not in text_of(client.get(f"/teachers/?owner={grace.pk}"))
