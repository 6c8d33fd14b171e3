"""Django's ASGI handler, which handles each request in one call of a thread.

Django's own runs each hook of a middleware in a thread by a call of its own, some twenty for a request, and gives each
request a new thread, and so a new database connection. Here, a few threads handle all requests, and keep their
connections (`CONN_MAX_AGE`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.core.signals import request_started
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix
from django.utils.http import parse_header_parameters

THREADS = 4
"""The number of requests of a kind that are handled at once. The others wait, first come, first served."""
READ_WAIT_S, WRITE_WAIT_S = 1.0, 5.0
"""How many seconds a request waits for a locked store. The recording of a run waits longer; see the settings."""
REFUSED_S = 0.1
"""How many seconds a browser waits for the response that refuses what it wanted to be stored. Somebody who forges form
after form waits most of the time, and hardly takes that of others."""
READS = "GET", "HEAD", "OPTIONS"

Message = Mapping[str, Any]


class Request(ASGIRequest):
    """A request whose address is UTF-8, whatever it claims of its body; `tutor.readable` refuses other forms."""

    def _set_content_type_params(self, meta: Mapping[str, str]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class RequestThreads(ASGIHandler):
    """Handles requests in threads. Views are synchronous, and a response is complete before it is sent.

    Requests that may write have threads of their own: while another program locks the store, they wait, and pages are
    served. For SQLite, that is one thread, as it has one writer at a time: requests of several threads would interrupt
    each other, so that each of them takes longer.

    A request whose browser leaves is handled to its end, unless its body is incomplete.
    """

    request_class = Request

    def __init__(self) -> None:
        super().__init__()
        self.reading = ThreadPoolExecutor(THREADS, "reading", wait_for_locks, (READ_WAIT_S,))
        writers = 1 if connection.vendor == "sqlite" else THREADS
        self.writing = ThreadPoolExecutor(writers, "writing", wait_for_locks, (WRITE_WAIT_S,))

    def load_middleware(self, is_async: bool = False) -> None:
        """Load the middleware as functions that a thread calls."""
        super().load_middleware(is_async=False)

    async def handle(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Read a request, have a thread handle it, and send the response."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        scope["received_at"] = time.time()  # The request may wait for its turn; some have a deadline.
        threads = self.reading if scope["method"] in READS else self.writing
        response = await asyncio.get_running_loop().run_in_executor(threads, self.respond, scope, body)
        if threads is self.writing and 400 <= response[0]["status"] < 500:
            await asyncio.sleep(REFUSED_S)
        for message in response:
            await send(message)

    def respond(self, scope: dict[str, Any], body: IO[bytes]) -> list[Message]:
        """Return the messages of the response to a request."""
        with body:
            set_script_prefix(get_script_prefix(scope))
            request_started.send(sender=type(self), scope=scope)
            request, refusal = self.create_request(scope, body)
            response: Any = self.get_response(request) if request else refusal
            response._handler_class = type(self)
            messages = messages_of(response)
            response.close()  # It sends `request_finished`.
        return messages


def wait_for_locks(seconds: float) -> None:
    """Have the database connection of this thread wait for locks for so long."""
    own = connections[DEFAULT_DB_ALIAS]
    options = dict(own.settings_dict["OPTIONS"])
    if own.vendor == "postgresql":
        options["options"] = f"{options.get('options', '')} -c lock_timeout={seconds:g}s"  # The last one counts.
    else:
        options["timeout"] = seconds
    own.settings_dict = {**own.settings_dict, "OPTIONS": options}


def messages_of(response: Any) -> list[Message]:
    """Return the messages of a response that is complete."""
    start = {"type": "http.response.start", "status": response.status_code, "headers": headers_of(response)}
    return [start, {"type": "http.response.body", "body": b"".join(response)}]


def headers_of(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    headers = [(name.encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    cookies = [(b"Set-Cookie", cookie.OutputString().encode("ascii")) for cookie in response.cookies.values()]
    return headers + cookies
