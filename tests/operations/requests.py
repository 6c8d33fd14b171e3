"""Requests as a server hands them to the site's HTTP application."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from tutor.operations.application import Operated

PATIENCE_S = 30


@dataclass
class Answer:
    """What the application sends."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    text: str = ""

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.text += message["body"].decode()


async def refused(scope: Any, receive: Any, send: Any) -> None:
    """Answer as pages that have nothing at any address."""
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b"no page"})


async def ask(site: Any, path: str, *, method: str = "GET", **headers: str) -> Answer:
    """Send a request without a body. By default, it asks by the address of the machine, as balancers do."""
    sent = [(name.encode(), value.encode("latin1")) for name, value in {"host": "10.0.0.7", **headers}.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": sent}
    answer = Answer()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async with asyncio.timeout(PATIENCE_S):
        await site(scope, receive, answer.send)
    return answer


def new_site(pages: Any = refused) -> Operated:
    """Return a site that has asked nothing yet."""
    return Operated(pages)
