"""Responses that arrive at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from tests.trace.events import lesson
from tutor.quizzes.attempts import Refused, respond
from tutor.quizzes.models import Attempt, Response
from tutor.quizzes.quiz import quiz_of_lesson

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def send_at_once(tokens: list[str], id: str = "1") -> list[int]:
    """Choose an option with each token, all at once; return how many responses are stored then, 0 for one refused."""
    quiz, barrier = quiz_of_lesson(lesson(), None, None), Barrier(len(tokens))

    def send(place: int, token: str) -> int:
        try:
            barrier.wait()
            sent = {"kind": "answer", "option": str(place % 4), "token": token}
            return len(respond(quiz, id, sent, browser="one", address=None))
        except Refused:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tokens)) as threads:
        return list(threads.map(send, range(len(tokens)), tokens))


def test_a_form_that_is_sent_several_times_at_once_is_stored_once() -> None:
    assert send_at_once(["x" * 16] * AT_ONCE) == [1] * AT_ONCE
    assert Attempt.objects.count() == Response.objects.count() == 1


def test_different_forms_at_once_get_no_more_tries_than_one_after_the_other() -> None:
    answered = send_at_once([f"{number:016}" for number in range(AT_ONCE)])
    assert Attempt.objects.count() == 1
    assert Response.objects.filter(is_right=False).count() <= 2
    assert Response.objects.count() == sum(count > 0 for count in answered)


def test_a_response_is_never_changed() -> None:
    attempt = Attempt.objects.create(browser="one", quiz="version/v")
    response = Response.objects.create(attempt=attempt, question="1", kind="hint", token="x" * 16)
    with pytest.raises(TypeError, match="can't be changed"):
        response.save()


def test_the_database_refuses_a_token_twice() -> None:
    attempt = Attempt.objects.create(browser="one", quiz="version/v")
    Response.objects.create(attempt=attempt, question="1", kind="hint", token="x" * 16)
    with pytest.raises(IntegrityError):
        Response.objects.create(attempt=attempt, question="1", kind="hint", token="x" * 16)
