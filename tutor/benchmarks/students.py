"""Students who answer a quiz that is given, in a process of their own.

    python -m tutor.benchmarks.students PAGE STUDENTS SECONDS

types a name into the page of the quiz in each student's browser, and begins. It prints and reads as
`tutor.benchmarks.answering` does; each student sends answers to `ANSWERS` questions.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import chain
from urllib.parse import urlencode, urlsplit

from .answering import AT_ONCE, COOKIE, Answer, answer_of, answer_on_demand, exchange, values

ANSWERS = 3
"""The number of questions that each student answers. The quiz has at least that many, all on one page."""


class Student:
    """The browser of a student."""

    def __init__(self, page: str) -> None:
        self.page, self.cookies = page, dict[str, str]()

    async def take_part(self, name: str) -> str:
        """Type a name and begin; return the page with the questions, after its cookies."""
        token = values(await self.send(self.page), "csrfmiddlewaretoken")[0]
        for address, form in ((self.page, {"name": name}), (f"{self.page}begin/", {})):
            await self.send(address, urlencode({"csrfmiddlewaretoken": token, **form}))
        questions = await self.send(self.page)
        return "".join(f"set-cookie: {name}={value}\r\n" for name, value in self.cookies.items()) + questions

    async def send(self, address: str, form: str = "") -> str:
        """Send a form, or read a page without one; return the response."""
        parts = urlsplit(address)
        headers = {
            "Host": parts.netloc,
            "Connection": "close",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": self.page,
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": len(form),
        }
        lines = [
            f"{'POST' if form else 'GET'} {parts.path} HTTP/1.1",
            *(f"{name}: {headers[name]}" for name in headers),
        ]
        response = (await exchange(parts.port, "\r\n".join([*lines, "", form]).encode())).decode()
        self.cookies |= dict(each.split("=", 1) for each in COOKIE.findall(response.partition("\r\n\r\n")[0]))
        return response


async def answers_of(page: str, students: int) -> list[Answer]:
    """Have that many students begin; return what each of them is about to send."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def begin(number: int) -> list[Answer]:
        async with turn:
            questions = await Student(page).take_part(f"Student {number}")
        return [answer_of(page, questions, number + each) for each in range(ANSWERS)]

    return list(chain.from_iterable(await asyncio.gather(*map(begin, range(students)))))


def main(page: str, students: str, within_s: str) -> None:
    """Send answers at each line of the standard input."""
    answer_on_demand(asyncio.run(answers_of(page, int(students))), float(within_s))


if __name__ == "__main__":
    main(*sys.argv[1:])
