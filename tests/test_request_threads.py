from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from tutor import request_threads
from tutor.request_threads import READ_WAIT_S, THREADS, WRITE_WAIT_S, RequestThreads

TIMEOUT_S = 20
PIECE = {"type": "http.request", "body": b"piece ", "more_body": True}
REST = {"type": "http.request", "body": b"rest", "more_body": False}
GONE = {"type": "http.disconnect"}

seen: list[str] = []
"""The threads, by name, that a view or a signal ran in."""
entered, leave = threading.Event(), threading.Event()


def echo(request: HttpRequest) -> HttpResponse:
    seen.append(threading.current_thread().name)
    return HttpResponse(b"You sent: " + request.body)


def wait(request: HttpRequest) -> HttpResponse:
    entered.set()
    assert leave.wait(TIMEOUT_S)
    return echo(request)


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("A view failed.")


def refuse(request: HttpRequest) -> HttpResponse:
    seen.append(threading.current_thread().name)
    return HttpResponse("It isn't yours.", status=409)


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter([b"one ", b"two"]))


def cookies(request: HttpRequest) -> HttpResponse:
    response = HttpResponse()
    response.set_cookie("first", "1")
    response.set_cookie("second", "2")
    return response


def database(request: HttpRequest) -> HttpResponse:
    connection.ensure_connection()
    return HttpResponse(str(id(connection.connection)))


def query(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.GET["q"])


views = echo, wait, fail, refuse, stream, cookies, database, query
urlpatterns = [path(f"{view.__name__}/", csrf_exempt(view)) for view in views]
handler500 = "django.views.defaults.server_error"


class CountingThread(ThreadPoolExecutor):
    """One thread, which counts its calls."""

    calls = 0

    def submit(self, *args: Any, **names: Any) -> Future[Any]:
        self.calls += 1
        return super().submit(*args, **names)


class Exchange:
    """A request, what the handler receives of it, and what it sends."""

    def __init__(self, address: str, *, query: bytes = b"") -> None:
        headers = [(b"host", b"127.0.0.1")]
        self.scope = {"type": "http", "method": "POST", "path": address, "query_string": query, "headers": headers}
        self.received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[dict[str, Any]] = []

    async def run(self, handler: RequestThreads, *messages: dict[str, Any]) -> Exchange:
        for message in messages:
            self.received.put_nowait(message)
        async with asyncio.timeout(TIMEOUT_S):
            await handler(self.scope, self.received.get, self.send)
        return self

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def content(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])

    def headers(self, name: bytes) -> list[bytes]:
        return [value for each, value in self.sent[0]["headers"] if each == name]


