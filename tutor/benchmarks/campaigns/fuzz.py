"""A campaign of malformed requests and messages: the site answers each of them, and none with an error of its own."""

from __future__ import annotations

import asyncio
import json
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..answering import exchange
from ..served_site import Browser, Site, arrivals, new_site, serving
from .trial import Campaign, Trial

AT_ONCE = 20
SECONDS = 25.0
"""How long the site may take to answer or to close a connection that it doesn't answer."""
MESSAGES_OF = 25
"""The messages that are sent through one websocket, unless the site closes it."""
STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3}) ")
BYTES = bytes(range(256))
WORDS = (
    "run",
    "1",
    "-1",
    "0",
    "99999999999999999999",
    "%00",
    "..",
    "%2e%2e",
    "é",
    "a" * 3000,
    "{}",
    "[]",
    "true",
    "null",
)
METHODS = ("GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "G\x00T")
TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "text/plain; charset=utf-7",
    "application/json; charset=nonsense",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/html; charset=\xff",
    ";;;",
)
HEADERS = ["Cookie", "Accept-Encoding", "HX-Request", "HX-Current-URL", "Referer", "Origin", "Range", "User-Agent"]
HEADERS += ["If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Proto", "Accept-Language", "X-CSRFToken", "Via"]
RARE = ("Expect", "Transfer-Encoding", "Upgrade", "Host", "Content-Encoding")
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="option"; filename="a"\r\n\r\n1\r\n--x--\r\n'


