"""The site's HTTP application: the addresses of an operator, and behind them all others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotAllowed

from tutor.request_threads import messages_of

from .counts import count_response
from .metrics import Metrics
from .readiness import PLAIN, Readiness

READS = ["GET", "HEAD"]

Scope = dict[str, Any]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Any, Send], Awaitable[None]]


class Operated:
    """Answers an operator on the event loop, which therefore is alive, and has `pages` answer everybody else.

    The host name isn't checked: a balancer may ask by the address of the machine, and nothing of it is in the answers.
    """

    def __init__(self, pages: Application) -> None:
        self.pages = pages
        self.readiness, self.metrics = Readiness(), Metrics()

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Handle one request."""
        response = await self.response(scope)
        if response is None:
            await self.pages(scope, receive, counting(send))
            return
        response.headers["Cache-Control"] = "no-store"
        for message in messages_of(response):
            await send(message)

    async def response(self, scope: Scope) -> HttpResponse | None:
        """Return the response if this is an address of an operator, otherwise None."""
        name = scope["path"].strip("/")
        if name not in ("live", "ready", "metrics") or (name == "metrics" and not settings.TUTOR_METRICS_TOKEN):
            return None
        if scope["method"] not in READS:
            return HttpResponseNotAllowed(READS)
        if name == "live":
            return HttpResponse("alive\n", content_type=PLAIN)
        if name == "ready":
            return await self.readiness.response()
        return await self.metrics.response(dict(scope["headers"]).get(b"authorization", b"").decode("latin1"))


def counting(send: Send) -> Send:
    """Return `send`, which also counts the response."""

    async def counted(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            count_response(message["status"])
        await send(message)

    return counted