@pytest.fixture(autouse=True)
def urls(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    seen.clear()
    entered.clear()
    leave.clear()


@pytest.fixture
async def handler() -> AsyncIterator[RequestThreads]:
    handler = RequestThreads()
    handler.reading = handler.writing = CountingThread(1, thread_name_prefix="the only one")
    yield handler
    await asyncio.get_running_loop().run_in_executor(handler.reading, connections.close_all)
    handler.reading.shutdown()


@pytest.fixture
def signals() -> Any:
    """Count the signals at the start and the end of requests, and note their threads."""
    counts: Counter[str] = Counter()

    def counting(name: str) -> Callable[..., None]:
        def receive(**names: Any) -> None:
            counts[name] += 1
            seen.append(threading.current_thread().name)

        return receive

    started, finished = counting("started"), counting("finished")
    request_started.connect(started)
    request_finished.connect(finished)
    yield counts
    request_started.disconnect(started)
    request_finished.disconnect(finished)


async def test_a_request_is_handled_in_one_call_of_a_thread_through_all_middleware(
    handler: RequestThreads, signals: Counter[str]
) -> None:
    exchange = await Exchange("/echo/").run(handler, PIECE, REST)
    assert (exchange.status, exchange.content) == (200, b"You sent: piece rest")
    assert exchange.headers(b"X-Frame-Options") == [b"DENY"] and exchange.headers(b"Content-Security-Policy")
    assert handler.reading.calls == 1 and seen == ["the only one_0"] * 3
    assert signals == {"started": 1, "finished": 1}


async def test_an_exception_in_a_view_is_the_page_for_errors(handler: RequestThreads, signals: Counter[str]) -> None:
    exchange = await Exchange("/fail/").run(handler, REST)
    assert exchange.status == 500 and b"Task Tutor" in exchange.content
    assert signals == {"started": 1, "finished": 1}


async def test_an_address_that_can_not_be_decoded_is_a_bad_request(handler: RequestThreads) -> None:
    assert (await Exchange("/echo/", query=b"\xff").run(handler, REST)).status == 400


@pytest.mark.parametrize("charset", [b"utf-16", b"rot13", b"hex", b"idna", b"undefined", b"\0"])
async def test_an_address_is_utf_8_whatever_the_request_claims_of_its_body(
    handler: RequestThreads, charset: bytes
) -> None:
    exchange = Exchange("/query/", query=b"q=caf%C3%A9")
    exchange.scope["method"] = "GET"
    exchange.scope["headers"].append((b"content-type", b"multipart/form-data; boundary=x; charset=" + charset))
    await exchange.run(handler, REST)
    assert exchange.content.decode() == "café"
    exchange.scope["method"] = "POST"
    assert (await exchange.run(handler, REST)).sent[2]["status"] == 400


async def test_a_request_whose_body_is_cut_off_reaches_no_view(handler: RequestThreads) -> None:
    exchange = await Exchange("/echo/").run(handler, PIECE, GONE)
    assert not exchange.sent and not seen


async def test_a_page_is_served_while_as_many_requests_as_there_are_threads_wait_to_write() -> None:
    handler = RequestThreads()
    writing = [asyncio.create_task(Exchange("/wait/").run(handler, REST)) for _ in range(THREADS)]
    assert await asyncio.to_thread(entered.wait, TIMEOUT_S)
    page = Exchange("/query/", query=b"q=page")
    page.scope["method"] = "GET"
    await page.run(handler, REST)
    assert page.content == b"page" and not any(each.done() for each in writing)
    leave.set()
    await asyncio.gather(*writing)
    for threads in (handler.reading, handler.writing):
        threads.shutdown()


@pytest.mark.django_db(transaction=True)
def test_pages_wait_shorter_for_a_locked_store_than_what_writes() -> None:
    handler = RequestThreads()
    seconds = [threads.submit(patience_s).result(TIMEOUT_S) for threads in (handler.reading, handler.writing)]
    assert seconds == [READ_WAIT_S, WRITE_WAIT_S]
    assert patience_s() > WRITE_WAIT_S, "recording a run waits longer"


def patience_s() -> float:
    """The seconds for which the connection of this thread waits for a lock."""
    connection.close()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setting FROM pg_settings WHERE name = 'lock_timeout'")
        else:
            cursor.execute("PRAGMA busy_timeout")
        (milliseconds,) = cursor.fetchone()
    connection.close()
    return int(milliseconds) / 1000


async def test_a_request_whose_browser_leaves_is_handled_to_its_end(handler: RequestThreads) -> None:
    exchange = Exchange("/wait/")
    handling = asyncio.create_task(exchange.run(handler, REST))
    assert await asyncio.to_thread(entered.wait, TIMEOUT_S)
    exchange.received.put_nowait(GONE)
    leave.set()
    await handling
    assert seen == ["the only one_0"]
    assert (await Exchange("/echo/").run(handler, REST)).status == 200


async def test_a_response_that_streams_is_sent_whole(handler: RequestThreads) -> None:
    assert (await Exchange("/stream/").run(handler, REST)).content == b"one two"


async def test_a_static_file_is_sent(handler: RequestThreads) -> None:
    exchange = Exchange(f"{settings.STATIC_URL}site/site.css")
    exchange.scope["method"] = "GET"
    await exchange.run(handler, REST)
    assert exchange.headers(b"Content-Length") == [str(len(exchange.content)).encode()]
    assert exchange.status == 200 and b"@import" in exchange.content


async def test_each_cookie_has_a_header_of_its_own(handler: RequestThreads) -> None:
    exchange = await Exchange("/cookies/").run(handler, REST)
    assert exchange.headers(b"Set-Cookie") == [b"first=1; Path=/", b"second=2; Path=/"]


@pytest.mark.django_db(transaction=True)
async def test_the_requests_of_a_thread_share_a_database_connection(handler: RequestThreads) -> None:
    first, second = [await Exchange("/database/").run(handler, REST) for _ in range(2)]
    assert first.content == second.content


async def test_whoever_sends_what_is_refused_waits_for_that_and_keeps_nobody_waiting(
    handler: RequestThreads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_threads, "REFUSED_S", 2 * TIMEOUT_S)
    forged = [asyncio.create_task(Exchange("/refuse/").run(handler, REST)) for _ in range(2 * THREADS)]
    while len(seen) < len(forged):
        await asyncio.sleep(0)
    assert (await Exchange("/echo/").run(handler, REST)).status == 200
    assert not any(each.done() for each in forged)
    for each in forged:
        each.cancel()
    await asyncio.wait(forged)


async def test_what_is_refused_is_answered_in_the_end(handler: RequestThreads) -> None:
    assert (await Exchange("/refuse/").run(handler, REST)).status == 409
