"""Ways to the key of a question, or to a better score, that don't lead there."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.pages.asking import HTMX, Form, form_of, options_of
from tests.recording import SLUG, Recording
from tutor.live.browser_state import BrowserState
from tutor.live.message import message
from tutor.live.page_feed import Lack
from tutor.quizzes.models import Attempt, Response
from tutor.styles.moment import newest_of

pytestmark = pytest.mark.django_db
LESSON = f"/lessons/{SLUG}/"
RIGHT, (WRONG, OTHER, *_) = options_of(SLUG, 1)
CLASS_RIGHT = options_of(SLUG, 0)[0]


@pytest.fixture
def at_run(recording: Recording) -> str:
    """The address of a run that has ended."""
    recording.go_on()
    return f"/runs/{recording.run.public_id}/"


@pytest.fixture
def asked(client: Client, at_run: str) -> Form:
    """The first question at the run."""
    return form_of(client, f"{at_run}?step=1", 1)


def shown_of(client: Client, address: str, id: int | str = 1) -> str:
    """Return a question as a page shows it, without its tokens."""
    text = client.get(address).content.decode()
    start = text.index(f'id="question-{id}"')
    own = text[start : text.index("</form>", start)]
    return html.unescape(re.sub(r'name="(csrfmiddlewaretoken|token)" value="[\w-]+"', "", own))


def tells(text: str) -> bool:
    """Return whether a text tells which option is right, or what is said of one."""
    return bool(re.search(r"option--|Right\.|The answer is|verdict__text|checked", text))


def stored() -> list[bool | None]:
    """Return whether each stored answer was right, the oldest first."""
    return list(Response.objects.filter(kind="answer").values_list("is_right", flat=True))


def test_reading_the_source_of_the_page(client: Client, at_run: str) -> None:
    for address in (LESSON, f"{at_run}?step=6"):
        assert not tells(shown_of(client, address))


def test_reading_the_sources_of_all_styles(client: Client, at_run: str) -> None:
    for style in ("flow", "code", "timeline", "read"):
        assert not tells(shown_of(client, f"{at_run}?style={style}&step=6"))


def test_the_place_of_the_right_option(client: Client, at_run: str) -> None:
    at_lesson, at_run = form_of(client, LESSON, 1).places, form_of(client, f"{at_run}?step=1", 1).places
    assert set(at_lesson) == set(at_run)
    assert re.findall(r'value="(\d)"', shown_of(client, LESSON)) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "trace"])
def test_asking_by_another_method(client: Client, asked: Form, method: str) -> None:
    for query in ("", "?option=0&kind=answer", "?kind=key"):
        answered = getattr(client, method)(asked.address.partition("?")[0] + query)
        assert answered.status_code == 405
        assert not tells(answered.content.decode())
    assert not Attempt.objects.exists()


def test_what_the_server_allows(client: Client, asked: Form) -> None:
    answered = client.options(asked.address)
    assert answered["Allow"] == "POST"
    assert not answered.content


def test_an_address_that_pretends_an_answer(client: Client, at_run: str) -> None:
    for query in ("answer=0", "option=1&kind=answer", "kind=key", "key=1", "solved=1", "responses=1", "question=1"):
        assert not tells(shown_of(client, f"{at_run}?step=1&{query}"))


def test_the_fragments_that_htmx_and_the_cache_get(client: Client, at_run: str) -> None:
    for step in range(1, 7):
        assert "option" not in client.get(f"{at_run}?step={step}", headers=HTMX).content.decode()


def test_listening_to_the_websocket(recording: Recording, at_run: str, client: Client) -> None:
    form_of(client, f"{at_run}?step=1", "class").send("key")
    newest = newest_of(recording.run)
    state = BrowserState(step=0, line=0, follow=True, made=0, ended=False, place=None, edition="")
    for step in range(1, newest.made + 1):
        sent = message(newest, Lack("step_by_step", state, step))
        assert not re.search(r"radio|verdict|option__text|csrf", sent)


def test_reading_what_is_cached_for_somebody_who_knows_it(client: Client, at_run: str) -> None:
    form_of(client, f"{at_run}?step=1", 1).send("key")
    answered = client.get(f"{at_run}?step=1")
    assert "Cookie" in answered["Vary"]
    assert "public" not in answered.get("Cache-Control", "")
    assert not tells(shown_of(Client(), f"{at_run}?step=1"))


def test_the_cache_headers_of_an_answer(asked: Form) -> None:
    answered = asked.send("answer", WRONG)
    assert {"no-store", "private"} <= set(answered["Cache-Control"].split(", "))


def test_sending_the_form_again_with_another_option(asked: Form) -> None:
    asked.send("answer", WRONG)
    again = asked.send("answer", RIGHT)
    assert f"Not “{WRONG}”" in html.unescape(again.content.decode())
    assert stored() == [False]


def test_trying_again_and_again(asked: Form) -> None:
    for number in range(100):
        asked.send("answer", token=f"{number:016}", option=str(number % 4))
    assert len(stored()) <= 3
    assert stored().count(False) <= 2


def test_answering_after_the_key_was_shown(client: Client, asked: Form, at_run: str) -> None:
    asked.send("key")
    refused = form_of(client, f"{at_run}?step=1", 1).send("answer", option="0")
    assert refused.status_code == 409
    assert stored() == []


def test_saying_that_the_answer_is_right(asked: Form) -> None:
    asked.send("answer", WRONG, is_right="true", right="1", solved="1", key="0", sure="1")
    assert stored() == [False]


def test_answering_with_the_words_of_the_right_option(asked: Form) -> None:
    for option in (RIGHT, RIGHT.lower(), f'"{RIGHT}"', "<b>0</b>", "0 or 1", "0,1", "0\n1"):
        assert asked.send("answer", option=option, token="y" * 16).status_code == 422
    assert stored() == []


def test_script_in_an_answer(asked: Form) -> None:
    refused = asked.send("answer", option="<script>alert(1)</script>")
    assert "<script>alert" not in refused.content.decode()


def test_a_forged_browser(client: Client, asked: Form, at_run: str) -> None:
    asked.send("key")
    mine = client.cookies["browser"].value
    forged = Client()
    forged.cookies["browser"] = mine.split(":")[0]
    assert not tells(shown_of(forged, f"{at_run}?step=1"))
    forged.cookies["browser"] = mine.replace(mine[0], "A" if mine[0] != "A" else "B", 1)
    assert not tells(shown_of(forged, f"{at_run}?step=1"))


def test_another_browsers_token(client: Client, asked: Form, at_run: str) -> None:
    other = Client()
    theirs = form_of(other, f"{at_run}?step=1", 1)
    theirs.send("answer", WRONG)
    asked.send("answer", OTHER, token=theirs.token)
    assert sorted(Attempt.objects.values_list("responses__is_right", flat=True)) == [False, False]
    assert f"Not “{OTHER}”" not in shown_of(other, f"{at_run}?step=1")


@pytest.mark.parametrize("id", ["0", "4", "99", "-1", "class2", "predict-1", "gen-status-queued", "1%00", "1/../2"])
def test_a_question_that_is_not_asked_here(client: Client, asked: Form, id: str) -> None:
    address = asked.address.replace("/quiz/1/", f"/quiz/{id}/")
    answered = client.post(address, {"token": "z" * 16, "kind": "key"})
    assert answered.status_code == 404
    assert not tells(answered.content.decode())


def test_the_key_at_another_run(client: Client, asked: Form, at_run: str) -> None:
    """What a browser was told elsewhere isn't an answer here: the score of this run is that of its own answers."""
    form_of(client, LESSON, 1).send("key")
    assert not tells(shown_of(client, f"{at_run}?step=1"))


