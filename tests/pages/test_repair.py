"""Answers that a run tries out."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from tests.pages.asking import Form, form_of
from tests.pages.waiting_queue import WaitingQueue
from tutor.lessons import catalogue
from tutor.quizzes.models import Attempt, Response
from tutor.runs.event_store import end_run
from tutor.runs.models import Run
from tutor.runs.versions import version_of

SLUG, ID = "it-ran-twice", "repair-1"
PAGE = f"/lessons/{SLUG}/"

pytestmark = pytest.mark.django_db(transaction=True)


def send(form: Form, knob: str = "retry", value: str = "7") -> str:
    """Change a knob; return what the question shows then."""
    return html.unescape(form.send("answer", **{"knob": knob, f"to-{knob}": value}).content.decode())


def page(client: Client) -> str:
    return html.unescape(client.get(PAGE).content.decode())


def test_an_answer_starts_a_run_with_exactly_that_knob_changed(client: Client, queue: WaitingQueue) -> None:
    shown = send(form_of(client, PAGE, ID))
    [run] = Run.objects.all()
    assert run.knobs == {**catalogue.get(SLUG).defaults, "retry": 7}
    assert (run.lesson, run.interventions, run.session) == (SLUG, [], client.session.session_key)
    assert queue.added == [run.public_id]
    assert f'<a href="{run.get_absolute_url()}">A run</a> tries out “retry (s): 7”' in shown
    [response] = Response.objects.all()
    assert (response.answer, response.is_right, response.run) == ("retry=7", None, run)


def test_until_the_run_has_ended_the_question_waits_and_a_reload_says_so(client: Client, queue: WaitingQueue) -> None:
    send(form_of(client, PAGE, ID))
    assert "tries out" in page(client)
    assert "Wait until it has ended" in send(form_of(client, PAGE, ID), value="6")
    assert Run.objects.count() == 1


def test_a_form_that_is_sent_twice_starts_one_run(client: Client, queue: WaitingQueue) -> None:
    form = form_of(client, PAGE, ID)
    assert all("tries out" in send(form) for _ in range(2))
    assert Run.objects.count() == Response.objects.count() == 1


def test_a_run_that_is_aborted_does_not_count_as_a_try(client: Client, queue: WaitingQueue) -> None:
    send(form_of(client, PAGE, ID))
    end_run(Run.objects.get(), "lost", "Its host was given up.")
    assert "It doesn’t count: answer again." in page(client)
    assert "tries out" in send(form_of(client, PAGE, ID)), "The same change may be tried again."
    assert Run.objects.count() == 2


def test_too_many_runs_are_refused_kindly_and_nothing_is_stored(
    client: Client, queue: WaitingQueue, settings: object
) -> None:
    form = form_of(client, PAGE, ID)
    settings.TUTOR_MAX_WAITING = 0  # type: ignore[attr-defined]
    response = form.send("answer", **{"knob": "retry", "to-retry": "7"})
    assert response.status_code == 429
    assert "The run queue is full." in response.content.decode()
    assert not (Run.objects.exists() or Response.objects.exists() or Attempt.objects.exists())


def test_a_value_out_of_bounds_is_explained_beside_what_was_sent(client: Client, queue: WaitingQueue) -> None:
    assert '<p class="repair__allowed" id="allowed-repair-1-retry">A whole number from 2 to 7</p>' in page(client)
    assert 'aria-describedby="allowed-repair-1-retry"' in page(client)
    response = form_of(client, PAGE, ID).send("answer", **{"knob": "retry", "to-retry": "9"})
    assert "retry (s): “9” isn't a whole number from 2 to 7." in html.unescape(response.content.decode())
    assert response["HX-Reswap"] == "none", "The form keeps what was chosen."


def test_a_switch_is_changed_by_choosing_it(client: Client, queue: WaitingQueue) -> None:
    address = "/lessons/tried-again/"
    shown = client.get(address).content.decode()
    assert '<input type="hidden" name="to-ack_failures" value="yes">' in shown
    assert 'aria-describedby="None"' not in shown
    assert "tries out “ack_failures: yes”" in send(form_of(client, address, ID), "ack_failures", "yes")


@pytest.mark.parametrize("knob", ["", "seconds", "banana"])
def test_a_knob_that_may_not_be_changed_starts_no_run(client: Client, queue: WaitingQueue, knob: str) -> None:
    assert "Choose the knob that you change" in send(form_of(client, PAGE, ID), knob)
    assert not Run.objects.exists()


def test_a_run_that_the_page_shows_is_not_ended_by_an_answer(client: Client, queue: WaitingQueue) -> None:
    lesson = catalogue.get(SLUG)
    run = Run.objects.create(lesson=SLUG, version=version_of(lesson), knobs=lesson.defaults)
    form = form_of(client, f"{run.get_absolute_url()}?step=1", ID)
    assert "Answer when it has ended." in send(form)
    assert Run.objects.count() == 1


def test_the_answer_is_shown_on_request_without_a_run(client: Client, queue: WaitingQueue) -> None:
    shown = html.unescape(form_of(client, PAGE, ID).send("key").content.decode())
    assert "A right answer is “retry (s): 7”." in shown
    assert f'<a href="{PAGE}claim/?of=patient%2Fexecutions%3Areport">See the run that shows it</a>' in shown
    assert "Its case" not in page(client)
    assert not Run.objects.exists()


def test_no_page_says_which_knob_heals_before_it_may(client: Client, queue: WaitingQueue) -> None:
    question = catalogue.get(SLUG).content.repair[0]
    assert question.why not in page(client)
    assert "retry (s): 7" not in page(client)
    assert "of=patient%2Fexecutions%3Areport" not in page(client)
    assert question.misses[0].why not in page(client)
