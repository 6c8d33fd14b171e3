"""What the benchmark of answers sends, and what it counts."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.test import Client

from tests.recording import SLUG
from tutor.benchmarks import answering
from tutor.benchmarks.answering import ONE_OF, Answer, Sending, answer_of, send_all
from tutor.benchmarks.answers import stored_once
from tutor.benchmarks.served_site import Site
from tutor.quizzes.models import Response

ANSWERS = [Answer(f"{number:016}", b"", f"{number:016}".encode()) for number in range(ONE_OF)]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "RETRY_S", 0)


async def sent_to(responses: Iterator[bytes]) -> tuple[Sending, Counter[bytes]]:
    """Send the answers to a server with these responses; return what came of them, and what it has received."""
    received: Counter[bytes] = Counter()

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received[body := await reader.read(100)] += 1
        if len(body) == len(ANSWERS[0].body):
            writer.write(next(responses))
        writer.close()

    async with await asyncio.start_server(respond, "127.0.0.1", 0) as server:
        sending = await send_all(ANSWERS, server.sockets[0].getsockname()[1], within_s=0)
    return sending, received


@pytest.mark.django_db
def test_a_browser_sends_what_the_form_of_a_question_sends() -> None:
    address = f"http://testserver/lessons/{SLUG}/"
    page = Client().get(address)
    cookies = "".join(f"{each}\r\n" for each in page.cookies.values())
    answer = answer_of(address, cookies + page.content.decode(), 0)
    request, *lines = answer.head.decode().strip().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    client, form = Client(enforce_csrf_checks=True), headers["Content-Type"]
    shown = client.post(request.split()[1], answer.body.decode(), content_type=form, headers=headers)
    assert shown.status_code == 200
    stored = Response.objects.get()
    assert (stored.question, stored.kind, stored.token) == ("1", "answer", answer.token)
    assert "browser" not in shown.cookies


async def test_of_twenty_answers_one_is_sent_twice_and_one_is_cut_off_before_it_is_sent() -> None:
    sending, received = await sent_to(iter(lambda: b"HTTP/1.1 200 OK\r\n\r\n", b""))
    twice, cut, *others = ANSWERS
    assert received == Counter({twice.body: 2, cut.body[:8]: 1, cut.body: 1, **{each.body: 1 for each in others}})
    assert sorted(sending.tokens) == [each.token for each in ANSWERS]
    assert len(sending.ms) == ONE_OF + 1


async def test_an_answer_without_a_response_is_repeated_until_it_is_acknowledged() -> None:
    lost = [b""] * 30
    sending, received = await sent_to(iter([*lost, *[b"HTTP/1.1 200 OK\r\n\r\n"] * 2 * ONE_OF]))
    assert sorted(sending.tokens) == [each.token for each in ANSWERS]
    cut_off = 1
    assert len(sending.ms) == received.total() - cut_off - len(lost)


async def test_an_answer_that_is_refused_is_an_error() -> None:
    with pytest.raises(ValueError, match="refused: b'HTTP/1.1 403 Forbidden"):
        await sent_to(iter(lambda: b"HTTP/1.1 403 Forbidden\r\n\r\n", b""))


def test_an_answer_counts_if_it_is_stored_exactly_once(tmp_path: Path) -> None:
    site = Site(tmp_path, 0)
    with closing(sqlite3.connect(site.path)) as store, store:
        store.execute("CREATE TABLE quizzes_response (token)")
        store.executemany("INSERT INTO quizzes_response VALUES (?)", [("once",), ("twice",), ("twice",)])
    assert stored_once(site, ["once", "twice", "never"]) == 1
