"""Browsers that answer questions of a quiz or of a class, in a process of their own.

    python -m tutor.benchmarks.answering PAGE BROWSERS SECONDS

loads the page of a run or of a class in each browser, and prints an empty line. At each line of its input, a port, each
browser sends its answer to that port at some moment within SECONDS, as the page does. When half of the answers are
acknowledged, it prints an empty line. When all are, it prints a JSON object with their tokens and the milliseconds that
each request took. It ends when its input does.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from ssl import SSLContext
from urllib.parse import urlencode, urlsplit

RETRY_S, END_S = 2.0, 120.0
"""Seconds after which a browser repeats a request that wasn't acknowledged, and after which this process gives up."""
ONE_OF = 20
"""One browser in this many sends its answer twice at the same time, and another one is cut off halfway through it."""
AT_ONCE = 10
"""The pages that are loaded at the same time."""
ADDRESS = "127.0.0.1"
OK = b"HTTP/1.1 200 "
COOKIE = re.compile(r"^set-cookie: ([^;\r]+)", re.IGNORECASE | re.MULTILINE)
FORM = re.compile(r'<form class="(?:question" id="question-[1-9]|answers").*?</form>', re.DOTALL)
BROWSER = re.compile(r"^set-cookie: browser=([\w-]+)", re.IGNORECASE | re.MULTILINE)
HIDDEN = ("csrfmiddlewaretoken", "token", "question", "round")
"""The hidden fields of the form. A class counts by the id of the browser, and has no token."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that a browser sends."""

    token: str
    """What identifies it in the store."""
    head: bytes
    body: bytes


@dataclass(slots=True)
class Sending:
    """What has come of the answers so far."""

    total: int
    tokens: list[str] = field(default_factory=list)
    """Those of the acknowledged answers."""
    ms: list[float] = field(default_factory=list)

    def acknowledge(self, answer: Answer) -> None:
        self.tokens.append(answer.token)
        if len(self.tokens) == -(-self.total // 2):
            print(flush=True)


async def loaded(page: str, browsers: int) -> list[Answer]:
    """Load the page in that many browsers, and return what each of them is about to send."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def load(number: int) -> Answer:
        async with turn:
            return answer_of(page, (await exchange(urlsplit(page).port, get(page))).decode(), number)

    return await asyncio.gather(*map(load, range(browsers)))


def get(page: str) -> bytes:
    address = urlsplit(page)
    return f"GET {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n".encode()


def answer_of(page: str, response: str, number: int) -> Answer:
    """Return the answer of a browser to one of the questions on a page that it has loaded."""
    address, forms = urlsplit(page), FORM.findall(response)
    form = forms[number % len(forms)]
    options = values(form, "option")
    fields = {name: found[0] for name in HIDDEN if (found := values(form, name))}
    body = urlencode({**fields, "option": options[number % len(options)], "kind": "answer", "do": "answer"}).encode()
    headers = {
        "Host": address.netloc,
        "Connection": "close",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": len(body),
        "Accept": "*/*" if "token" in fields else "text/plain",
        "Accept-Encoding": "gzip, deflate, br",
        "Cookie": "; ".join(COOKIE.findall(response)),
        "HX-Request": "true",
        "HX-Current-URL": page,
        "Origin": f"{address.scheme}://{address.netloc}",
        "Referer": page,
    }
    target = unescape(re.findall(r'(?:hx-post|action)="([^"]+)"', form)[0])
    lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "\r\n"]
    return Answer(fields.get("token") or BROWSER.findall(response)[0], "\r\n".join(lines).encode(), body)


def values(form: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}"(?: id="[^"]+")? value="([^"]+)"', form)


async def send_all(answers: Sequence[Answer], port: int, within_s: float) -> Sending:
    """Have each browser send its answer at some moment, the same ones each time, until all are acknowledged."""
    moments, sending = random.Random(len(answers)), Sending(len(answers))
    async with asyncio.timeout(END_S):
        await asyncio.gather(
            *[
                send(answer, port, moments.uniform(0, within_s), number, sending)
                for number, answer in enumerate(answers)
            ]
        )
    return sending


async def send(answer: Answer, port: int, moment: float, number: int, sending: Sending) -> None:
    """Send an answer until it is acknowledged."""
    await asyncio.sleep(moment)
    if number % ONE_OF == 1:
        await cut_off(answer, port)
    times = 2 if number % ONE_OF == 0 else 1
    while not any(await asyncio.gather(*[request(answer, port, sending) for _ in range(times)])):
        await asyncio.sleep(RETRY_S)
    sending.acknowledge(answer)


async def cut_off(answer: Answer, port: int) -> None:
    """Close the connection when half of the body is sent; do nothing if the server has gone."""
    with suppress(OSError):
        _, writer = await asyncio.open_connection(ADDRESS, port)
        writer.write(answer.head + answer.body[: len(answer.body) // 2])
        await writer.drain()
        writer.close()


async def request(answer: Answer, port: int, sending: Sending) -> bool:
    """Send an answer once; return whether it is acknowledged. Raise ValueError if it is refused."""
    began = time.perf_counter()
    try:
        response = await exchange(port, answer.head + answer.body)
    except OSError:
        return False
    if not response:
        return False
    sending.ms.append((time.perf_counter() - began) * 1000)
    if not response.startswith(OK):
        raise ValueError(f"An answer was refused: {response[:40]!r}")
    return True


async def exchange(port: int | None, request: bytes, ssl: SSLContext | None = None) -> bytes:
    """Send a request on a connection of its own; return the response, which is empty if the server has gone."""
    reader, writer = await asyncio.open_connection(ADDRESS, port, ssl=ssl)
    try:
        writer.write(request)
        return await reader.read()
    finally:
        writer.close()


def answer_on_demand(answers: Sequence[Answer], within_s: float) -> None:
    """Send answers at each line of the standard input."""
    print(flush=True)
    for port in sys.stdin:
        sent = asyncio.run(send_all(answers, int(port), within_s))
        print(json.dumps({"tokens": sent.tokens, "ms": sent.ms}), flush=True)


def main(page: str, browsers: str, within_s: str) -> None:
    """Load the page in the browsers, and send their answers."""
    answer_on_demand(asyncio.run(loaded(page, int(browsers))), float(within_s))


if __name__ == "__main__":
    main(*sys.argv[1:])
