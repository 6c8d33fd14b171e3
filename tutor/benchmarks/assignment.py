"""Students who answer a teacher’s quiz: how long an answer takes, that each is stored once, and the clock."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from .answers import TIMES, bare_site, send, stored_once
from .figures import Figure, against, all_of, below, p95
from .lesson import measured_lesson
from .measured_process import Process
from .served_site import TIMEOUT_S, Browser, Site, new_site, served_site, serving
from .students import ANSWERS

STUDENTS, WITHIN_S = 200, 6.0
"""How many take part, and the seconds within which they answer, each at some moments."""
TURNS = 3
"""How often students answer at most, others each time."""
MINUTES = 30
"""The time of a student."""
LEFT = re.compile(r'data-left-s="(\d+)"')
INEXACT_S = 3.0
"""By how much two looks at the time that is left may differ: pages say it in whole seconds."""


@dataclass(frozen=True, slots=True)
class Given:
    """A quiz that is given at a site."""

    site: Site
    secret: str
    code: str

    @property
    def page(self) -> str:
        return f"{self.site.base}/q/{self.code}/"


def assignment(rounds: int) -> Iterator[Figure]:
    """From sending an answer to the response, with the results open, beside a bare view that writes one row."""
    ours, bare, stored = [], [], []
    with served_site() as site, bare_site() as port:
        for _ in range(max(1, min(rounds, TURNS))):
            quiz = given(site)  # A new one each time: the number of its students at one address is limited.
            with students_of(quiz) as students, results_of(quiz):
                bare += send(students, port)["ms"]
                sent = send(students, site.port)
            ours += sent["ms"]
            stored.append(stored_once(site, sent["tokens"]))
    total = STUDENTS * ANSWERS
    name = f"{total} answers of {STUDENTS} students to a teacher’s quiz within {WITHIN_S:g} s"
    yield against(f"{name}: to the response, against a bare view", "ms", ours, bare)
    yield below("p95 of an answer against the bare view's", "×", [p95(ours) / p95(bare)], TIMES)
    yield all_of(f"{name}, some sent twice or cut off: acknowledged, and stored once", min(stored), total)
    kept, same = after_kill()
    yield all_of("the same with the site killed in the middle, and started again", kept, total)
    yield all_of("students whose time ends when it would have ended without that", same, STUDENTS)


def after_kill() -> tuple[int, int]:
    """Kill the site when half of the answers are acknowledged, and start it again.

    Return how many of all answers are stored once in the end, and how many students have as much time as before.
    """
    with new_site() as site, ExitStack() as ending:
        with serving(site) as process:
            quiz = given(site)
            students = ending.enter_context(students_of(quiz))
            looking = Browser(site, quiz.page)
            looking.post(quiz.page, {"name": "Somebody who looks at the clock"})
            looking.post(f"{quiz.page}begin/", {})
            end, begun = end_of_time(looking), begun_in(site)
            students.ask(str(site.port))
            process.kill()
        with serving(site):
            sent = json.loads(students.read())
            is_same = abs(end_of_time(looking) - end) < INEXACT_S
            same = sum(began == begun_in(site).get(student) for student, began in begun.items()) - 1
            return stored_once(site, sent["tokens"]), same if is_same else 0


def given(site: Site) -> Given:
    """Give a quiz about the measured lesson, and wait until its questions are made."""
    teacher = Browser(site, f"{site.base}/give/")
    closes = datetime.now(UTC) + timedelta(days=1)
    form = {"title": "Week 3", "lessons": measured_lesson().slug, "kinds": "choice", "number": "10", "tries": "2"}
    how = {"variants": "one", "order": "same", "feedback": "now", "one_by_one": "0", "minutes": str(MINUTES)}
    page = teacher.post(f"{site.base}/give/", {**form, **how, "closes_at": closes.strftime("%Y-%m-%dT%H:%M")})
    secret, until = page.rstrip("/").rpartition("/")[2], time.monotonic() + TIMEOUT_S
    query = "SELECT code FROM assignments_assignment WHERE ready_at IS NOT NULL AND secret = ?"
    while not (code := site.read(query, secret)):
        if time.monotonic() > until:
            raise TimeoutError("The questions of a quiz were not made.")
        time.sleep(0.05)
    return Given(site, secret, str(code[0][0]))


@contextmanager
def students_of(quiz: Given) -> Iterator[Process]:
    """Yield the process of students who have begun."""
    with Process("students", quiz.page, str(STUDENTS), str(WITHIN_S)) as students:
        students.read()
        yield students


@contextmanager
def results_of(quiz: Given) -> Iterator[None]:
    """Have the teacher's page open, which gets the results as they come."""
    from websockets.sync.client import connect

    origin: Any = quiz.site.base
    address = f"ws://127.0.0.1:{quiz.site.port}/ws/given/{quiz.secret}/"
    with connect(address, origin=origin, proxy=None, max_size=None) as socket:
        threading.Thread(target=list, args=(socket,), daemon=True).start()
        yield


def begun_in(site: Site) -> Mapping[int, str]:
    """Return student → when they began."""
    return dict(site.read("SELECT id, begun_at FROM assignments_student"))


def end_of_time(browser: Browser) -> float:
    """Return when the time of a student ends as their page says it, in seconds of a clock."""
    with browser.opener.open(browser.address, timeout=TIMEOUT_S) as page:
        found = LEFT.search(page.read().decode())
    assert found
    return time.monotonic() + int(found[1])