def test_the_page_of_the_claim_that_a_question_is_about(client: Client, at_run: str) -> None:
    text = client.get(f"{at_run}?step=1").content.decode()
    assert "claim/?of=" not in text[text.index('id="quiz"') : text.index('id="quiz-result"')]


def test_the_number_of_questions_to_the_store(client: Client, at_run: str) -> None:
    """A right answer takes as many as a wrong one, so that time tells nothing before the response does."""
    counts = []
    for option in (RIGHT, WRONG):
        browser = Client()
        form = form_of(browser, f"{at_run}?step=1", 1)
        with CaptureQueriesContext(connection) as queries:
            form.send("answer", option)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_hints_that_say_the_answer(asked: Form) -> None:
    for number in range(2):
        said = html.unescape(asked.send("hint", token=f"{number:016}").content.decode())
        assert not re.search(rf"verdict.*\b{re.escape(RIGHT)}\b", said, re.DOTALL)


def test_changing_an_answer_in_the_store_by_the_models(asked: Form) -> None:
    asked.send("answer", WRONG)
    response = Response.objects.get()
    response.is_right = True
    with pytest.raises(TypeError):
        response.save()


@pytest.mark.parametrize("seed", ["abc234", "abc235"])
def test_another_seed(client: Client, seed: str) -> None:
    """Each seed has a quiz of its own: what was answered in another one neither shows nor counts."""
    page = f"/quizzes/{SLUG}/{seed}/"
    text = client.get(page).content.decode()
    assert not tells(
        text[text.index('<form class="question"') : text.index("</form>", text.index('<form class="question"'))]
    )
    other = f"/quizzes/{SLUG}/{'abc236' if seed == 'abc234' else 'abc234'}/"
    ids = re.findall(r"\?question=([\w-]+)#", client.get(other).content.decode())
    form_of(client, f"{other}?question={ids[0]}", ids[0]).send("key")
    states = [
        set(re.findall(r'aria-label="Question \d+: (\w+)"', client.get(each).content.decode()))
        for each in (page, other)
    ]
    assert states == [{"open"}, {"open", "wrong"}]


@pytest.mark.parametrize("seed", ["ABC234", "abc23", "abc2345", "abc23é", "..%2F..", "' OR 1=1"])
def test_a_seed_that_nobody_was_given(client: Client, seed: str) -> None:
    assert client.get(f"/quizzes/{SLUG}/{seed}/").status_code == 404


def test_no_address_of_a_page_with_questions_has_an_answer_in_it(client: Client, at_run: str) -> None:
    text = client.get(f"{at_run}?step=1").content.decode()
    addresses = [html.unescape(each) for each in re.findall(r'(?:href|action|src)="([^"]*)"', text)]
    assert not [each for each in addresses if RIGHT in each or CLASS_RIGHT in each]
    assert all(not urlsplit(each).fragment.startswith("key") for each in addresses)