class Noise:
    """Random parts of requests and messages, near to those that pages send."""

    def __init__(self, seed: int, site: Site, run: str, lesson: str) -> None:
        self.random = random.Random(seed)
        self.site, self.run, self.lesson = site, run, lesson
        parts = f"runs/{run} lessons/{lesson} quizzes/{lesson} rooms/ABCDEF teach/secret static/site lectures/x"
        self.known = [f"/{each}/" for each in parts.split()] + ["/", "/lessons/", "/quizzes/", f"/runs/{run}/quiz/1/"]
        self.known += ["/sitemap.xml", "/join/"]
        self.known += [f"/lessons/{lesson}/run/", f"/lessons/{lesson}/quiz/1/", f"/lessons/{lesson}/claim/", "/join/"]
        self.known += [f"/runs/{run}/predict/2/", f"/runs/{run}/card/3.png", f"/quizzes/{lesson}/seed/", "/robots.txt"]

    def pick(self, values: Any) -> Any:
        return self.random.choice(values)

    def junk(self, most: int) -> bytes:
        return bytes(self.random.choices(BYTES, k=self.random.randrange(most)))

    def word(self) -> str:
        return str(self.pick(WORDS)) if self.random.random() < 0.8 else self.junk(30).hex()

    def path(self) -> str:
        path = str(self.pick(self.known))
        if self.random.random() < 0.4:
            parts = path.split("/")
            parts[self.random.randrange(len(parts))] = self.word()
            path = "/".join(parts)
        names = ("step", "line", "style", "case", "edition", "q", "question", "version", "at", self.word())
        path = path if self.random.random() < 0.05 else quote(path)
        query = "&".join(f"{self.pick(names)}={quote(self.word())}" for _ in range(self.random.randrange(4)))
        return f"{path or '/'}?{query}" if query else path or "/"

    def headers(self) -> dict[str, str]:
        found = {"Host": f"127.0.0.1:{self.site.port}", "Connection": "close"}
        for _ in range(self.random.randrange(4)):
            found[self.pick(HEADERS if self.random.random() < 0.99 else RARE)] = self.pick(
                (self.word(), self.word(), "chunked", "gzip, br", self.site.base)
            )
        return found

    def body(self) -> bytes:
        form = "&".join(f"{self.word()}={self.word()}" for _ in range(self.random.randrange(6))).encode()
        return bytes(
            self.pick((b"", form, form, MULTIPART, self.junk(2000), b"[" * 5000, b"a=1&" * 3000, b"x" * 300_000))
        )

    def request(self) -> bytes:
        """Return a request, more or less well formed."""
        if self.random.random() < 0.05:
            return self.junk(400) + b"\r\n\r\n"
        method, headers, body = self.pick(METHODS), self.headers(), b""
        if method == "POST" or self.random.random() < 0.1:
            body = self.body()
            headers["Content-Type"] = self.pick(TYPES)
            headers["Content-Length"] = str(self.pick((*[len(body)] * 30, len(body) + 7, -1, "many")))
        lines = [f"{method} {self.path()} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + body

    def message(self) -> str | bytes:
        """Return a message to a websocket, near to the report of a page."""
        report = {"step": self.value(), "made": self.value(), "line": self.value(), "follow": self.value()}
        report |= {self.word(): self.value() for _ in range(self.random.randrange(3))}
        text = json.dumps(report)
        cut = text[: self.random.randrange(len(text))]
        return self.pick((text, text, text, cut, self.junk(300), "[" * 9000, "x" * 20_000, "", "\x00", '{"a":' * 900))

    def value(self) -> Any:
        return self.pick((0, 1, 2, -1, 10**400, 1.5, "1", "", None, True, [], {}, [[1]] * 9, "x" * 500, self.word()))


def fuzz(tries: int) -> Iterator[Trial]:
    """Send that many requests, and half as many messages, to a site; none is answered by an error of the site's own."""
    with tempfile.TemporaryFile() as log, new_site() as site, serving(site, log=log):
        run = Browser(site).press({})
        arrivals(site, run)
        lesson = Path(site.lesson).name
        yield from asyncio.run(all_of(tries, lambda seed: request(Noise(seed, site, run, lesson))))
        sockets = max(1, tries // 2 // MESSAGES_OF)
        yield from asyncio.run(all_of(sockets, lambda seed: messages(Noise(seed, site, run, lesson))))
        began = time.monotonic()
        Browser(site)  # It still serves pages.
        log.seek(0)
        if tracebacks := log.read().count(b"Traceback"):
            yield Trial(f"{tracebacks} tracebacks are in the log", seconds=time.monotonic() - began)


async def all_of(number: int, send: Callable[[int], Any]) -> list[Trial]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(seed: int) -> list[Trial]:
        async with turn:
            return list(await send(seed))

    return [trial for found in await asyncio.gather(*map(one, range(number))) for trial in found]


async def request(noise: Noise) -> list[Trial]:
    """Send a request; it is answered, or the connection is closed."""
    sent, began = noise.request(), time.monotonic()
    answer = b""
    try:
        async with asyncio.timeout(SECONDS):
            answer = await exchange(noise.site.port, sent)
    except ConnectionError:
        pass  # The site has read enough of it.
    except TimeoutError:
        return [Trial(f"no answer within {SECONDS:g} s to {sent[:80]!r}")]
    status = STATUS.match(answer)
    wrong = f"{status[1].decode()} for {sent[:120]!r}" if status and status[1] >= b"500" else None
    return [Trial(wrong, seconds=time.monotonic() - began)]


async def messages(noise: Noise) -> list[Trial]:
    """Send messages through one websocket until the site closes it. It is closed by no error of the server's own."""
    from websockets.asyncio.client import connect
    from websockets.exceptions import ConnectionClosed

    address = f"ws://127.0.0.1:{noise.site.port}/ws/runs/{noise.run}/"
    origin: Any = noise.site.base
    trials: list[Trial] = []
    began = time.monotonic()
    try:
        async with asyncio.timeout(SECONDS), connect(address, origin=origin, proxy=None, max_size=None) as connection:
            while len(trials) < MESSAGES_OF:
                await connection.send(noise.message())
                trials.append(Trial(seconds=time.monotonic() - began))
    except ConnectionClosed as closed:
        code = closed.rcvd.code if closed.rcvd else 1006
        return [*trials, Trial(f"a websocket was closed with {code}" if code == 1011 else None)]
    except TimeoutError:
        return [*trials, Trial(f"a websocket took more than {SECONDS:g} s")]
    return trials


FUZZ = {"fuzz": Campaign("no request and no message is answered by an error of the site's own", fuzz, tries=10_000)}
